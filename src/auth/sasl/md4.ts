// MD4 (RFC 1320), which OpenSSL 3 no longer has. Only NTLM needs it; it protects nothing by itself.
import { Buffer } from 'node:buffer';

const SHIFTS = [
  [3, 7, 11, 19],
  [3, 5, 9, 13],
  [3, 9, 11, 15],
] as const;
// In which order each round takes the sixteen words.
const ORDERS = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
  [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
] as const;
const CONSTANTS = [0, 0x5a827999, 0x6ed9eba1] as const;
const MIX: readonly ((x: number, y: number, z: number) => number)[] = [
  (x, y, z) => (x & y) | (~x & z),
  (x, y, z) => (x & y) | (x & z) | (y & z),
  (x, y, z) => x ^ y ^ z,
];

/** The 16 octets of the digest. */
export function md4(bytes: Uint8Array): Uint8Array {
  const padded = Buffer.alloc((((bytes.length + 8) >> 6) + 1) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  padded.writeBigUInt64LE(BigInt(bytes.length) * 8n, padded.length - 8);

  let state: readonly number[] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let at = 0; at < padded.length; at += 64) {
    const block = Array.from({ length: 16 }, (_, i) => padded.readUInt32LE(at + 4 * i));
    const after = compress(state, block);
    state = state.map((word, i) => (word + (after[i] ?? 0)) >>> 0);
  }
  const digest = Buffer.alloc(16);
  for (const [i, word] of state.entries()) digest.writeUInt32LE(word, 4 * i);
  return digest;
}

function compress(state: readonly number[], block: readonly number[]): readonly number[] {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  for (const [round, order] of ORDERS.entries()) {
    const mix = MIX[round];
    const shifts = SHIFTS[round];
    for (const [step, index] of order.entries()) {
      const sum = a + (mix?.(b, c, d) ?? 0) + (block[index] ?? 0) + (CONSTANTS[round] ?? 0);
      const shift = shifts?.[step % 4] ?? 0;
      [a, b, c, d] = [d, rotate(sum, shift), b, c];
    }
  }
  return [a, b, c, d];
}

function rotate(word: number, by: number): number {
  return ((word << by) | ((word >>> 0) >>> (32 - by))) >>> 0;
}
