// Reading base64 (RFC 4648 section 4), whole; in chunks: base64-decoder.ts.
import { Buffer } from 'node:buffer';
import { concatBytes, latin1, latin1Bytes, viewOf } from '../base/internal.ts';
import { Base64Decoder } from './base64-decoder.ts';
import { closeGroup, letterDecoderFor } from './base64-letters.ts';
import { EQUALS } from './octets.ts';

// Below this, Node's own decoder is quicker; above, the strings it needs come from the system each time.
const KERNEL_BYTES = 65_536;
const PIECE_BYTES = 0x40000;
const OUTSIDE_LATIN1 = /[^\x00-\xff]+/g;
const LETTER = /[A-Za-z0-9+/_-]/;

/**
 * The octets that base64 text stands for. Never throws: characters outside the alphabet are skipped
 * (RFC 2045 section 6.8), the URL-safe `-` and `_` count as `+` and `/`, and missing or false padding is
 * survived. After padding it goes on only if the next line can be nothing but base64, so that encodings
 * strung together are read whole and the footer of a mailing list is not read at all.
 */
export function decodeBase64(text: string | Uint8Array): Uint8Array {
  if (typeof text === 'string') return decodeText(text.replace(OUTSIDE_LATIN1, ''));
  return text.length < KERNEL_BYTES ? decodeText(latin1(text)) : decodeBytes(text);
}

function decodeText(text: string): Uint8Array {
  const padding = text.indexOf('=');
  if (padding < 0) return Buffer.from(text, 'base64');
  if (!LETTER.test(text.slice(padding))) return Buffer.from(text.slice(0, padding), 'base64');
  return decodePieces(latin1Bytes(text));
}

function decodeBytes(bytes: Uint8Array): Uint8Array {
  const padding = viewOf(bytes).indexOf(EQUALS);
  const isPlain =
    padding === -1 || (padding + 8 > bytes.length && !LETTER.test(latin1(bytes, padding)));
  if (!isPlain) return decodePieces(bytes);
  const end = padding === -1 ? bytes.length : padding;
  const target = Buffer.allocUnsafe(Math.ceil((end * 3) / 4) + 3);
  const group = { bits: 0, count: 0 };
  const length = letterDecoderFor(end)(bytes, 0, end, target, 0, group);
  return target.subarray(0, length + closeGroup(group, target, length));
}

function decodePieces(bytes: Uint8Array): Uint8Array {
  const decoder = new Base64Decoder();
  const decoded: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
    decoded.push(Buffer.from(decoder.push(bytes.subarray(start, start + PIECE_BYTES))));
  }
  decoded.push(decoder.end());
  return concatBytes(decoded);
}
