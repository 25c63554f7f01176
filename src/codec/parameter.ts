// Writing MIME parameters (RFC 2045 section 5.1, RFC 2231). Reading them is in parameter-reader.ts.
import { utf8Bytes } from '../base/internal.ts';
import { encodeWords } from './encoded-word.ts';

const TOKEN = /^[!#$%&'*+\-.0-9A-Z^_`a-z{|}~]+$/;
const PRINTABLE = /^[\t\x20-\x7e]*$/;
const PIECE = 74;

const quoted = (value: string): string => `"${value.replace(/["\\]/g, '\\$&')}"`;

function percent(value: string): string[] {
  return Array.from(utf8Bytes(value), (byte) => {
    const char = String.fromCharCode(byte);
    return /[A-Za-z0-9!#$&+\-.^_`{|}~]/.test(char)
      ? char
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  });
}

/**
 * A parameter as one or more pieces, each at most 74 characters; the writer puts `;` and a space or a
 * fold between them.
 */
export function encodeParameter(name: string, value: string): string[] {
  if (PRINTABLE.test(value)) {
    const plain = `${name}=${TOKEN.test(value) ? value : quoted(value)}`;
    if (plain.length <= PIECE) return [plain];
  }
  const atoms = percent(value);
  const whole = `${name}*=utf-8''${atoms.join('')}`;
  if (whole.length <= PIECE) return [whole];
  const pieces: string[] = [];
  let piece = `${name}*0*=utf-8''`;
  for (const atom of atoms) {
    if (piece.length + atom.length > PIECE) {
      pieces.push(piece);
      piece = `${name}*${pieces.length}*=`;
    }
    piece += atom;
  }
  pieces.push(piece);
  return pieces;
}

/** The parameter `name` as readers without RFC 2231 know it: encoded words in a quoted string. */
export function encodeLegacyName(value: string): string {
  if (PRINTABLE.test(value) && value.length < 60) {
    return `name=${TOKEN.test(value) ? value : quoted(value)}`;
  }
  return `name="${encodeWords(value, { phrase: true, firstLineRoom: 69 }).join('\r\n ')}"`;
}
