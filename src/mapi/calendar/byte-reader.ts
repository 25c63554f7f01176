// Little-endian values of a small binary property, one after another, within its bounds.
import type { Buffer } from 'node:buffer';
import { FormatError } from '../../base/index.ts';
import { viewOf } from '../../base/internal.ts';

/** Reads the values of a property. What is not there is a {@link FormatError}. */
export class ByteReader {
  /** Where the next value stands. */
  offset = 0;
  readonly #bytes: Buffer;
  readonly #format: string;

  /** @param format What it is, for the error: `'recurrence pattern'`. */
  constructor(bytes: Uint8Array, format: string) {
    this.#bytes = viewOf(bytes);
    this.#format = format;
  }

  /** Octets that are not read yet. */
  get left(): number {
    return this.#bytes.length - this.offset;
  }

  u8(): number {
    return this.#bytes.readUInt8(this.#take(1));
  }

  u16(): number {
    return this.#bytes.readUInt16LE(this.#take(2));
  }

  u32(): number {
    return this.#bytes.readUInt32LE(this.#take(4));
  }

  i32(): number {
    return this.#bytes.readInt32LE(this.#take(4));
  }

  /** Octets of the property itself, no copy. */
  bytes(length: number): Uint8Array {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** UTF-16LE. */
  text(units: number): string {
    const start = this.#take(units * 2);
    return this.#bytes.toString('utf16le', start, start + units * 2);
  }

  /** A count of things that take some octets each: more than there is room for is an error before anything is kept. */
  count(count: number, octets: number): number {
    if (count * octets > this.left) throw this.#cutShort();
    return count;
  }

  #take(length: number): number {
    if (length > this.left) throw this.#cutShort();
    const start = this.offset;
    this.offset += length;
    return start;
  }

  #cutShort(): FormatError {
    return new FormatError(
      `The ${this.#format} is cut short or damaged; leave it out, or use the file it came from`,
      this.#format,
      this.offset,
    );
  }
}
