// A multipart that was read: what its delimiters look like, and what stands between its parts.
import { latin1 } from '../../base/internal.ts';
import type { ParsedEntity } from '../../mime/index.ts';

/** Delimiter lines are short: RFC 2046 allows 72 octets and white space. */
const DELIMITER_BYTES = 4096;

/** The octets around the parts of a multipart. */
export class StoredMultipart {
  /** Two hyphens and the boundary, as they stand before the first part. */
  readonly delimiter: string;
  /** Where each part begins. */
  readonly starts: readonly number[];
  /** Where each part ends. */
  readonly ends: readonly number[];
  /** Whether there is a delimiter that ends it. */
  readonly isClosed: boolean;
  readonly #part: ParsedEntity;

  constructor(part: ParsedEntity) {
    this.#part = part;
    this.starts = part.parts.map(({ range }) => range.start);
    this.ends = part.parts.map(({ range }) => range.end);
    const { headerEnd, end } = part.range;
    const first = this.starts[0] ?? end;
    const before = this.#text(Math.max(headerEnd, first - DELIMITER_BYTES), first);
    this.delimiter =
      before
        .trimEnd()
        .split(/[\r\n]/)
        .at(-1) ?? '';
    const last = this.ends.at(-1) ?? end;
    const after = this.#text(last, last + this.delimiter.length + 4);
    this.isClosed = after.trimStart().startsWith(`${this.delimiter}--`);
  }

  /** Whether a line ends at this place, so that what comes next is set off from what is before it. */
  isLineEnd(at: number): boolean {
    return /^[\r\n]/.test(this.#text(at, at + 1));
  }

  #text(start: number, end: number): string {
    return latin1(this.#part.source.read(start, Math.min(end, this.#part.range.end)));
  }
}
