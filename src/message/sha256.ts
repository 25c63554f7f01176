// The one hash of this room.
import type { Buffer } from 'node:buffer';

/** SHA-256 of the pieces in a row. Few messages need it, so node:crypto is loaded by the first that does. */
export function sha256(...pieces: readonly (string | Uint8Array)[]): Buffer {
  const { createHash } = process.getBuiltinModule('node:crypto');
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}
