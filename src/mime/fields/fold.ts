// Lays pieces of a header field out on lines of 78 columns (RFC 5322 section 2.2.3). Knows columns only;
// what the pieces mean is for the files of each kind of field.
import { Buffer } from 'node:buffer';

/** Columns a line should not pass (RFC 5322 section 2.1.1). */
export const LINE_COLUMNS = 78;

/** Builds the value of one field, folding before a piece that does not fit on the line. */
export class FoldedValue {
  #text = '';
  #column: number;

  /** @param name The field's name, which stands before the value on the first line. */
  constructor(name: string) {
    this.#column = name.length + 2;
  }

  /** Adds a piece that stays whole, after a blank or a fold when it is not the first. */
  add(piece: string): void {
    const width = columns(piece);
    if (this.#text === '') this.#text = piece;
    else if (this.#column + 1 + width <= LINE_COLUMNS) {
      this.#text += ` ${piece}`;
      this.#column += 1;
    } else {
      this.#text += `\r\n ${piece}`;
      this.#column = 1;
    }
    this.#column += width;
  }

  /** Columns left on this line for the next piece. */
  get room(): number {
    return LINE_COLUMNS - this.#column - (this.#text === '' ? 0 : 1);
  }

  /** Whether nothing was added; the first piece is never folded. */
  get isEmpty(): boolean {
    return this.#text === '';
  }

  /** The value so far. */
  toString(): string {
    return this.#text;
  }
}

/** Octets of the text in UTF-8, which is what the limits of a line count (RFC 6532 section 3.4). */
export function columns(text: string): number {
  return Buffer.byteLength(text);
}
