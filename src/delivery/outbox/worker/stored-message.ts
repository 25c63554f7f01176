// A message as it comes out of the store: read back whole, or by way of a file when it is large, and sent only when it is what
// was put there.
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { OutboxError } from '../../../base/index.ts';
import { concatBytes } from '../../../base/internal.ts';
import { MailMessage } from '../../../message/index.ts';
import type { StoredRecord } from '../record.ts';
import type { Claim, OutboxStore } from '../store.ts';

// Up to this a message is in memory while it is sent.
const IN_MEMORY_BYTES = 1_048_576;

/** A message on its way out. */
export interface StoredMessage {
  readonly message: MailMessage;
  /** Lets go of the file it is in, when it is in one. */
  release(): Promise<void>;
}

/** The message of a claim. Throws an `OutboxError` `OUTBOX_DAMAGED` when it is not what was stored. */
export async function storedMessage(
  store: OutboxStore,
  claim: Claim,
  record: StoredRecord,
): Promise<StoredMessage> {
  if (claim.content) return inMemory(claim.content, claim, record);
  if (record.size > IN_MEMORY_BYTES) return await inFile(store, claim, record);
  const pieces: Uint8Array[] = [];
  for await (const piece of store.content(claim.id)) pieces.push(piece);
  return inMemory(concatBytes(pieces), claim, record);
}

function inMemory(bytes: Uint8Array, { id }: Claim, record: StoredRecord): StoredMessage {
  check({ size: bytes.length, crc: crc32(bytes) }, record, id);
  return { message: MailMessage.parse(bytes), release: async () => undefined };
}

async function inFile(
  store: OutboxStore,
  { id }: Claim,
  record: StoredRecord,
): Promise<StoredMessage> {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-'));
  const release = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, 'message.eml');
    const found = { size: 0, crc: 0 };
    await pipeline(
      Readable.from(counted(store.content(id), found)),
      createWriteStream(path, { mode: 0o600 }),
    );
    check(found, record, id);
    return { message: await MailMessage.load(path), release };
  } catch (error) {
    await release();
    throw error;
  }
}

interface Tally {
  size: number;
  crc: number;
}

async function* counted(
  pieces: AsyncIterable<Uint8Array>,
  tally: Tally,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    tally.size += piece.length;
    tally.crc = crc32(piece, tally.crc);
    yield piece;
  }
}

function check(found: Tally, { size, crc }: StoredRecord, id: string): void {
  if (found.size === size && found.crc === crc) return;
  throw new OutboxError(
    'OUTBOX_DAMAGED',
    `The content of message ${id} in the outbox is not what was stored (${found.size} octets of ${size}); it is kept as it is, and not sent`,
  );
}
