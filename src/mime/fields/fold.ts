// Lays pieces of a header field out on lines of 78 columns (RFC 5322 section 2.2.3). Knows columns only;
// what the pieces mean is for the files of each kind of field.
import { Buffer } from 'node:buffer';

/** Columns a line should not pass (RFC 5322 section 2.1.1). */
export const LINE_COLUMNS = 78;

/** Builds the value of one field, folding before a piece that does not fit on the line. */
export class FoldedValue {
  #text = '';
  #column: number;
  #isLineEmpty = true;

  /** @param name The field's name, which stands before the value on the first line. */
  constructor(name: string) {
    this.#column = name.length + 2;
  }

  /** Adds a piece that is not broken, after a blank when it is not the first; folds there when it must. `trail` is room to keep for what follows it directly. */
  add(piece: string, trail = 0): void {
    const width = columns(piece);
    if (!this.#isLineEmpty) {
      if (this.#column + 1 + width + trail <= LINE_COLUMNS) {
        this.#text += ' ';
        this.#column += 1;
      } else this.fold();
    }
    this.#text += piece;
    this.#column += width;
    this.#isLineEmpty = false;
  }

  /** Adds text directly after the last piece. */
  append(text: string): void {
    this.#text += text;
    this.#column += columns(text);
  }

  /** Begins a new line. */
  fold(): void {
    this.#text += '\r\n ';
    this.#column = 1;
    this.#isLineEmpty = true;
  }

  /** Columns left on this line for a piece that a blank goes before. */
  get room(): number {
    return LINE_COLUMNS - this.#column - (this.#isLineEmpty ? 0 : 1);
  }

  /** The value so far. */
  toString(): string {
    return this.#text;
  }
}

/** Octets of the text in UTF-8, which is what a line's limits count (RFC 6532 section 3.4). */
export function columns(text: string): number {
  return Buffer.byteLength(text);
}
