// A stream of a compound file, as a source: runs of octets of the file, one after the other.
import { Buffer } from 'node:buffer';
import { type ByteSource, checkRange, rangeSource } from '../../base/internal.ts';

/** Where octets of a stream are in the file. */
export interface Extent {
  /** The first octet, counted from the beginning of the file. */
  readonly start: number;
  /** How many. */
  readonly length: number;
}

/** The extents of a file as one source. Memory stays a view where they are one run. */
export function extentSource(file: ByteSource, extents: readonly Extent[]): ByteSource {
  const [first] = extents;
  return first && extents.length === 1
    ? rangeSource(file, first.start, first.start + first.length)
    : new ExtentSource(file, extents);
}

class ExtentSource implements ByteSource {
  readonly size: number;
  readonly bytes: undefined = undefined;
  readonly #file: ByteSource;
  readonly #extents: readonly Extent[];
  /** Where in the stream each extent begins. */
  readonly #positions: Float64Array;

  constructor(file: ByteSource, extents: readonly Extent[]) {
    this.#file = file;
    this.#extents = extents;
    this.#positions = new Float64Array(extents.length);
    let position = 0;
    for (const [index, { length }] of extents.entries()) {
      this.#positions[index] = position;
      position += length;
    }
    this.size = position;
  }

  read(start: number, end: number): Uint8Array {
    checkRange(start, end);
    const pieces = [...this.#pieces(start, end)].map(([from, to]) => this.#file.read(from, to));
    const [only] = pieces;
    return only && pieces.length === 1 ? only : Buffer.concat(pieces);
  }

  async *stream(start: number, end: number): AsyncGenerator<Uint8Array> {
    for (const [from, to] of this.#pieces(start, end)) yield* this.#file.stream(from, to);
  }

  async *pass(start: number, end: number): AsyncGenerator<Uint8Array> {
    for (const [from, to] of this.#pieces(start, end)) yield* this.#file.pass(from, to);
  }

  /** Where in the file the octets of a range are. */
  *#pieces(start: number, end: number): Generator<readonly [from: number, to: number]> {
    for (let index = this.#indexOf(start); index < this.#extents.length; index++) {
      const extent = this.#extents[index];
      const position = this.#positions[index] ?? end;
      if (extent === undefined || position >= end) return;
      const from = Math.max(start - position, 0);
      const to = Math.min(end - position, extent.length);
      if (from < to) yield [extent.start + from, extent.start + to];
    }
  }

  /** The last extent that begins at or before a position; a file may have very many. */
  #indexOf(position: number): number {
    let low = 0;
    let high = this.#positions.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#positions[middle] ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
