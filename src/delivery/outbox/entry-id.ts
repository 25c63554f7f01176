// Names of entries: UUIDs of version 7 (RFC 9562 section 5.7), so that later ones sort behind earlier ones.
import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 1024;
const ID_BYTES = 10;

const pool = Buffer.allocUnsafe(POOL_BYTES);
let used = POOL_BYTES;
let lastMs = 0;
let counter = 0;

/** A new id. Within a process each is behind the one before it, also when the clock goes back. */
export function newEntryId(now: number = Date.now()): string {
  if (used + ID_BYTES > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const at = used;
  used += ID_BYTES;
  if (now > lastMs) {
    lastMs = now;
    // RFC 9562 section 6.2, method 1: a counter that begins low, so that it has room.
    counter = pool.readUInt16BE(at) & 0x7ff;
  } else if (counter < 0xfff) counter += 1;
  else {
    lastMs += 1;
    counter = 0;
  }
  const time = lastMs.toString(16).padStart(12, '0');
  const middle = (0x7000 | counter).toString(16);
  const variant = (0x8000 | (pool.readUInt16BE(at + 2) & 0x3fff)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-${middle}-${variant}-${pool.toString('hex', at + 4, at + 10)}`;
}
