// Where bytes that were stored are read from: memory or a file. No I/O here, only its shape.
import { LimitError } from './errors.ts';
import { limits } from './limits.ts';

/**
 * Bytes that can be read by range. What stands behind it (an array, a file on disk) is known only
 * to who made it; it does not change while it is read, or reading throws.
 */
export interface ByteSource {
  /** Octets in all. */
  readonly size: number;
  /** All octets, when they are in memory anyway; `undefined` when they have to be fetched. */
  readonly bytes: Uint8Array | undefined;
  /**
   * The octets from `start` to before `end`, at once. From memory it is a view, not a copy.
   * @throws {LimitError} `rangeBytes`: they are too many for one array; see `stream`.
   * @throws what the medium throws, with a message that names it.
   */
  read(start: number, end: number): Uint8Array;
  /** The same octets piece by piece, in memory that does not grow with the range; the pieces are the caller's. */
  stream(start: number, end: number): AsyncIterable<Uint8Array>;
  /** As `stream`, for whoever is done with a piece before asking for the next: its memory may be written over then. */
  pass(start: number, end: number): AsyncIterable<Uint8Array>;
}

/** Bytes in memory, as a source. They are not copied, and must not change. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return new MemorySource(bytes);
}

/** A range of a source, as a source of its own. */
export function rangeSource(source: ByteSource, start: number, end: number): ByteSource {
  const { bytes } = source;
  return bytes ? new MemorySource(bytes.subarray(start, end)) : new RangeSource(source, start, end);
}

/** Throws a {@link LimitError} when a range is too long for one array. */
export function checkRange(start: number, end: number): void {
  const bound = limits.rangeBytes;
  if (end - start <= bound) return;
  throw new LimitError(
    'rangeBytes',
    bound,
    `${end - start} octets at once are over the limit 'rangeBytes' of ${bound}; read them with stream()`,
  );
}

class MemorySource implements ByteSource {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get size(): number {
    return this.bytes.length;
  }

  read(start: number, end: number): Uint8Array {
    return this.bytes.subarray(start, end);
  }

  async *stream(start: number, end: number): AsyncGenerator<Uint8Array> {
    if (end > start) yield this.bytes.subarray(start, end);
  }

  pass(start: number, end: number): AsyncIterable<Uint8Array> {
    return this.stream(start, end);
  }
}

class RangeSource implements ByteSource {
  readonly size: number;
  readonly bytes: undefined = undefined;
  readonly #source: ByteSource;
  readonly #start: number;

  constructor(source: ByteSource, start: number, end: number) {
    this.#source = source;
    this.#start = start;
    this.size = end - start;
  }

  read(start: number, end: number): Uint8Array {
    return this.#source.read(this.#start + start, this.#start + end);
  }

  stream(start: number, end: number): AsyncIterable<Uint8Array> {
    return this.#source.stream(this.#start + start, this.#start + end);
  }

  pass(start: number, end: number): AsyncIterable<Uint8Array> {
    return this.#source.pass(this.#start + start, this.#start + end);
  }
}
