// Little-endian words from octets, fast.
import { Buffer } from 'node:buffer';

const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** 32-bit little-endian words; octets past the last whole word are left out. */
export function readWords(chunks: readonly Uint8Array[]): Uint32Array {
  const size = chunks.reduce((sum, { length }) => sum + length, 0);
  const octets = new Uint8Array(size & ~3);
  let at = 0;
  for (const chunk of chunks) {
    octets.set(chunk.subarray(0, octets.length - at), at);
    at += chunk.length;
  }
  if (!isLittleEndian) Buffer.from(octets.buffer).swap32();
  return new Uint32Array(octets.buffer);
}
