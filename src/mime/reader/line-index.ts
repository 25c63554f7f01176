// Offset to line number, counted only as far as somebody asked.
import { viewOf } from '../../base/internal.ts';
import { CR, LF } from './window.ts';

const BLOCK = 4096;

/** Line numbers of an input, from 1; each octet is looked at once for the index and once a query at most a block. */
export class LineIndex {
  readonly #bytes: Buffer;
  readonly #lineEnd: number;
  // Line ends before the start of block n; the first block has none before it.
  readonly #before: number[] = [0];

  constructor(bytes: Uint8Array) {
    this.#bytes = viewOf(bytes);
    this.#lineEnd = this.#bytes.includes(LF) ? LF : CR;
  }

  /** The line that holds the octet at `offset`. */
  lineAt(offset: number): number {
    const block = Math.floor(Math.min(offset, this.#bytes.length) / BLOCK);
    for (let known = this.#before.length - 1; known < block; known++) {
      const sum = this.#before[known] ?? 0;
      this.#before.push(sum + this.#count(known * BLOCK, (known + 1) * BLOCK));
    }
    return 1 + (this.#before[block] ?? 0) + this.#count(block * BLOCK, offset);
  }

  #count(start: number, end: number): number {
    const block = this.#bytes.subarray(start, end);
    let count = 0;
    for (let at = block.indexOf(this.#lineEnd); at !== -1; count++) {
      at = block.indexOf(this.#lineEnd, at + 1);
    }
    return count;
  }
}
