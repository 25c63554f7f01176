// Where a message stands in its conversation, as Outlook counts it (MS-OXOMSG section 2.2.1.3).
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';

const HEAD_BYTES = 22;

/**
 * The index of a message that has none: a head of the time and of what all messages of the conversation have in common,
 * its oldest Message-ID or else its topic.
 */
export function makeConversationIndex(conversation: string, fileTime: bigint): Uint8Array {
  const index = Buffer.alloc(HEAD_BYTES);
  // The reserved octet is the first of the time too: the upper six octets of a FILETIME begin with it.
  index.writeUIntBE(Number(BigInt.asUintN(64, fileTime) >> 16n), 0, 6);
  index[0] = 1;
  createHash('md5').update(conversation.toLowerCase()).digest().copy(index, 6);
  return index;
}
