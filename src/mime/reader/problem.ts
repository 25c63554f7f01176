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
  // The header's lines.
  'mbox-line': 'A mailbox separator line (From ) stands before the header; it was skipped',
  'byte-order-mark': 'A byte order mark stands before the header; it was skipped',
  'cr-line-ends': 'Lines end in CR alone; CR was read as a line end',
  'header-missing': 'The message has no header; all of it was read as body',
  'header-line-invalid': 'A line of the header is not a field; it was skipped',
  'header-separator-missing': 'No empty line parts header and body; the body starts at this line',
  'header-cut-by-boundary': 'A boundary stands inside a header; the part has no body',
  // Fields.
  'field-repeated': 'A field that may stand once is given again (RFC 5322 section 3.6)',
  'field-control': 'A field holds control characters, such as NUL or a CR that ends no line',
  'field-not-utf8': 'A field holds octets that are not UTF-8; their charset was guessed',
  'content-type-invalid': 'Content-Type is not a media type; it was read as text/plain',
  'content-type-repeated': 'Content-Type is given more than once; the first one counts',
  'parameter-invalid':
    'The parameters of the field are badly written; they were read as well as they could be',
  'parameter-repeated': 'A parameter is given more than once; its best form counts, or the first',
  'parameter-encoded-word':
    'A parameter is an encoded word, which it may not be (RFC 2047); it was decoded',
  'encoded-word-invalid': 'An encoded word can not be decoded; it was left as it is',
  'encoded-word-control':
    'An encoded word hides line ends or NUL, as header injection does; they became spaces',
  'identifier-invalid': 'The identifier is not of the form <left@right>',
  'date-invalid': 'The date can not be read',
  'address-invalid':
    'The address is not as the standards have it; it was read as well as it could be',
  'address-encoded': 'An address stands in encoded words, where none may stand; it was decoded',
  'name-is-address': 'The name shown for an address looks like another address',
  'bidi-control': 'The text shown holds characters that reorder it, as to hide what it says',
  // The structure.
  'boundary-missing': 'A multipart names no boundary; its body was kept whole',
  'boundary-invalid':
    'The boundary is longer than 70 characters or holds others than it may; it was used',
  'boundary-repeated':
    'A multipart has the boundary of one around it; lines with it belong to the inner one',
  'boundary-not-found': 'A multipart holds no part; all of its body is preamble',
  'boundary-not-closed': 'The last boundary of a multipart is missing; it ends here',
  'boundary-after-end': 'A boundary stands after the last one; what follows it is epilogue',
  'encoding-unknown': 'Content-Transfer-Encoding is not known; the content was left as it is',
  'encoding-on-multipart': 'A multipart is said to be encoded; the encoding was ignored',
  'encoding-on-message': 'A message in the message is encoded, which it may not be; it was decoded',
  // The content.
  'eight-bit': 'Octets above 127 stand in a body that is said to have none; they were kept',
  'nul-octet': 'NUL stands in a body that is not binary; it was kept',
  'bare-cr': 'A CR that ends no line stands in a body that is not binary; it was kept',
  'line-too-long': 'A line is longer than 998 octets (RFC 5322 section 2.1.1)',
  'charset-unknown':
    'The charset is not known; the text was read as UTF-8 or in the fallback charset',
  'charset-missing': 'The text names no charset; it was read as UTF-8 or in the fallback charset',
  'charset-invalid': 'The text holds octets that are nothing in its charset; they became U+FFFD',
  'utf7-refused': 'The text is in UTF-7, which is not decoded unless asked for',
  'base64-invalid': 'The base64 holds other characters or is cut short; they were skipped',
  'quoted-printable-invalid': 'An = of quoted-printable begins no encoded octet; it was kept',
  'uuencode-block': 'The text holds a uuencoded file; it was left in the text',
  'yenc-block': 'The text holds a file in yEnc; it was left as it is',
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
