// The 7-bit encodings of East Asia: ISO-2022-JP (RFC 1468, 1554), -KR (RFC 1557), -CN (RFC 1922) and HZ
// (RFC 1843). Each stretch of two-octet characters is decoded as the 8-bit charset (EUC) of its set.
import { Buffer } from 'node:buffer';
import { latin1, viewOf } from '../base/internal.ts';
import { isUtf8UpToCut } from './utf-8.ts';

/** Decodes octets of an 8-bit charset that iconv-lite knows under this name. */
export type DecodeEuc = (bytes: Uint8Array, iconvName: string) => string;

/** A set of characters: how its octets look in EUC. */
interface CharacterSet {
  /** The EUC charset; `undefined` for plain ASCII. */
  readonly euc: string | undefined;
  /** Octets of one character. */
  readonly width: number;
  /** What stands before each character in EUC. */
  readonly prefix?: number;
}

const ascii: CharacterSet = { euc: undefined, width: 1 };
const roman: CharacterSet = { euc: undefined, width: 1 };
const katakana: CharacterSet = { euc: 'euc-jp', width: 1, prefix: 0x8e };
const jisX0208: CharacterSet = { euc: 'euc-jp', width: 2 };
const jisX0212: CharacterSet = { euc: 'euc-jp', width: 2, prefix: 0x8f };
const gb2312: CharacterSet = { euc: 'gbk', width: 2 };
const ksX1001: CharacterSet = { euc: 'cp949', width: 2 };

// Escape sequences: some choose the set at once, those of -KR and -CN the set that SO turns on.
const SEQUENCE = /\x1b(?:\([BJIH]|\$[@AB]|\$\([@ABCD]|\$\)[ACEG]|\$\*H|\.[AF]|&@)|[\x0e\x0f\n]/g;
const chosen = new Map<string, CharacterSet>([
  ['(B', ascii],
  ['(H', roman],
  ['(J', roman],
  ['(I', katakana],
  ['$@', jisX0208],
  ['$B', jisX0208],
  ['$(@', jisX0208],
  ['$(B', jisX0208],
  ['$(D', jisX0212],
  ['$A', gb2312],
  ['$(A', gb2312],
  ['$(C', ksX1001],
]);
const shifted = new Map<string, CharacterSet>([
  ['$)A', gb2312],
  ['$)C', ksX1001],
]);

/** Text in one of the ISO-2022 encodings; the escape sequences say which. */
export function decodeIso2022(bytes: Uint8Array, decodeEuc: DecodeEuc): string {
  const text = sevenBitText(bytes);
  const out = new Stretches(text, decodeEuc);
  let at = 0;
  let set = ascii;
  let onShift: CharacterSet = ksX1001;
  for (const match of text.matchAll(SEQUENCE)) {
    const [sequence] = match;
    out.add(at, match.index, set);
    at = match.index + sequence.length;
    if (sequence === '\n') {
      // RFC 1468: a line ends in ASCII, also when the writer forgot to say so.
      set = ascii;
      out.add(match.index, at, set);
    } else if (sequence === '\x0e') set = onShift;
    else if (sequence === '\x0f') set = ascii;
    else {
      set = chosen.get(sequence.slice(1)) ?? set;
      onShift = shifted.get(sequence.slice(1)) ?? onShift;
    }
  }
  out.add(at, text.length, set);
  return out.end();
}

// `~{` begins pairs of GB 2312; `~~` is a tilde, a tilde before a line end is nothing.
const HZ = /~[{~\n]/g;

/** Text in HZ (RFC 1843). */
export function decodeHz(bytes: Uint8Array, decodeEuc: DecodeEuc): string {
  const text = sevenBitText(bytes);
  const out = new Stretches(text, decodeEuc);
  let at = 0;
  HZ.lastIndex = 0;
  for (let match = HZ.exec(text); match; match = HZ.exec(text)) {
    out.add(at, match.index, ascii);
    at = match.index + 2;
    if (match[0] === '~~') out.add(at - 1, at, ascii);
    if (match[0] === '~{') {
      const end = endOfPairs(text, at);
      out.add(at, end, gb2312);
      at = text.startsWith('~}', end) ? end + 2 : end;
    }
    HZ.lastIndex = at;
  }
  out.add(at, text.length, ascii);
  return out.end();
}

/** Where the pairs from `start` on end: at `~}` or the line's end. A tilde may be the second of a pair, never the first. */
function endOfPairs(text: string, start: number): number {
  let at = start;
  while (at + 1 < text.length && !'~\r\n'.includes(text.charAt(at))) {
    if ('\r\n'.includes(text.charAt(at + 1))) break;
    at += 2;
  }
  return at;
}

/**
 * One character for each octet. Octets above 127 have no place here, the label is wrong: when all is
 * UTF-8, which proves itself, they are its characters; else each is nothing.
 */
function sevenBitText(bytes: Uint8Array): string {
  const text = latin1(bytes);
  if (!/[\x80-\xff]/.test(text)) return text;
  return isUtf8UpToCut(bytes)
    ? viewOf(bytes).toString('utf8')
    : text.replace(/[\x80-\xff]/g, '\ufffd');
}

const BACKSLASH = 0x5c;
const TILDE = 0x7e;

/** Puts stretches of characters together, so that as much as can be is decoded at once. */
class Stretches {
  readonly #text: string;
  readonly #decodeEuc: DecodeEuc;
  readonly #octets: Buffer;
  #length = 0;
  /** The charset of the octets; `undefined` while they are ASCII. */
  #euc: string | undefined;
  #out = '';

  constructor(text: string, decodeEuc: DecodeEuc) {
    this.#text = text;
    this.#decodeEuc = decodeEuc;
    // JIS X 0212 takes most: three octets for two characters; half-width katakana two for one.
    this.#octets = Buffer.allocUnsafe(2 * text.length + 1);
  }

  /** Adds the characters from `start` to before `end`, which are of this set. */
  add(start: number, end: number, set: CharacterSet): void {
    for (let i = start; i < end; i++) {
      const code = this.#text.charCodeAt(i);
      if (code > 0x7f) this.#addCharacter(this.#text.charAt(i));
      else if (set === roman && code === BACKSLASH) this.#addCharacter('¥');
      else if (set === roman && code === TILDE) this.#addCharacter('‾');
      else if (set.euc === undefined || !isGraphic(code)) this.#octets[this.#length++] = code;
      else {
        if (this.#euc !== set.euc) this.#flush();
        this.#euc = set.euc;
        if (set.prefix !== undefined) this.#octets[this.#length++] = set.prefix;
        this.#octets[this.#length++] = code | 0x80;
        const next = i + 1 < end ? this.#text.charCodeAt(i + 1) : 0;
        if (set.width === 2 && isGraphic(next)) {
          this.#octets[this.#length++] = next | 0x80;
          i++;
        }
      }
    }
  }

  /** All of the text. */
  end(): string {
    this.#flush();
    return this.#out;
  }

  #addCharacter(character: string): void {
    this.#flush();
    this.#out += character;
  }

  #flush(): void {
    if (this.#length === 0) return;
    const octets = this.#octets.subarray(0, this.#length);
    this.#out += this.#euc === undefined ? latin1(octets) : this.#decodeEuc(octets, this.#euc);
    this.#length = 0;
    this.#euc = undefined;
  }
}

function isGraphic(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}
