// The tokens of RTF (RTF 1.9.1, "Conventions of an RTF Reader"): groups, control words and symbols, text. Linear in the text.

/** What a token is. */
export const TokenKind = {
  /** `{` */
  open: 0,
  /** `}` */
  close: 1,
  /** `\word`, `\word7`: `word` and `parameter`. */
  word: 2,
  /** `\` and one character that is no letter: `word`. */
  symbol: 3,
  /** `\'xx`: `octet`. */
  octet: 4,
  /** Octets as they are: from `start` to `end`. */
  text: 5,
} as const;

/** What a token is. */
export type TokenKind = (typeof TokenKind)[keyof typeof TokenKind];

const [BACKSLASH, OPEN, CLOSE, CR, LF, NUL, SPACE, MINUS, QUOTE] = [
  92, 123, 125, 13, 10, 0, 32, 45, 39,
];

const isLetter = (code: number): boolean => (code | 32) >= 97 && (code | 32) <= 122;
const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Reads one token after another of a text that has one character for each octet. */
export class RtfScanner {
  /** What the token is. */
  kind: TokenKind = TokenKind.text;
  /** The name of a control word, in the letters of the file; the character of a symbol. */
  word = '';
  /** The number behind a control word. */
  parameter: number | undefined;
  /** The octet of `\'xx`. */
  octet = 0;
  /** Where the token begins. */
  start = 0;
  /** Where the next one begins. */
  end = 0;
  /** Whether a text holds octets above 127. */
  hasHigh = false;
  readonly #rtf: string;

  constructor(rtf: string) {
    this.#rtf = rtf;
  }

  /** Goes to the next token; `false` at the end. */
  next(): boolean {
    const rtf = this.#rtf;
    let at = this.end;
    let code = rtf.charCodeAt(at);
    // Line ends are not part of the text; neither are the zeros behind the end that some programs write.
    while (code === CR || code === LF || code === NUL) code = rtf.charCodeAt(++at);
    this.start = at;
    if (at >= rtf.length) {
      this.end = at;
      return false;
    }
    if (code === BACKSLASH) this.#control(at + 1);
    else if (code === OPEN || code === CLOSE) {
      this.kind = code === OPEN ? TokenKind.open : TokenKind.close;
      this.end = at + 1;
    } else this.#text(at);
    return true;
  }

  /** Leaves out octets, such as those of a picture. */
  skip(count: number): void {
    this.end = Math.min(this.#rtf.length, this.end + Math.max(0, count));
  }

  #text(start: number): void {
    const rtf = this.#rtf;
    let at = start;
    let all = 0;
    for (; at < rtf.length; at++) {
      const code = rtf.charCodeAt(at);
      if (code === BACKSLASH || code === OPEN || code === CLOSE) break;
      if (code === CR || code === LF || code === NUL) break;
      all |= code;
    }
    this.kind = TokenKind.text;
    this.hasHigh = all > 127;
    this.end = at;
  }

  #control(start: number): void {
    const rtf = this.#rtf;
    let at = start;
    let code = rtf.charCodeAt(at);
    if (!isLetter(code)) {
      if (code === QUOTE) this.#octet(at + 1);
      else {
        this.kind = TokenKind.symbol;
        this.word = rtf.charAt(at);
        this.end = Math.min(rtf.length, at + 1);
      }
      return;
    }
    do code = rtf.charCodeAt(++at);
    while (isLetter(code));
    this.kind = TokenKind.word;
    this.word = rtf.slice(start, at);
    this.parameter = undefined;
    const isNegative = code === MINUS && isDigit(rtf.charCodeAt(at + 1));
    if (isNegative) code = rtf.charCodeAt(++at);
    if (isDigit(code)) {
      let value = 0;
      for (; isDigit(code); code = rtf.charCodeAt(++at)) {
        value = Math.min(2 ** 31, value * 10 + code - 48);
      }
      this.parameter = isNegative ? -value : value;
    }
    this.end = code === SPACE ? at + 1 : at;
  }

  #octet(at: number): void {
    const value = hexOf(this.#rtf.charCodeAt(at)) * 16 + hexOf(this.#rtf.charCodeAt(at + 1));
    this.kind = TokenKind.octet;
    if (value >= 0) {
      this.octet = value;
      this.end = at + 2;
    } else {
      // No number: it stands for nothing, and what follows is text.
      this.kind = TokenKind.symbol;
      this.word = '';
      this.end = Math.min(this.#rtf.length, at);
    }
  }
}

function hexOf(code: number): number {
  if (isDigit(code)) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1000;
}
