// What a TNEF stream is read from: a range of a source, in memory or a file, forward and within its bounds.
import type { Buffer } from 'node:buffer';
import { type ByteSource, rangeSource, viewOf } from '../../base/internal.ts';

const WINDOW_BYTES = 65_536;

/** Octets of a range, one after the other. Reading past the end gives {@link CutShort}. */
export class TnefInput {
  readonly #source: ByteSource;
  readonly #end: number;
  /** Octets in memory: of a source in memory all, else some around the place. */
  #window: Buffer;
  #windowStart = 0;
  #at: number;

  constructor(source: ByteSource, start = 0, end: number = source.size) {
    this.#source = source;
    this.#at = start;
    this.#end = Math.min(end, source.size);
    this.#window = viewOf(source.bytes ?? new Uint8Array(0));
  }

  /** Where the next octet stands in the source. */
  get offset(): number {
    return this.#at;
  }

  /** How many octets are left. */
  get left(): number {
    return this.#end - this.#at;
  }

  u8(): number {
    const at = this.#take(1);
    return this.#window.readUInt8(at);
  }

  u16(): number {
    const at = this.#take(2);
    return this.#window.readUInt16LE(at);
  }

  i16(): number {
    const at = this.#take(2);
    return this.#window.readInt16LE(at);
  }

  u32(): number {
    const at = this.#take(4);
    return this.#window.readUInt32LE(at);
  }

  i32(): number {
    const at = this.#take(4);
    return this.#window.readInt32LE(at);
  }

  u64(): bigint {
    const at = this.#take(8);
    return this.#window.readBigUInt64LE(at);
  }

  i64(): bigint {
    const at = this.#take(8);
    return this.#window.readBigInt64LE(at);
  }

  float(octets: 4 | 8): number {
    const at = this.#take(octets);
    return octets === 4 ? this.#window.readFloatLE(at) : this.#window.readDoubleLE(at);
  }

  /** The next octets; of a source in memory a view, not a copy. */
  bytes(octets: number): Uint8Array {
    if (octets > WINDOW_BYTES && !this.#source.bytes) {
      const start = this.#advance(octets);
      return this.#source.read(start, start + octets);
    }
    const at = this.#take(octets);
    return this.#window.subarray(at, at + octets);
  }

  /** The next octets: read when there are few or they are in memory anyway, else as a source. */
  value(octets: number): Uint8Array | ByteSource {
    if (octets <= WINDOW_BYTES || this.#source.bytes) return this.bytes(octets);
    const start = this.#advance(octets);
    return rangeSource(this.#source, start, start + octets);
  }

  /** The next octets as an input of their own. */
  part(octets: number): TnefInput {
    const start = this.#advance(octets);
    return new TnefInput(this.#source, start, start + octets);
  }

  skip(octets: number): void {
    this.#advance(octets);
  }

  /** Passes over octets that pad to a multiple of four; at the end some may be missing. */
  pad(length: number): void {
    this.#advance(Math.min(-length & 3, this.left));
  }

  #advance(octets: number): number {
    if (octets > this.left) throw new CutShort(this.#at);
    const start = this.#at;
    this.#at += octets;
    return start;
  }

  /** Where the next octets stand in the window, which is moved when need be. */
  #take(octets: number): number {
    const start = this.#advance(octets);
    const at = start - this.#windowStart;
    if (at >= 0 && at + octets <= this.#window.length) return at;
    const end = Math.min(this.#end, start + Math.max(octets, WINDOW_BYTES));
    this.#window = viewOf(this.#source.read(start, end));
    this.#windowStart = start;
    return 0;
  }
}

/** Thrown inside this folder alone: what is read goes on past the end of its range. */
export class CutShort extends Error {
  readonly offset: number;

  constructor(offset: number) {
    super(`Cut short at octet ${offset}`);
    this.offset = offset;
  }
}
