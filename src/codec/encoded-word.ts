// Writing encoded words (RFC 2047). Reading them is in encoded-word-reader.ts.
import { utf8Bytes } from '../base/internal.ts';
import { encodeBase64 } from './base64-text.ts';

/** Where encoded words are going to stand. */
export interface EncodeWordsOptions {
  /** Whether they stand in a phrase, where fewer characters may be left as they are (RFC 2047 section 5, rule 3). */
  readonly phrase: boolean;
  /** Columns left on the first line for the first word; below 24 the first word is made for a line of its own. */
  readonly firstLineRoom: number;
  /** Columns for a word on each further line, 24 to 75. Default: `75`. */
  readonly lineRoom?: number;
}

const LONGEST_WORD = 75;
// Room for the frame and one character of four octets in Q.
const SHORTEST_WORD = 24;
const FRAME = '=?utf-8?Q??='.length;

const SPACE = 0x20;
const PLAIN_IN_TEXT = /[!-<>@-^`-~]/;
const PLAIN_IN_PHRASE = /[A-Za-z0-9!*+\-/]/;
// Made at first use: many programs never need them.
let textAtoms: readonly string[] | undefined;
let phraseAtoms: readonly string[] | undefined;

/** What stands for each octet in a word of the Q encoding. */
function atomsOf(isPhrase: boolean): readonly string[] {
  if (isPhrase) phraseAtoms ??= atomsWhere(PLAIN_IN_PHRASE);
  else textAtoms ??= atomsWhere(PLAIN_IN_TEXT);
  return (isPhrase ? phraseAtoms : textAtoms) ?? [];
}

function atomsWhere(staysPlain: RegExp): readonly string[] {
  return Array.from({ length: 256 }, (_, octet) => {
    if (octet === SPACE) return '_';
    const char = String.fromCharCode(octet);
    return staysPlain.test(char) ? char : `=${octet.toString(16).toUpperCase().padStart(2, '0')}`;
  });
}

/**
 * The whole text as encoded words in UTF-8, each at most 75 characters and readable on its own; the
 * writer puts one space or fold between them. Q or B, whichever is shorter for the text. A lone
 * surrogate becomes U+FFFD; empty text gives no word.
 */
export function encodeWords(text: string, options: EncodeWordsOptions): string[] {
  if (text === '') return [];
  const bytes = utf8Bytes(text);
  const later = Math.max(SHORTEST_WORD, Math.min(LONGEST_WORD, options.lineRoom ?? LONGEST_WORD));
  const first =
    options.firstLineRoom < SHORTEST_WORD ? later : Math.min(LONGEST_WORD, options.firstLineRoom);
  const atoms = atomsOf(options.phrase);
  let quotedLength = 0;
  for (const byte of bytes) quotedLength += atoms[byte]?.length ?? 0;
  return quotedLength <= Math.ceil(bytes.length / 3) * 4
    ? quotedWords(bytes, atoms, first - FRAME, later - FRAME)
    : base64Words(bytes, first - FRAME, later - FRAME);
}

function quotedWords(
  bytes: Uint8Array,
  atoms: readonly string[],
  firstRoom: number,
  laterRoom: number,
): string[] {
  const words: string[] = [];
  let room = firstRoom;
  let payload = '';
  let start = 0;
  while (start < bytes.length) {
    const end = characterEnd(bytes, start);
    let character = '';
    for (let i = start; i < end; i++) character += atoms[bytes[i] ?? 0] ?? '';
    if (payload.length + character.length > room) {
      words.push(`=?utf-8?Q?${payload}?=`);
      payload = '';
      room = laterRoom;
    }
    payload += character;
    start = end;
  }
  words.push(`=?utf-8?Q?${payload}?=`);
  return words;
}

function base64Words(bytes: Uint8Array, firstRoom: number, laterRoom: number): string[] {
  const words: string[] = [];
  let room = firstRoom;
  let start = 0;
  while (start < bytes.length) {
    let end = Math.min(bytes.length, start + Math.floor(room / 4) * 3);
    // RFC 2047 section 5: a character is not divided between words.
    if (end < bytes.length) while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
    words.push(`=?utf-8?B?${encodeBase64(bytes.subarray(start, end))}?=`);
    start = end;
    room = laterRoom;
  }
  return words;
}

function characterEnd(bytes: Uint8Array, start: number): number {
  let end = start + 1;
  while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end++;
  return end;
}
