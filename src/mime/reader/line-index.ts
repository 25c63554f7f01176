// Offset to line number, counted only as far as somebody asked.
import { type ByteSource, viewOf } from '../../base/internal.ts';

const BLOCK = 65_536;

/** Line numbers of an input, from 1; each octet is looked at once for the index and once a query at most a block. */
export class LineIndex {
  readonly #source: ByteSource;
  readonly #lineEnd: number;
  // Line ends before the start of block n; the first block has none before it.
  readonly #before: number[] = [0];

  constructor(source: ByteSource, lineEnd: number) {
    this.#source = source;
    this.#lineEnd = lineEnd;
  }

  /** The line that holds the octet at `offset`. */
  lineAt(offset: number): number {
    const block = Math.floor(Math.min(offset, this.#source.size) / BLOCK);
    for (let known = this.#before.length - 1; known < block; known++) {
      const sum = this.#before[known] ?? 0;
      this.#before.push(sum + this.#count(known * BLOCK, (known + 1) * BLOCK));
    }
    return 1 + (this.#before[block] ?? 0) + this.#count(block * BLOCK, offset);
  }

  #count(start: number, end: number): number {
    const block = viewOf(this.#source.read(start, end));
    let count = 0;
    for (let at = block.indexOf(this.#lineEnd); at !== -1; count++) {
      at = block.indexOf(this.#lineEnd, at + 1);
    }
    return count;
  }
}
