// Which Content-Transfer-Encoding a body gets (RFC 2045 section 6), by its content and by what the server takes.
import { Buffer } from 'node:buffer';
import { isAsciiBytes, utf8Bytes } from '../../base/internal.ts';
import { encodeFlowed, encodeQuotedPrintable } from '../../codec/index.ts';
import { encodeBase64Lines } from '../../codec/internal.ts';
import { hasOnlyCrlf, linesFit, toCrlf } from './line-ends.ts';

/** The encodings the writer uses. */
export type TransferEncoding = '7bit' | '8bit' | 'quoted-printable' | 'base64';

/** A body as it is written. */
export interface EncodedBody {
  readonly encoding: TransferEncoding;
  /** ASCII text, or octets. */
  readonly content: string | Uint8Array;
}

/**
 * Text as 7bit when it can travel so, as 8bit when the server takes it, else as the shorter of
 * quoted-printable and base64.
 */
export function encodeText(text: string, flowed: boolean, eightBit: boolean): EncodedBody {
  const raw = flowed ? encodeFlowed(text) : text;
  const octets = Buffer.byteLength(raw);
  const isAscii = octets === raw.length;
  // RFC 2045 sections 2.7 and 2.8: neither 7bit nor 8bit data may hold NUL.
  if ((isAscii || eightBit) && !raw.includes('\0')) {
    const content = toCrlf(raw, octets);
    if (linesFit(content)) return { encoding: isAscii ? '7bit' : '8bit', content };
  }
  if (!isBase64Shorter(raw.length, octets)) {
    return { encoding: 'quoted-printable', content: encodeQuotedPrintable(utf8Bytes(raw)) };
  }
  const lines = toCrlf(raw, octets);
  const bytes = typeof lines === 'string' ? utf8Bytes(lines) : lines;
  return { encoding: 'base64', content: encodeBase64Lines(bytes) };
}

/** The octets as they are; `undefined` when they cannot travel so (RFC 2045 sections 2.7 and 2.8). */
export function encodePlain(bytes: Uint8Array, eightBit: boolean): EncodedBody | undefined {
  const isAscii = isAsciiBytes(bytes);
  if (!(isAscii || eightBit) || bytes.includes(0)) return undefined;
  if (!linesFit(bytes) || !hasOnlyCrlf(bytes)) return undefined;
  return { encoding: isAscii ? '7bit' : '8bit', content: bytes };
}

// UTF-8 of a text that is not ASCII has 1.5 to 2 octets over 0x7F for each octet it is longer than its
// UTF-16 units; quoted-printable adds two columns for each such octet, base64 37 % for all octets.
function isBase64Shorter(units: number, octets: number): boolean {
  return 4 * (octets - units) > 0.35 * octets;
}
