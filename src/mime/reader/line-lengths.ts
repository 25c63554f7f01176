// The limit on a line's length, kept without looking at every line.
import { enforceLimit, viewOf } from '../../base/internal.ts';
import { LF } from './window.ts';

const WHAT = 'A line of the message';

/** Watches octets go by and throws when a line is over the limit `lineBytes`. */
export class LineLengths {
  // Octets since the last line end.
  #open = 0;
  readonly #bound: number;

  constructor(bound: number) {
    this.#bound = bound;
  }

  /** @throws {LimitError} when a line is too long. */
  check(chunk: Uint8Array): void {
    // Within a piece no longer than the limit, only its first line can be too long: it began earlier.
    for (let at = 0; at < chunk.length; at += this.#bound) {
      const piece = viewOf(chunk.subarray(at, at + this.#bound));
      if (this.#open + piece.length <= this.#bound) {
        const last = piece.lastIndexOf(LF);
        this.#open = last === -1 ? this.#open + piece.length : piece.length - 1 - last;
        continue;
      }
      const first = piece.indexOf(LF);
      enforceLimit(
        'lineBytes',
        this.#open + (first === -1 ? piece.length : first),
        WHAT,
        this.#bound,
      );
      this.#open =
        first === -1 ? this.#open + piece.length : piece.length - 1 - piece.lastIndexOf(LF);
    }
  }
}
