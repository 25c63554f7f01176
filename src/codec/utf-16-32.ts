// UTF-16 and UTF-32, whose labels do not always say the order of the octets. A mark of the order is
// no part of the text.
import { viewOf } from '../base/internal.ts';

const littleEndian = new TextDecoder('utf-16le');
const bigEndian = new TextDecoder('utf-16be');

/** Text in UTF-16; without an order in the label, the mark at the beginning decides, else the octets. */
export function decodeUtf16(bytes: Uint8Array, name: 'utf-16' | 'utf-16le' | 'utf-16be'): string {
  const big = name === 'utf-16be' || (name === 'utf-16' && isBigEndian16(bytes));
  return (big ? bigEndian : littleEndian).decode(bytes);
}

const SAMPLE_BYTES = 512;

function isBigEndian16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  if (first === 0xfe && second === 0xff) return true;
  if (first === 0xff && second === 0xfe) return false;
  // RFC 2781 section 4.3 says big-endian, many writers mean the other. The high octet of a character
  // changes less than the low one: text stays in its script.
  const atEven = new Set<number>();
  const atOdd = new Set<number>();
  bytes.subarray(0, SAMPLE_BYTES).forEach((octet, index) => {
    (index % 2 === 0 ? atEven : atOdd).add(octet);
  });
  return atEven.size < atOdd.size;
}

/** Text in UTF-32; without an order in the label, the mark at the beginning decides, else big-endian. */
export function decodeUtf32(bytes: Uint8Array, name: 'utf-32' | 'utf-32le' | 'utf-32be'): string {
  const view = viewOf(bytes);
  const marked = bytes[0] === 0xff && bytes[1] === 0xfe && bytes[2] === 0 && bytes[3] === 0;
  const zeroLast = bytes.length >= 4 && bytes[0] !== 0 && bytes[3] === 0;
  const little = name === 'utf-32le' || (name === 'utf-32' && (marked || zeroLast));
  let text = '';
  for (let at = 0; at + 4 <= view.length; at += 4) {
    const codePoint = little ? view.readUInt32LE(at) : view.readUInt32BE(at);
    const valid = codePoint < 0xd800 || (codePoint > 0xdfff && codePoint <= 0x10ffff);
    if (at === 0 && codePoint === 0xfeff) continue;
    text += valid ? String.fromCodePoint(codePoint) : '\ufffd';
  }
  return view.length % 4 === 0 ? text : `${text}\ufffd`;
}
