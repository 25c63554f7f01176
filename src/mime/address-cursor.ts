// A place in the text of an address, the lexical tokens that can stand there (RFC 5322 section 3.2) and
// the errors that point at it. Grammar is in addr-spec.ts and address-parser.ts.
import { addressError, shown } from './address-error.ts';
import { runEnd } from './address-syntax.ts';

const SPACE = 0x20;
const TAB = 0x09;
const LINE_BREAK = /[\0\r\n]/;

/** Reads a text once, from left to right. */
export class AddressCursor {
  readonly text: string;
  /** The name of the header field or option the text was given for. */
  readonly field: string | undefined;
  /** UTF-16 units read so far. */
  position = 0;

  constructor(text: string, field: string | undefined) {
    this.text = text;
    this.field = field;
  }

  /** The character that stands here; `''` at the end. */
  peek(): string {
    return this.text.charAt(this.position);
  }

  /** Goes past blanks and tabs. */
  skipBlanks(): void {
    const { text } = this;
    for (let code = text.charCodeAt(this.position); code === SPACE || code === TAB; ) {
      this.position += 1;
      code = text.charCodeAt(this.position);
    }
  }

  /** Goes past a run of atoms and dots, which may be empty, and gives it. */
  run(): string {
    const start = this.position;
    this.position = runEnd(this.text, start);
    return this.text.slice(start, this.position);
  }

  /** Goes past the quoted-string that begins here and gives its value. */
  quoted(): string {
    const { text, position: start } = this;
    let value = '';
    let from = start + 1;
    let at = from;
    for (let char = text.charAt(at); char !== '"'; char = text.charAt(at)) {
      if (char === '\\' && at + 1 < text.length) {
        value += text.slice(from, at);
        from = at + 1;
        at = from;
      }
      if (LINE_BREAK.test(text.charAt(at))) this.#failLineBreak(at);
      if (at >= text.length) this.fail('the quote is not closed', `write '"' at its end`, start);
      at += 1;
    }
    this.position = at + 1;
    return value + text.slice(from, at);
  }

  /** Throws: what should stand here does not. Says so in its own words for what people often write. */
  failExpected(expected: string): never {
    const char = this.peek();
    if (LINE_BREAK.test(char)) this.#failLineBreak(this.position);
    if (char === '(' || char === ')') {
      this.fail('comments are not taken', "remove '(…)', or put the whole name in quotes");
    }
    this.fail(`${expected}, found ${char === '' ? 'the end' : shown(char)}`);
  }

  /** Throws the error for this text, pointing at `position`. */
  fail(problem: string, cure?: string, position: number = this.position): never {
    throw addressError(this.text, position, problem, cure, this.field);
  }

  #failLineBreak(position: number): never {
    this.fail('CR, LF and NUL cannot be in an address', 'remove the character', position);
  }
}
