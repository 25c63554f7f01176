// Base64 without line structure (RFC 4648 section 4), whole. Lines of 76 columns are in base64-lines.ts, reading in
// chunks in base64-decoder.ts.
import { Buffer } from 'node:buffer';
import { concatBytes, latin1, latin1Bytes, viewOf } from '../base/internal.ts';
import { Base64Decoder } from './base64-decoder.ts';

// What is longer is decoded in pieces: a string of it would be too long, or take memory for nothing.
const PIECE_BYTES = 0x1000000;
const OUTSIDE_LATIN1 = /[^\x00-\xff]+/g;
const LETTER = /[A-Za-z0-9+/_-]/;

/** The octets in base64, with padding and without line ends (RFC 4648 section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  return viewOf(bytes).toString('base64');
}

/**
 * The octets that base64 text stands for. Never throws: characters outside the alphabet are skipped
 * (RFC 2045 section 6.8), the URL-safe `-` and `_` count as `+` and `/`, and missing or false padding is
 * survived. After padding it goes on only if the next line can be nothing but base64, so that encodings
 * strung together are read whole and the footer of a mailing list is not read at all.
 */
export function decodeBase64(text: string | Uint8Array): Uint8Array {
  if (typeof text === 'string') return decodeText(text.replace(OUTSIDE_LATIN1, ''));
  return text.length <= PIECE_BYTES ? decodeText(latin1(text)) : decodePieces(text);
}

function decodeText(text: string): Uint8Array {
  const padding = text.indexOf('=');
  if (padding < 0) return Buffer.from(text, 'base64');
  if (!LETTER.test(text.slice(padding))) return Buffer.from(text.slice(0, padding), 'base64');
  return decodePieces(latin1Bytes(text));
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
