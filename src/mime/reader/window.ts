// The piece of an input that a scanner still needs. Chunks are looked at where they are; only what
// must be kept from one chunk to the next is copied, into a buffer that grows by doubling.
import { Buffer } from 'node:buffer';
import { viewOf } from '../../base/internal.ts';

/** Line feed. */
export const LF = 0x0a;
/** Carriage return. */
export const CR = 0x0d;

const LEAST_CAPACITY = 4096;
const NOTHING = Buffer.alloc(0);

/** Octets of an input, from `base` on. */
export class Window {
  /** The octets at hand. */
  bytes: Buffer = NOTHING;
  /** Where `bytes[0]` stands in the whole input. */
  base = 0;
  /** The octet that ends a line. A CR before LF belongs to the line end too. */
  lineEnd: number = LF;
  // Memory of our own, used again for each chunk that can not be looked at alone.
  #own: Buffer = NOTHING;
  /** Where `bytes` begins in it; -1 when `bytes` is the caller's chunk. */
  #ownStart = 0;

  /** The octet after the last one at hand, counted in the whole input. */
  get end(): number {
    return this.base + this.bytes.length;
  }

  /** Adds a chunk, behind what was kept. */
  append(chunk: Uint8Array): void {
    const kept = this.bytes;
    if (kept.length === 0) {
      this.bytes = viewOf(chunk);
      this.#ownStart = -1;
      return;
    }
    const length = kept.length + chunk.length;
    if (this.#ownStart + length > this.#own.length) this.#move(kept, length);
    this.#own.set(chunk, this.#ownStart + kept.length);
    this.bytes = this.#own.subarray(this.#ownStart, this.#ownStart + length);
  }

  /** Lets go of the octets before `from` (counted in the whole input) and of the caller's chunk. */
  keep(from: number): void {
    const kept = this.bytes.subarray(from - this.base);
    if (kept.length === 0) this.bytes = NOTHING;
    else if (this.#ownStart === -1) this.#move(kept, kept.length);
    else {
      this.#ownStart += from - this.base;
      this.bytes = kept;
    }
    this.base = from;
  }

  /** Octets that stay as they are: a view of the caller's chunk, else a copy. */
  lasting(start: number, end: number): Uint8Array {
    const view = this.bytes.subarray(start - this.base, end - this.base);
    return this.#ownStart === -1 ? view : Buffer.from(view);
  }

  /** Moves octets to the start of own memory, with room for `length` there. */
  #move(kept: Buffer, length: number): void {
    // Moving within the same memory only when at least half of it gets free keeps the copying linear.
    // A new one is not from the shared pool: it is used again and kept for long.
    if (2 * length > this.#own.length) {
      this.#own = Buffer.allocUnsafeSlow(Math.max(LEAST_CAPACITY, 2 * length));
    }
    kept.copy(this.#own);
    this.#ownStart = 0;
    this.bytes = this.#own.subarray(0, kept.length);
  }
}
