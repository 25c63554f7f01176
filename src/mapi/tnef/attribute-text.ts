// Text of attributes and 8-bit strings, in the code page that attOemCodepage names (MS-OXTNEF section 2.1.3.3.2).
import { Buffer } from 'node:buffer';
import { decodeAnsi, isCodePage, WESTERN } from '../property/code-page.ts';
import { PropertyType } from '../property/property-type.ts';

const QUESTION_MARK = 0x3f;

/** Makes strings of octets in a code page. */
export class TextReader {
  readonly #page: number;

  constructor(page: number) {
    this.#page = page;
  }

  /** The text of an attribute: up to the first NUL. */
  attribute(octets: Uint8Array): string {
    const end = octets.indexOf(0);
    return decodeAnsi(end < 0 ? octets : octets.subarray(0, end), this.#page);
  }

  /** The value of a property of either string type, without the NUL at its end. */
  readonly property = (type: number, octets: Uint8Array): string => {
    if (type === PropertyType.String) return utf16(octets);
    let end = octets.length;
    while (end > 0 && octets[end - 1] === 0) end--;
    return decodeAnsi(octets.subarray(0, end), this.#page);
  };
}

/** UTF-16 without NULs at the end. */
export function utf16(octets: Uint8Array): string {
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('utf16le');
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--;
  return end === text.length ? text : text.slice(0, end);
}

/** Makes octets of text; a character that the code page does not have becomes `?`. */
export class TextWriter {
  /** The code page. */
  readonly page: number;
  readonly #octets: ReadonlyMap<string, number>;

  /** `page` is taken when it has one octet for each character, else Windows-1252. */
  constructor(page: number) {
    const [used, octets] = singleOctets(page) ?? singleOctets(WESTERN) ?? [WESTERN, new Map()];
    this.page = used;
    this.#octets = octets;
  }

  /** The octets of a text, without NUL. */
  encode(text: string): Uint8Array {
    const characters = [...text];
    return Uint8Array.from(characters, (character) => {
      const code = character.charCodeAt(0);
      return code < 0x80 ? code : (this.#octets.get(character) ?? QUESTION_MARK);
    });
  }

  /** The octets of a text and a NUL. */
  attribute(text: string): Uint8Array {
    const octets = this.encode(text);
    const withNul = new Uint8Array(octets.length + 1);
    withNul.set(octets);
    return withNul;
  }
}

const pages = new Map<number, ReadonlyMap<string, number>>();

/** The characters of the upper half of a code page of single octets: Windows' for Europe and the Near East. */
function singleOctets(page: number): [number, ReadonlyMap<string, number>] | undefined {
  if (!(page === 874 || (page >= 1250 && page <= 1258)) || !isCodePage(page)) return undefined;
  const octets = pages.get(page) ?? upperHalf(page);
  pages.set(page, octets);
  return [page, octets];
}

function upperHalf(page: number): Map<string, number> {
  const found = new Map<string, number>();
  for (let octet = 0x80; octet < 0x100; octet++) {
    const character = decodeAnsi(Uint8Array.of(octet), page);
    if (character !== '\ufffd') found.set(character, octet);
  }
  return found;
}
