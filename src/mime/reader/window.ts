// The piece of an input that a scanner still needs. Chunks are looked at where they are; only what
// must be kept from one chunk to the next is copied, into a buffer that grows by doubling.
import { Buffer } from 'node:buffer';
import { viewOf } from '../../base/internal.ts';

/** Line feed. */
export const LF = 0x0a;
/** Carriage return. */
export const CR = 0x0d;

const LEAST_CAPACITY = 4096;

/** Octets of an input, from `base` on. */
export class Window {
  /** The octets at hand. */
  bytes: Buffer = Buffer.alloc(0);
  /** Where `bytes[0]` stands in the whole input. */
  base = 0;
  /** The octet that ends a line. A CR before LF belongs to the line end too. */
  lineEnd: number = LF;
  // Memory of our own that `bytes` is a view of; undefined while `bytes` is the caller's chunk.
  #own: Buffer | undefined;

  /** The octet after the last one at hand, counted in the whole input. */
  get end(): number {
    return this.base + this.bytes.length;
  }

  /** Adds a chunk; octets before `keepFrom` (counted in the whole input) are let go. */
  append(chunk: Uint8Array, keepFrom: number): void {
    const kept = this.bytes.subarray(keepFrom - this.base);
    this.base = keepFrom;
    if (kept.length === 0) {
      this.bytes = viewOf(chunk);
      this.#own = undefined;
      return;
    }
    const length = kept.length + chunk.length;
    let own = this.#own;
    let start = own ? kept.byteOffset - own.byteOffset : 0;
    if (!own || start + length > own.length) {
      // Moving within the same memory only when at least half of it gets free keeps the copying linear.
      const target = own && 2 * length <= own.length ? own : grown(length);
      kept.copy(target);
      own = target;
      start = 0;
    }
    own.set(chunk, start + kept.length);
    this.#own = own;
    this.bytes = own.subarray(start, start + length);
  }

  /** Octets that stay as they are: a view of the caller's chunk, else a copy. */
  lasting(start: number, end: number): Uint8Array {
    const view = this.bytes.subarray(start - this.base, end - this.base);
    return this.#own ? Buffer.from(view) : view;
  }
}

function grown(length: number): Buffer {
  // Not from the shared pool: the memory is reused and kept for long.
  return Buffer.allocUnsafeSlow(Math.max(LEAST_CAPACITY, 2 * length));
}
