// Writing MIME parameters (RFC 2045 section 5.1, RFC 2231). Reading them is in parameter-reader.ts.
import { InvalidMessageError, printable } from '../base/index.ts';
import { utf8Bytes } from '../base/internal.ts';
import { encodeWords } from './encoded-word.ts';

// RFC 2045 allows a token more signs; some readers stumble over them (Python drops a value with `*`), quotes are always safe.
const PLAIN_TOKEN = /^[\w.+-]+$/;
// RFC 2231 section 7: what a name may hold, and an extended value as it is.
const ATTRIBUTE = /^[!#$&+\-.0-9A-Z^_`a-z{|}~]{1,40}$/;
const ATTRIBUTE_CHAR = /[!#$&+\-.0-9A-Z^_`a-z{|}~]/;
const PRINTABLE = /^[\x20-\x7e]*$/;

// With the space before a piece and the `;` after it, a line has at most 76 columns.
const PIECE_LENGTH = 74;
const LEGACY_BEGINNING = 'name="';

// Made at first use: many programs never need it.
let octetAtoms: readonly string[] | undefined;

/** What stands for each octet in an extended value. */
function atomsOfOctets(): readonly string[] {
  octetAtoms ??= Array.from({ length: 256 }, (_, octet) => {
    const char = String.fromCharCode(octet);
    const hex = octet.toString(16).toUpperCase().padStart(2, '0');
    return ATTRIBUTE_CHAR.test(char) ? char : `%${hex}`;
  });
  return octetAtoms;
}

/**
 * A parameter as one or more pieces of at most 74 characters, each to stand on a line of its own with
 * `;` between: a token or quoted string when the value is short printable ASCII, else the extended form
 * of RFC 2231 in UTF-8, divided into `name*0*`, `name*1*`… when it is long. Throws
 * {@link InvalidMessageError} for a name that is not a token of at most 40 characters.
 */
export function encodeParameter(name: string, value: string): string[] {
  if (!ATTRIBUTE.test(name)) {
    throw new InvalidMessageError(
      'MESSAGE_HEADER_INVALID',
      `'${printable(name, 60)}' can't be the name of a parameter; use up to 40 letters, digits and hyphens (RFC 2231 section 7)`,
    );
  }
  const plain = plainParameter(name, value);
  if (plain !== undefined) return [plain];
  const bytes = utf8Bytes(value);
  const atoms = atomsOfOctets();
  let extended = `${name}*=utf-8''`;
  for (const byte of bytes) extended += atoms[byte] ?? '';
  return extended.length <= PIECE_LENGTH ? [extended] : divided(name, bytes);
}

/**
 * The parameter `name` of Content-Type as readers without RFC 2231 know it: encoded words in a quoted
 * string (which RFC 2047 does not allow and everyone reads), folded with CRLF and a space when long.
 */
export function encodeLegacyName(value: string): string {
  const plain = plainParameter('name', value);
  if (plain !== undefined) return plain;
  const lineRoom = PIECE_LENGTH - 1;
  const words = encodeWords(value, {
    phrase: true,
    firstLineRoom: lineRoom - LEGACY_BEGINNING.length,
    lineRoom,
  });
  return `${LEGACY_BEGINNING}${words.join('\r\n ')}"`;
}

/** The parameter as token or quoted string; `undefined` when it is too long or not safe that way. */
function plainParameter(name: string, value: string): string | undefined {
  // A value that looks like an encoded word would be decoded by many readers.
  if (!PRINTABLE.test(value) || value.includes('=?')) return undefined;
  const plain = PLAIN_TOKEN.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
  const length = name.length + 1 + plain.length;
  return length <= PIECE_LENGTH ? `${name}=${plain}` : undefined;
}

function divided(name: string, bytes: Uint8Array): string[] {
  const atoms = atomsOfOctets();
  const pieces: string[] = [];
  let piece = `${name}*0*=utf-8''`;
  for (let start = 0; start < bytes.length; ) {
    // A character stays in one piece: some readers decode each piece for itself.
    let character = atoms[bytes[start++] ?? 0] ?? '';
    while (start < bytes.length && ((bytes[start] ?? 0) & 0xc0) === 0x80) {
      character += atoms[bytes[start++] ?? 0] ?? '';
    }
    if (piece.length + character.length > PIECE_LENGTH) {
      pieces.push(piece);
      piece = `${name}*${pieces.length}*=`;
    }
    piece += character;
  }
  pieces.push(piece);
  return pieces;
}
