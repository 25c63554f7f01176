// The 7-bit encodings of East Asia: ISO-2022-JP (RFC 1468, 1554), -KR (RFC 1557), -CN (RFC 1922) and HZ
// (RFC 1843). Each stretch of two-octet characters is decoded as the 8-bit charset (EUC) of its set.
import { Buffer, isUtf8 } from 'node:buffer';
import { latin1 } from '../base/internal.ts';

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
const roman: CharacterSet = { euc: 'iso646jp', width: 1 };
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
  const text = latin1(bytes);
  let out = '';
  let at = 0;
  let set = ascii;
  let onShift: CharacterSet = ksX1001;
  for (const match of text.matchAll(SEQUENCE)) {
    const [sequence] = match;
    out += decodeStretch(text.slice(at, match.index), set, decodeEuc);
    at = match.index + sequence.length;
    if (sequence === '\n') {
      // RFC 1468: a line ends in ASCII, also when the writer forgot to say so.
      out += '\n';
      set = ascii;
    } else if (sequence === '\x0e') set = onShift;
    else if (sequence === '\x0f') set = ascii;
    else {
      set = chosen.get(sequence.slice(1)) ?? set;
      onShift = shifted.get(sequence.slice(1)) ?? onShift;
    }
  }
  return out + decodeStretch(text.slice(at), set, decodeEuc);
}

// Octets that have no place in a 7-bit encoding.
const EIGHT_BIT_RUN = /([\x80-\xff]+)/;

function decodeStretch(text: string, set: CharacterSet, decodeEuc: DecodeEuc): string {
  if (!EIGHT_BIT_RUN.test(text)) return decodeSevenBit(text, set, decodeEuc);
  return text
    .split(EIGHT_BIT_RUN)
    .map((run, index) =>
      index % 2 === 0 ? decodeSevenBit(run, set, decodeEuc) : decodeEightBit(run),
    )
    .join('');
}

/** The label is wrong. Only UTF-8 proves itself; every other octet is nothing. */
function decodeEightBit(run: string): string {
  const octets = Buffer.from(run, 'latin1');
  return isUtf8(octets) ? octets.toString('utf8') : '\ufffd'.repeat(run.length);
}

function decodeSevenBit(text: string, set: CharacterSet, decodeEuc: DecodeEuc): string {
  if (set.euc === undefined || text === '') return text;
  const { euc, width, prefix } = set;
  if (set === roman) return decodeEuc(Buffer.from(text, 'latin1'), euc);
  const octets: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const octet = text.charCodeAt(i);
    const isCharacter = octet > 0x20 && octet < 0x7f;
    if (isCharacter && prefix !== undefined) octets.push(prefix);
    octets.push(isCharacter ? octet | 0x80 : octet);
    if (isCharacter && width === 2 && ++i < text.length) octets.push(text.charCodeAt(i) | 0x80);
  }
  return decodeEuc(Uint8Array.from(octets), euc);
}

// `~{` to `~}` or the line's end is pairs of GB 2312; `~~` is a tilde, a tilde before a line end is nothing.
const HZ = /~\{((?:[^~\r\n][^\r\n])*)(?:~\})?|~(~)|~\n/g;

/** Text in HZ (RFC 1843). */
export function decodeHz(bytes: Uint8Array, decodeEuc: DecodeEuc): string {
  const text = latin1(bytes);
  let out = '';
  let at = 0;
  for (const match of text.matchAll(HZ)) {
    const [sequence, chinese, tilde = ''] = match;
    out += decodeStretch(text.slice(at, match.index), ascii, decodeEuc);
    out += chinese === undefined ? tilde : decodeStretch(chinese, gb2312, decodeEuc);
    at = match.index + sequence.length;
  }
  return out + decodeStretch(text.slice(at), ascii, decodeEuc);
}
