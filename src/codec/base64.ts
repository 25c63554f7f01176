// Base64 without line structure (RFC 4648 section 4). Lines of 76 columns are in base64-lines.ts.
import { Buffer } from 'node:buffer';
import { concatBytes, latin1, viewOf } from '../base/internal.ts';

// One string holds at most 512 MB; longer input is decoded in pieces.
const PIECE_BYTES = 0x4000000;
const OUTSIDE = /[^A-Za-z0-9+/_-]+/g;
const OUTSIDE_LATIN1 = /[^\x00-\xff]+/g;
const LETTER = /[A-Za-z0-9+/_-]/;
// The rest of this line, or the next one that is not empty, when it can only be base64.
const BASE64_LINE = /\s*[A-Za-z0-9+/=]+[ \t]*(?=[\r\n]|$)/y;

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
  return concatBytes(decodeSegments(text));
}

/** Text with more letters after the first `=`, each stretch between paddings for itself. */
function decodeSegments(text: string): Uint8Array[] {
  const decoded: Uint8Array[] = [];
  let letters = '';
  let at = 0;
  let surelyBase64 = 0;
  for (;;) {
    const padding = text.indexOf('=', at);
    letters += text.slice(at, padding < 0 ? undefined : padding).replace(OUTSIDE, '');
    if (padding < 0) break;
    at = padding + 1;
    // Padding can only stand for the third and fourth letter; anywhere else it is a stray.
    if (letters.length % 4 < 2) continue;
    decoded.push(Buffer.from(letters, 'base64'));
    letters = '';
    if (text.charAt(at) === '=') at++;
    if (at < surelyBase64) continue;
    BASE64_LINE.lastIndex = at;
    if (!BASE64_LINE.test(text)) break;
    surelyBase64 = BASE64_LINE.lastIndex;
  }
  decoded.push(Buffer.from(letters, 'base64'));
  return decoded;
}

/** Very long input: pieces cut between groups of four letters. */
function decodePieces(bytes: Uint8Array): Uint8Array {
  const decoded: Uint8Array[] = [];
  let start = 0;
  let carried = '';
  while (bytes.length - start > PIECE_BYTES) {
    const text = carried + latin1(bytes, start, start + PIECE_BYTES);
    let over = text.slice(text.lastIndexOf('=') + 1).replace(OUTSIDE, '').length % 4;
    let cut = text.length;
    while (over > 0) if (LETTER.test(text.charAt(--cut))) over--;
    decoded.push(decodeText(text.slice(0, cut)));
    carried = text.slice(cut);
    start += PIECE_BYTES;
  }
  decoded.push(decodeText(carried + latin1(bytes, start)));
  return concatBytes(decoded);
}
