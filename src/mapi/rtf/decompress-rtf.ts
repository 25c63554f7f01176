// Compressed RTF to RTF (MS-OXRTFCP section 3.1). What comes is not trusted: sizes are bounds, never promises.
import { Buffer } from 'node:buffer';
import { FormatError } from '../../base/index.ts';
import { enforceLimit, viewOf } from '../../base/internal.ts';
import {
  COMPRESSED,
  checksumOf,
  DICTIONARY_BYTES,
  HEADER_BYTES,
  LONGEST,
  preloaded,
  UNCOMPRESSED,
} from './lzfu-dictionary.ts';

/** How compressed RTF is read. */
export interface DecompressRtfOptions {
  /**
   * Whether damage is an error: a wrong checksum, a size that is not that of the text, a missing end. Otherwise as much
   * as there is of the text is given. Default: `false`.
   */
  readonly strict?: boolean | undefined;
}

/**
 * The RTF of PidTagRtfCompressed (MS-OXRTFCP), compressed (`LZFu`) or not (`MELA`).
 *
 * @throws {@link FormatError} `FORMAT_INVALID`: these are no octets of that kind; with `strict` also when they are damaged.
 * @throws {@link LimitError} The text is over `limits.rtfBytes`.
 */
export function decompressRtf(
  compressed: Uint8Array,
  options: DecompressRtfOptions = {},
): Uint8Array {
  const { strict = false } = options;
  if (compressed.length < HEADER_BYTES) throw damaged('it is shorter than its header', 0);
  const header = viewOf(compressed);
  const size = header.readUInt32LE(0);
  const rawSize = header.readUInt32LE(4);
  const type = header.readUInt32LE(8);
  // COMPSIZE counts from behind itself.
  const end = Math.min(compressed.length, size + 4);
  if (strict && size + 4 > compressed.length) throw damaged('it is cut short', compressed.length);
  if (type === UNCOMPRESSED) {
    // RAWSIZE of some programs counts the header as well; COMPSIZE is right everywhere.
    enforceLimit('rtfBytes', end - HEADER_BYTES, 'The size of an RTF text');
    return compressed.subarray(HEADER_BYTES, Math.max(HEADER_BYTES, end));
  }
  if (type !== COMPRESSED) throw damaged('it is neither LZFu nor MELA', 8);
  if (strict && checksumOf(compressed, HEADER_BYTES, end) !== header.readUInt32LE(12)) {
    throw damaged('its checksum is wrong', 12);
  }
  const text = inflate(compressed, end, rawSize);
  if (strict && text.length !== rawSize) {
    throw damaged(`it holds ${text.length} octets and says ${rawSize}`, 4);
  }
  return text;
}

function damaged(what: string, offset: number): FormatError {
  return new FormatError(
    `Compressed RTF can't be read: ${what}; read the plain text or HTML of the message instead`,
    'RTF',
    offset,
  );
}

/** At most this many octets come of each one: eight references of the longest kind from seventeen octets. */
const MOST_GROWTH = Math.ceil((8 * LONGEST) / 17);

function inflate(source: Uint8Array, end: number, rawSize: number): Uint8Array {
  const contents = Math.max(0, end - HEADER_BYTES);
  // What the text can't be longer than, whatever RAWSIZE says; RAWSIZE is the truth in every file that is whole.
  const most = contents * MOST_GROWTH + LONGEST;
  const bound = Math.min(most, rawSize + LONGEST);
  enforceLimit('rtfBytes', Math.min(rawSize, most), 'The size of an RTF text');
  const begin = preloaded.length;
  const target = Buffer.allocUnsafeSlow(begin + bound + LONGEST);
  target.set(preloaded);
  const stop = begin + Math.min(rawSize, most);
  let at = HEADER_BYTES;
  let to = begin;
  while (at < end && to < stop) {
    let control = source[at++] ?? 0;
    for (let token = 0; token < 8; token++, control >>= 1) {
      if (at >= end || to >= stop) break;
      if ((control & 1) === 0) {
        target[to++] = source[at++] ?? 0;
        continue;
      }
      if (at + 1 >= end) {
        at = end;
        break;
      }
      const high = source[at] ?? 0;
      const low = source[at + 1] ?? 0;
      at += 2;
      const distance = (to - ((high << 4) | (low >> 4))) & (DICTIONARY_BYTES - 1);
      // A reference to where the next octet goes ends the text.
      if (distance === 0) return target.subarray(begin, Math.min(to, stop));
      let from = to - distance;
      const last = to + (low & 15) + 2;
      // Before its first octet the dictionary holds nothing.
      while (from < 0 && to < last) {
        target[to++] = 0;
        from++;
      }
      while (to < last) target[to++] = target[from++] ?? 0;
    }
  }
  return target.subarray(begin, Math.min(to, stop));
}
