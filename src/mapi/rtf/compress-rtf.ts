// RTF to compressed RTF (MS-OXRTFCP section 3.2): the longest reference, found by chains of places with the same octets.
import { Buffer } from 'node:buffer';
import {
  COMPRESSED,
  checksumOf,
  DICTIONARY_BYTES,
  HEADER_BYTES,
  LONGEST,
  preloaded,
  UNCOMPRESSED,
} from './lzfu-dictionary.ts';

/** How RTF is packed. */
export interface CompressRtfOptions {
  /**
   * `'lzfu'`: compressed, as Outlook does. `'none'`: as it is with the header that says so (`MELA`), which some old
   * programs don't read. Default: `'lzfu'`.
   */
  readonly method?: 'lzfu' | 'none' | undefined;
}

/** RTF as PidTagRtfCompressed holds it (MS-OXRTFCP). */
export function compressRtf(rtf: Uint8Array, options: CompressRtfOptions = {}): Uint8Array {
  const { method = 'lzfu' } = options;
  if (method === 'none') {
    const packed = Buffer.allocUnsafeSlow(HEADER_BYTES + rtf.length);
    packed.set(rtf, HEADER_BYTES);
    writeHeader(packed, rtf.length, UNCOMPRESSED, 0);
    return packed;
  }
  const packed = deflate(rtf);
  writeHeader(packed, rtf.length, COMPRESSED, checksumOf(packed, HEADER_BYTES));
  return packed;
}

function writeHeader(packed: Buffer, rawSize: number, type: number, checksum: number): void {
  packed.writeUInt32LE(packed.length - 4, 0);
  packed.writeUInt32LE(rawSize, 4);
  packed.writeUInt32LE(type, 8);
  packed.writeUInt32LE(checksum, 12);
}

/** A reference may not lead to where the next octet goes, so the oldest place of the dictionary is of no use. */
const FARTHEST = DICTIONARY_BYTES - 1;
const MASK = DICTIONARY_BYTES - 1;
const HASH_BITS = 13;
/** References that are longer are taken from the first place that has one. */
const SHORT = 8;
/** Places that are looked at for one reference: more find little and take long. */
const MOST_PLACES = 5;

/** Of references that are longer, every other place is enough to be found again. */
const LONG = 9;

/** Of three octets. */
const hashAt = (source: Uint8Array, at: number): number =>
  (((source[at] as number) << 9) ^ ((source[at + 1] as number) << 4) ^ (source[at + 2] as number)) &
  ((1 << HASH_BITS) - 1);

function deflate(rtf: Uint8Array): Buffer {
  const begin = preloaded.length;
  const end = begin + rtf.length;
  // Three octets more, so that what is looked at behind the last one is there.
  const source = new Uint8Array(end + 3);
  source.set(preloaded);
  source.set(rtf, begin);
  const target = Buffer.allocUnsafeSlow(HEADER_BYTES + rtf.length + (rtf.length >> 3) + 4);
  // Places are kept as themselves plus one, so that 0 is none: the last one with three octets and back from one to the
  // next; and an old one with two octets, for of those the specification takes the oldest.
  const last = new Int32Array(1 << HASH_BITS);
  const before = new Int32Array(DICTIONARY_BYTES);
  const pairs = new Int32Array(65_536);
  let known = 0;
  let to = HEADER_BYTES;
  let at = begin;
  let control = 0;
  let controlAt = to++;
  let token = 0;
  for (let place = 0; place < begin - 2; place++) {
    const pair = ((source[place] as number) << 8) | (source[place + 1] as number);
    if (pairs[pair] === 0) pairs[pair] = place + 1;
  }
  while (at < end) {
    if (token === 8) {
      target[controlAt] = control;
      controlAt = to++;
      control = 0;
      token = 0;
    }
    // What the dictionary begins with is remembered whole.
    const step = at - known < LONG || at === begin ? 1 : 2;
    for (; known < at; known += step) {
      const hash = hashAt(source, known);
      before[known & MASK] = last[hash] as number;
      last[hash] = known + 1;
    }
    known = at;
    const most = Math.min(LONGEST, end - at);
    const lowest = Math.max(1, at - FARTHEST + 1);
    let length = 2;
    let found = 0;
    let place = last[hashAt(source, at)] as number;
    for (let left = MOST_PLACES; place >= lowest && left > 0; left--) {
      const from = place - 1;
      // Of places that are equally good the specification takes the oldest one; long ones are not looked for so far.
      const decisive = length < SHORT ? length - 1 : length;
      if (source[from + decisive] === source[at + decisive] && source[from] === source[at]) {
        let same = 1;
        while (same < most && source[from + same] === source[at + same]) same++;
        if (same >= length && same > 2) {
          length = same;
          found = place;
          if (same === most) break;
        }
      }
      place = before[from & MASK] as number;
    }
    const pair = ((source[at] as number) << 8) | (source[at + 1] as number);
    const old = pairs[pair] as number;
    if (found === 0 && old >= lowest && most >= 2) found = old;
    if (old < lowest) pairs[pair] = at + 1;
    if (found > 0) {
      const reference = (((found - 1) & MASK) << 4) | (length - 2);
      target[to] = reference >> 8;
      target[to + 1] = reference;
      to += 2;
      control |= 1 << token;
      at += length;
    } else target[to++] = source[at++] as number;
    token++;
  }
  if (token === 8) {
    target[controlAt] = control;
    controlAt = to++;
    control = 0;
    token = 0;
  }
  target[controlAt] = control | (1 << token);
  const stop = (at & MASK) << 4;
  target[to++] = stop >> 8;
  target[to++] = stop;
  return target.subarray(0, to);
}
