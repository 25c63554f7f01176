// The messages of NTLM that we write (MS-NLMP sections 2.2.1.1 and 2.2.1.3).
import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { type NtlmV2Response, utf16 } from './ntlm-response.ts';

/** Who logs in, divided as NTLM has it. */
export interface NtlmAccount {
  readonly user: string;
  readonly domain: string;
}

const SIGNATURE = Buffer.from('NTLMSSP\0', 'latin1');
// Unicode, the target's name, NTLM, always sign, extended session security, target info (section 2.2.2.5).
const FLAGS = 0x00000001 | 0x00000004 | 0x00000200 | 0x00008000 | 0x00080000 | 0x00800000;
// Signature, type, six fields, flags, version, MIC.
const HEADER_BYTES = 88;
const MIC_AT = 72;

/** `DOMAIN\user` in its two parts; `user@domain` is a user principal name and stays whole. */
export function ntlmAccountOf(username: string): NtlmAccount {
  const at = username.indexOf('\\');
  if (at < 0) return { user: username, domain: '' };
  return { user: username.slice(at + 1), domain: username.slice(0, at) };
}

/** The first message: what we can do. */
export function negotiateMessage(): Buffer {
  const message = Buffer.alloc(32);
  SIGNATURE.copy(message);
  message.writeUInt32LE(1, 8);
  message.writeUInt32LE(FLAGS, 12);
  return message;
}

/** The last message: the proof. `before` are the two messages that a MIC binds to it. */
export function authenticateMessage(
  { user, domain }: NtlmAccount,
  { lm, nt, sessionKey, hasMic }: NtlmV2Response,
  serverFlags: number,
  before: { readonly negotiate: Uint8Array; readonly challenge: Uint8Array },
): Uint8Array {
  const workstation = utf16('');
  const header = Buffer.alloc(HEADER_BYTES);
  SIGNATURE.copy(header);
  header.writeUInt32LE(3, 8);
  let offset = HEADER_BYTES;
  const payload = [lm, nt, utf16(domain), utf16(user), workstation, Buffer.alloc(0)];
  for (const [i, value] of payload.entries()) {
    const at = 12 + 8 * i;
    header.writeUInt16LE(value.length, at);
    header.writeUInt16LE(value.length, at + 2);
    header.writeUInt32LE(offset, at + 4);
    offset += value.length;
  }
  header.writeUInt32LE((serverFlags & FLAGS) >>> 0, 60);
  const message = Buffer.concat([header, ...payload]);
  if (hasMic) {
    const mic = createHmac('md5', sessionKey)
      .update(before.negotiate)
      .update(before.challenge)
      .update(message)
      .digest();
    mic.copy(message, MIC_AT);
  }
  return message;
}
