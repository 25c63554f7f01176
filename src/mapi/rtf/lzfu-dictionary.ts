// What both directions of LZFu (MS-OXRTFCP) share: the header, the dictionary at the beginning, the checksum.
import { latin1Bytes } from '../../base/internal.ts';

/** Octets before the contents: COMPSIZE, RAWSIZE, COMPTYPE, CRC (MS-OXRTFCP section 2.1.3.1). */
export const HEADER_BYTES = 16;

/** COMPTYPE of contents that are compressed: `LZFu`. */
export const COMPRESSED = 0x75465a4c;
/** COMPTYPE of contents as they are: `MELA`. */
export const UNCOMPRESSED = 0x414c454d;

/** The octets of the circular dictionary; references are offsets in it. */
export const DICTIONARY_BYTES = 4096;
/** The longest reference: 4 bits and the shortest. */
export const LONGEST = 17;

/** What the dictionary holds at the beginning (MS-OXRTFCP section 2.1.2.1): words that most RTF begins with. */
export const preloaded: Uint8Array = latin1Bytes(
  [
    '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript ',
    '\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par ',
    '\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx',
  ].join(''),
);

const table = Uint32Array.from({ length: 256 }, (_, octet) => {
  let value = octet;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** The CRC of MS-OXRTFCP section 2.1.3.2: the polynomial of CRC-32, begun with 0 and not inverted at the end. */
export function checksumOf(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    value = (table[(value ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (value >>> 8);
  }
  return value >>> 0;
}
