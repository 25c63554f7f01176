// Reading uuencode (POSIX uuencode), the transfer encoding of mail before MIME, whole or chunk by chunk.
import { Buffer } from 'node:buffer';
import { concatBytes, latin1, viewOf } from '../base/internal.ts';
import { LF, SPACE } from './octets.ts';
import type { StreamDecoder } from './stream-decoder.ts';

const BEGIN = /^begin [0-7]{3,4} /;
const BEGIN_ROOM = 11;
/** How far into the text the `begin` line may stand. */
const BEGIN_WITHIN = 65_536;
const END = /^end\s*$/;
// No line of data is longer, and none makes more octets.
const LINE_ROOM = 88;
const LINE_OCTETS = 63;
const NOTHING = new Uint8Array(0);

/**
 * The octets between the `begin` and `end` lines. Without a `begin` line in the first 64 KiB every line counts as
 * data. Lines that are not uuencoded are skipped; spaces that are missing at the end of a line stand for zero.
 */
export function decodeUuencode(bytes: Uint8Array): Uint8Array {
  const decoder = new UuencodeDecoder();
  return concatBytes([Buffer.from(decoder.push(bytes)), decoder.end()]);
}

/** Decodes uuencoded text as it comes, as {@link decodeUuencode} does all at once. */
export class UuencodeDecoder implements StreamDecoder {
  #stage: 'before' | 'skipping' | 'data' | 'over' = 'before';
  /** What stands before the `begin` line, as far as it came, or a line without its end. */
  #kept: Uint8Array = NOTHING;
  #target: Buffer = Buffer.alloc(0);
  #length = 0;

  push(chunk: Uint8Array): Uint8Array {
    this.#length = 0;
    this.#take(viewOf(this.#kept.length === 0 ? chunk : concatBytes([this.#kept, chunk])), false);
    return this.#target.subarray(0, this.#length);
  }

  end(): Uint8Array {
    this.#length = 0;
    this.#take(viewOf(this.#kept), true);
    this.#stage = 'before';
    this.#kept = NOTHING;
    return this.#target.subarray(0, this.#length);
  }

  #take(bytes: Buffer, final: boolean): void {
    let at = 0;
    if (this.#stage === 'before') at = this.#findBegin(bytes, final);
    while (at < bytes.length && (this.#stage === 'skipping' || this.#stage === 'data')) {
      const found = bytes.indexOf(LF, at);
      const end = found === -1 ? bytes.length : found;
      if (found === -1 && !final && end - at <= LINE_ROOM) break;
      const isEnd = this.#stage === 'data' && !this.#takeLine(bytes, at, end);
      this.#stage = isEnd ? 'over' : found === -1 ? 'skipping' : 'data';
      at = end + 1;
    }
    const isNeeded = this.#stage !== 'over' && at < bytes.length;
    this.#kept = isNeeded ? new Uint8Array(bytes.subarray(at)) : NOTHING;
  }

  /** Where the text goes on behind what was understood. */
  #findBegin(bytes: Buffer, final: boolean): number {
    let at = bytes.indexOf('begin', 0, 'latin1');
    while (at !== -1 && at < BEGIN_WITHIN) {
      if (!final && bytes.length - at < BEGIN_ROOM) return 0;
      const isLine = at === 0 || bytes[at - 1] === LF;
      if (isLine && BEGIN.test(latin1(bytes, at, Math.min(bytes.length, at + BEGIN_ROOM)))) {
        this.#stage = 'skipping';
        return at;
      }
      at = bytes.indexOf('begin', at + 5, 'latin1');
    }
    // Four octets more, for a begin that is cut.
    if (final || bytes.length >= BEGIN_WITHIN + 4) this.#stage = 'data';
    return 0;
  }

  /** Decodes a line; `false` when it is the last one. */
  #takeLine(bytes: Buffer, start: number, end: number): boolean {
    if (bytes[start] === 0x65 && end - start <= 5 && END.test(latin1(bytes, start, end))) {
      return false;
    }
    const first = bytes[start] ?? 0;
    const count = (first - SPACE) & 0x3f;
    const isData = first > SPACE && first <= 0x60 && count > 0;
    // A line may be short by its last spaces, not longer.
    if (!isData || end - start - 1 > 4 * Math.ceil(count / 3) + 3) return true;
    const target = this.#room();
    let from = start + 1;
    for (let to = this.#length; to < this.#length + count; to += 3, from += 4) {
      const bits =
        (six(bytes, from, end) << 18) |
        (six(bytes, from + 1, end) << 12) |
        (six(bytes, from + 2, end) << 6) |
        six(bytes, from + 3, end);
      target[to] = bits >> 16;
      target[to + 1] = bits >> 8;
      target[to + 2] = bits;
    }
    this.#length += count;
    return true;
  }

  /** Memory with room for one line more. */
  #room(): Buffer {
    if (this.#length + LINE_OCTETS > this.#target.length) {
      const longer = Buffer.allocUnsafeSlow(Math.max(8192, 2 * this.#target.length));
      this.#target.copy(longer, 0, 0, this.#length);
      this.#target = longer;
    }
    return this.#target;
  }
}

function six(bytes: Buffer, at: number, end: number): number {
  const octet = at < end ? (bytes[at] ?? SPACE) : SPACE;
  return octet < SPACE || octet > 0x60 ? 0 : (octet - SPACE) & 0x3f;
}
