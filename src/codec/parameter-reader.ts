// What the parameters of a header value mean (RFC 2231), when more than one says it. How they are cut
// out of the value is in parameter-scanner.ts.
import { concatBytes, latin1Bytes } from '../base/internal.ts';
import { decodeCharset, type TextOptions } from './charset.ts';
import { decodeWords, headerOptions } from './encoded-word-reader.ts';
import { hexOctet } from './octets.ts';
import { scanParameters } from './parameter-scanner.ts';
import { type ParameterizedValue, readPlainParameters } from './plain-parameters.ts';

// The forms one parameter can have, the best last.
const PLAIN = 0;
const ENCODED_WORD = 1;
const CONTINUED = 2;
const EXTENDED = 3;

// `name*`, `name*0` or `name*0*`.
const STARRED_NAME = /^([^*]+)\*(?:(\d{1,4})(\*?))?$/;

interface Piece {
  readonly text: string;
  readonly isExtended: boolean;
}

/**
 * Takes a header value with parameters apart. `raw` is the unfolded value, one character (U+0000 to
 * U+00FF) for each octet. Never throws: bad quoting, missing semicolons and comments are seen through.
 * A parameter given more than once has the value of its best form: extended (`name*=`), continued
 * (`name*0=`), with encoded words, plain; of one form the first. At most `limits.parameters` are read.
 */
export function decodeParameters(raw: string, options: TextOptions = {}): ParameterizedValue {
  const plain = readPlainParameters(raw);
  if (plain !== undefined) return plain;
  const scanned = scanParameters(raw);
  const values = new Map<string, { readonly form: number; readonly value: string }>();
  const continued = new Map<string, Map<number, Piece>>();
  const offer = (name: string, form: number, value: string): void => {
    const held = values.get(name);
    if (!held || held.form < form) values.set(name, { form, value });
  };

  for (const [fullName, text] of scanned.parameters) {
    if (!fullName.includes('*')) {
      offer(fullName, text.includes('=?') ? ENCODED_WORD : PLAIN, decodeWords(text, options));
      continue;
    }
    const [, name, number, star] = STARRED_NAME.exec(fullName) ?? [];
    if (name === undefined) continue;
    if (number === undefined) {
      offer(name, EXTENDED, decodePieces([{ text, isExtended: true }], options));
      continue;
    }
    const pieces = continued.get(name) ?? new Map<number, Piece>();
    if (!pieces.has(Number(number))) pieces.set(Number(number), { text, isExtended: star === '*' });
    continued.set(name, pieces);
  }
  for (const [name, pieces] of continued) {
    const ordered = inOrder(pieces);
    if (ordered.length > 0) offer(name, CONTINUED, decodePieces(ordered, options));
  }

  const parameters = new Map<string, string>();
  for (const [name, { value }] of values) parameters.set(name, value);
  return { value: scanned.value, parameters };
}

/** The pieces from the first, which some writers number 1, to the first that is missing. */
function inOrder(pieces: Map<number, Piece>): Piece[] {
  const ordered: Piece[] = [];
  let number = pieces.has(0) ? 0 : 1;
  for (let piece = pieces.get(number); piece; piece = pieces.get(++number)) ordered.push(piece);
  return ordered;
}

function decodePieces(pieces: readonly Piece[], options: TextOptions): string {
  if (!pieces.some((piece) => piece.isExtended)) {
    return decodeWords(pieces.map((piece) => piece.text).join(''), options);
  }
  let charset: string | undefined;
  const octets: Uint8Array[] = [];
  let percents = '';
  pieces.forEach(({ text, isExtended }, index) => {
    let data = text;
    if (index === 0 && isExtended) [charset, data] = withoutCharset(text);
    // Joined before they are decoded: some writers cut inside of `%XX`.
    if (isExtended) percents += data;
    else {
      octets.push(decodePercents(percents), latin1Bytes(data));
      percents = '';
    }
  });
  octets.push(decodePercents(percents));
  return decodeCharset(concatBytes(octets), charset, headerOptions(options)).text;
}

/** `charset'language'data` (RFC 2231 section 4) as charset and data; without two quotes all is data. */
function withoutCharset(text: string): [charset: string | undefined, data: string] {
  const first = text.indexOf("'");
  const second = first < 0 ? -1 : text.indexOf("'", first + 1);
  if (second < 0) return [undefined, text];
  return [text.slice(0, first) || undefined, text.slice(second + 1)];
}

const PERCENT = 0x25;

function decodePercents(text: string): Uint8Array {
  const bytes = latin1Bytes(text);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    let octet = bytes[i] ?? 0;
    if (octet === PERCENT && i + 2 < bytes.length) {
      const decoded = hexOctet(bytes[i + 1] ?? 0, bytes[i + 2] ?? 0);
      if (decoded <= 0xff) {
        octet = decoded;
        i += 2;
      }
    }
    bytes[length++] = octet;
  }
  return bytes.subarray(0, length);
}
