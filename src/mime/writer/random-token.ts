// Random names: of boundaries, messages, files for a moment.
import { Buffer } from 'node:buffer';

const TOKEN_BYTES = 15;
const TOKENS = 256;
// Drawn in bulk: one draw costs as much as many tokens.
let pool: Buffer<ArrayBuffer> | undefined;
let used = 0;

/** 120 random bits as 20 characters of A–Z, a–z, 0–9, `-` and `_`; no one can guess them. */
export function randomToken(): string {
  if (pool === undefined || used === pool.length) {
    pool ??= Buffer.allocUnsafeSlow(TOKEN_BYTES * TOKENS);
    // The global, not node:crypto: that would be loaded with the package, before anyone needs it.
    globalThis.crypto.getRandomValues(pool);
    used = 0;
  }
  used += TOKEN_BYTES;
  return pool.toString('base64url', used - TOKEN_BYTES, used);
}
