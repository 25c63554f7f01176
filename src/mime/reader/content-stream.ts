// A part's body to its content piece by piece (RFC 2045 section 6), so that no part is held whole for it.
import { Buffer } from 'node:buffer';
import { type ByteSource, checkRange } from '../../base/internal.ts';
import {
  Base64Decoder,
  QuotedPrintableDecoder,
  type StreamDecoder,
  UuencodeDecoder,
} from '../../codec/internal.ts';
import { decodeContent } from './content.ts';

const decoders: ReadonlyMap<string, () => StreamDecoder> = new Map([
  ['base64', (): StreamDecoder => new Base64Decoder()],
  ['quoted-printable', (): StreamDecoder => new QuotedPrintableDecoder()],
  ['x-uuencode', (): StreamDecoder => new UuencodeDecoder()],
]);

/** Whether a body in this transfer encoding differs from its content. */
export function isEncoded(encoding: string): boolean {
  return decoders.has(encoding);
}

function decoderOf(encoding: string): StreamDecoder {
  const make = decoders.get(encoding);
  if (make === undefined) throw new RangeError(`${encoding} has no decoder`);
  return make();
}

/** Up to this a body is decoded at once: it is quicker, and little enough. */
export const PIECE_BYTES: number = 262_144;

/** The content of a range, in one array. */
export function readDecoded(
  source: ByteSource,
  start: number,
  end: number,
  encoding: string,
): Uint8Array {
  if (end - start <= PIECE_BYTES) return decodeContent(source.read(start, end), encoding);
  checkRange(start, end);
  const decoder = decoderOf(encoding);
  let content = Buffer.allocUnsafeSlow(end - start);
  let length = 0;
  const add = (decoded: Uint8Array): void => {
    if (length + decoded.length > content.length) {
      // Only uuencode can make content longer: spaces at the end of a line may be missing.
      const longer = Buffer.allocUnsafeSlow(2 * (length + decoded.length));
      content.copy(longer, 0, 0, length);
      content = longer;
    }
    content.set(decoded, length);
    length += decoded.length;
  };
  for (let at = start; at < end; at += PIECE_BYTES) {
    add(decoder.push(source.read(at, Math.min(end, at + PIECE_BYTES))));
  }
  add(decoder.end());
  return content.subarray(0, length);
}

/** The content of a range piece by piece; each piece is written over by the next. */
export async function* passDecoded(
  source: ByteSource,
  start: number,
  end: number,
  encoding: string,
): AsyncGenerator<Uint8Array> {
  const decoder = decoderOf(encoding);
  for await (const chunk of source.pass(start, end)) {
    // A source in memory gives all at once: what is made of it comes in pieces all the same.
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      const decoded = decoder.push(chunk.subarray(at, at + PIECE_BYTES));
      if (decoded.length > 0) yield decoded;
    }
  }
  const last = decoder.end();
  if (last.length > 0) yield last;
}

/** The content of a range piece by piece; the pieces are the caller's. */
export async function* streamDecoded(
  source: ByteSource,
  start: number,
  end: number,
  encoding: string,
): AsyncGenerator<Uint8Array> {
  for await (const piece of passDecoded(source, start, end, encoding)) yield new Uint8Array(piece);
}
