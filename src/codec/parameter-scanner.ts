// Cuts a header value into its parts, as badly quoted as they come. What names and values mean is in
// parameter-reader.ts.
import { limits } from '../base/index.ts';

/** A header value cut at its semicolons. */
export interface ScannedValue {
  /** What stands before the first parameter, without comments. */
  readonly value: string;
  /** Name in lower case and value without quotes, in order, at most `limits.parameters` of them. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

/** Cuts the value; never throws, and takes linear time. */
export function scanParameters(raw: string): ScannedValue {
  return new Scanner(raw).scan();
}

const QUOTE = '"';
const BLANKS = ' \t\r\n';
// After the quote that closes a value: its end, a comment, or the next parameter without its semicolon.
const AFTER_VALUE = /[ \t\r\n]*(?:$|[;(]|[ \t\r\n][!#$&+\-.\w^`{|}~*']+[ \t]*=)/y;
// Another parameter inside of a value without quotes: its semicolon was forgotten.
const NEXT_NAME = /[ \t\r\n][A-Za-z][A-Za-z0-9*-]*=/;
const WORD_END = /[;( \t\r\n]/g;
const NAME_END = /[=;]/g;
const TEXT_END = /;/g;
const LAST_COMMENT = /[ \t\r\n]\([^()]*\)[ \t\r\n]*$/;
const QUOTED_PAIR = /\\(.)/g;

class Scanner {
  readonly #raw: string;
  #at = 0;

  constructor(raw: string) {
    this.#raw = raw;
  }

  scan(): ScannedValue {
    const value = this.#scanValue();
    const parameters: [string, string][] = [];
    while (this.#at < this.#raw.length && parameters.length < limits.parameters) {
      const name = this.#scanName();
      if (name === undefined) continue;
      const text = this.#scanText();
      if (name !== '') parameters.push([name, text]);
    }
    return { value, parameters };
  }

  /** Up to the first `;`, or the first blank after which a parameter follows without one. */
  #scanValue(): string {
    const raw = this.#raw;
    let value = '';
    for (;;) {
      this.#skipBlanks();
      const char = raw.charAt(this.#at);
      if (char === '' || char === ';') break;
      if (char === '(') {
        this.#skipComment();
        continue;
      }
      const end = this.#find(WORD_END, this.#at);
      const word = raw.slice(this.#at, end);
      if (value !== '' && word.includes('=')) return value;
      value += value === '' ? word : ` ${word}`;
      this.#at = end;
    }
    return value;
  }

  /** A parameter's name, lower case; `undefined` when no `=` follows it. Stands after the `=` then. */
  #scanName(): string | undefined {
    for (;;) {
      this.#skipBlanks();
      const char = this.#raw.charAt(this.#at);
      if (char === '(') this.#skipComment();
      else if (char === ';') this.#at++;
      else break;
    }
    const end = this.#find(NAME_END, this.#at);
    const name = withoutBlanks(this.#raw.slice(this.#at, end)).toLowerCase();
    this.#at = end;
    if (this.#raw.charAt(end) !== '=') return undefined;
    this.#at++;
    return name;
  }

  /** A parameter's value; stands at the `;` after it, or at the next name. */
  #scanText(): string {
    this.#skipBlanks();
    if (this.#raw.charAt(this.#at) === QUOTE) return this.#scanQuoted();
    let end = this.#find(TEXT_END, this.#at);
    let text = this.#raw.slice(this.#at, end);
    const next = text.startsWith('=?') ? -1 : text.search(NEXT_NAME);
    if (next >= 0) {
      end = this.#at + next;
      text = text.slice(0, next);
    }
    this.#at = end;
    return withoutBlanks(text.replace(LAST_COMMENT, ''));
  }

  #scanQuoted(): string {
    const raw = this.#raw;
    const start = this.#at + 1;
    const first = this.#closingQuote(start, raw.length);
    if (first < 0) {
      // Never closed: what is before the next semicolon is meant.
      this.#at = this.#find(TEXT_END, start);
      return withoutBlanks(raw.slice(start, this.#at));
    }
    // name="a "quoted" word": a quote inside is a character when no value can end there.
    const bound = this.#find(TEXT_END, first);
    let close = first;
    while (close >= 0 && !this.#endsValue(close + 1)) close = this.#closingQuote(close + 1, bound);
    this.#at = close < 0 ? bound : close + 1;
    if (close < 0) close = first;
    return raw.slice(start, close).replace(QUOTED_PAIR, '$1');
  }

  /** The next quote without a backslash, before `bound`; -1 when there is none. */
  #closingQuote(start: number, bound: number): number {
    for (let at = start; at < bound; at++) {
      const char = this.#raw.charAt(at);
      if (char === '\\') at++;
      else if (char === QUOTE) return at;
    }
    return -1;
  }

  #endsValue(at: number): boolean {
    AFTER_VALUE.lastIndex = at;
    return AFTER_VALUE.test(this.#raw);
  }

  #skipBlanks(): void {
    while (this.#at < this.#raw.length && BLANKS.includes(this.#raw.charAt(this.#at))) this.#at++;
  }

  /** Comments may hold comments and quoted pairs (RFC 5322 section 3.2.2); one never closed ends nowhere. */
  #skipComment(): void {
    let depth = 0;
    let at = this.#at;
    for (; at < this.#raw.length; at++) {
      const char = this.#raw.charAt(at);
      if (char === '\\') at++;
      else if (char === '(') depth++;
      else if (char === ')' && --depth === 0) break;
    }
    this.#at = Math.min(at + 1, this.#raw.length);
  }

  #find(pattern: RegExp, from: number): number {
    pattern.lastIndex = from;
    const match = pattern.exec(this.#raw);
    return match ? match.index : this.#raw.length;
  }
}

/** Without blanks at either end. Not `trim`, which takes away U+00A0: here that is an octet of a character. */
function withoutBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && BLANKS.includes(text.charAt(start))) start++;
  while (end > start && BLANKS.includes(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}
