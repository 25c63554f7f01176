import { Buffer, isAscii as bufferIsAscii } from 'node:buffer';

const empty: Uint8Array = new Uint8Array(0);

/** A `Buffer` over the same memory; no copy. Rooms use it for its fast scanners and decoders. */
export function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The octets as a string of U+0000 to U+00FF, one for each octet. */
export function latin1(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  return viewOf(bytes).toString('latin1', start, end);
}

/** UTF-8 octets of a string; lone surrogates become U+FFFD. */
export function utf8Bytes(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

/** Octets of a string that holds only U+0000 to U+00FF. */
export function latin1Bytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

/** Whether every octet is below 0x80. */
export function isAsciiBytes(bytes: Uint8Array): boolean {
  return bufferIsAscii(bytes);
}

/** All chunks in one; the chunk itself when there is only one. */
export function concatBytes(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 0) return empty;
  const [first] = chunks;
  return chunks.length === 1 && first ? first : Buffer.concat(chunks);
}

/** Everything a source yields, in one array. */
export async function collectBytes(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return concatBytes(chunks);
}

/**
 * Everything a source yields that writes each chunk over the last, in one array.
 * @param most How many octets to expect at most; there may be more.
 */
export async function collectPassed(
  source: AsyncIterable<Uint8Array>,
  most: number,
): Promise<Uint8Array> {
  let target = Buffer.allocUnsafeSlow(most);
  let length = 0;
  for await (const chunk of source) {
    if (length + chunk.length > target.length) {
      const longer = Buffer.allocUnsafeSlow(2 * (length + chunk.length));
      target.copy(longer, 0, 0, length);
      target = longer;
    }
    target.set(chunk, length);
    length += chunk.length;
  }
  return target.subarray(0, length);
}
