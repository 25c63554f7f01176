// What can be wrong with mail that is read, and the log that collects it.
import type { LineIndex } from './line-index.ts';

/** A deviation from the standards that was met while reading; the mail is read all the same. */
export interface MimeProblem {
  /** A stable string to switch on; see {@link ProblemCode}. */
  readonly code: ProblemCode;
  /** What is wrong and how it was read, for people. */
  readonly message: string;
  /** Where, in octets from the start of the input. */
  readonly offset: number;
  /** Where, as a line of the input counted from 1. Worked out when asked for. */
  readonly line: number;
}

const MESSAGES = {
  'mbox-line': 'A mailbox separator line (From ) stands before the header; it was skipped',
  'byte-order-mark': 'A byte order mark stands before the header; it was skipped',
  'cr-line-ends': 'Lines end in CR alone; CR was read as a line end',
  'header-missing': 'The message has no header; all of it was read as body',
  'header-line-invalid': 'A line of the header is not a field; it was skipped',
  'header-separator-missing': 'No empty line parts header and body; the body starts at this line',
  'header-cut-by-boundary': 'A boundary stands inside a header; the part has no body',
  'content-type-invalid': 'Content-Type is not a media type; it was read as text/plain',
  'content-type-repeated': 'Content-Type is given more than once; the first one counts',
  'boundary-missing': 'A multipart names no boundary; its body was kept whole',
  'boundary-not-found': 'A multipart holds no part; all of its body is preamble',
  'boundary-not-closed': 'The last boundary of a multipart is missing; it ends here',
  'encoding-unknown': 'Content-Transfer-Encoding is not known; the content was left as it is',
  'encoding-on-multipart': 'A multipart is said to be encoded; the encoding was ignored',
  'charset-unknown': 'The charset is not known; the text was guessed',
  'base64-invalid': 'The base64 holds other characters or is cut short; they were skipped',
  'date-invalid': 'The date can not be read',
  'address-invalid':
    'The address is not as the standards have it; it was read as well as it could be',
  'address-encoded': 'An address stands in encoded words, where none may stand; it was decoded',
  'too-many-problems': 'There are more problems; only the first ones are listed',
} as const;

/** Every `code` a {@link MimeProblem} can have. Stable: a code is never reused for another deviation. */
export type ProblemCode = keyof typeof MESSAGES;

/** Collects problems of one input and knows its lines. */
export class ProblemLog {
  /** What was found, in the order it was found. */
  readonly found: MimeProblem[] = [];
  readonly #lines: LineIndex;
  // A hostile message must not make more problem records than it has parts worth reading.
  readonly #most: number;

  constructor(lines: LineIndex, most: number) {
    this.#most = most;
    this.#lines = lines;
  }

  /** Records a problem; past the bound only one more, which says so. */
  add(code: ProblemCode, offset: number): void {
    const { length } = this.found;
    if (length > this.#most) return;
    this.found.push(
      makeProblem(length < this.#most ? code : 'too-many-problems', offset, this.#lines),
    );
  }
}

/** One problem; its line is worked out when it is read. */
function makeProblem(code: ProblemCode, offset: number, lines: LineIndex): MimeProblem {
  return {
    code,
    message: MESSAGES[code],
    offset,
    get line() {
      return lines.lineAt(offset);
    },
  };
}
