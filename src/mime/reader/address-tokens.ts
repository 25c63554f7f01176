// The tokens of an address field as real mail writes them (RFC 5322 section 3.4, leniently). One pass.
import { isBlank, trimBlanks } from './header-value.ts';

/** A piece of an address field. */
export interface AddressToken {
  readonly kind: 'atom' | 'encoded' | 'quoted' | 'comment' | 'angle' | 'special';
  /** An atom or encoded word as written; a quoted-string or comment without its delimiters, unescaped; an angle's inside; the special. */
  readonly text: string;
  /** Whether white space stands before it. */
  readonly spaced: boolean;
  /** Where it begins. */
  readonly at: number;
}

// A run of what is neither white space nor special; brackets hold what would be special in a literal.
// Never \s: it takes U+00A0 as well, which here is an octet of a UTF-8 character.
const ATOM = /(?:[^\t-\r "(),:;<>[\\]+|\[[^\]\t-\r ,;<>"(]*\]?|\\[^\t-\r "(),:;<>])+/y;
// Real mail leaves specials in them that RFC 2047 section 5 forbids: =?utf-8?Q?Smith,_Ann?=
const ENCODED_WORD = /=\?[^?\t-\r ]{1,64}\?[bq]\?[^?\t-\r ]*\?=/iy;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Cuts the text into tokens; whatever is not closed ends where the text ends or the next part begins. */
export class AddressTokens {
  readonly #text: string;
  #at = 0;
  // No quoted-string is closed from here on: one vain search is enough.
  #openQuote = false;
  #flaw: number | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** Where the first thing stands so far that is not closed, or that closes nothing. */
  get flaw(): number | undefined {
    return this.#flaw;
  }

  /** The next token; `undefined` at the end. */
  next(): AddressToken | undefined {
    for (;;) {
      const spaced = this.#skipBlanks() || this.#at === 0;
      const at = this.#at;
      const char = this.#text[at];
      if (char === undefined) return undefined;
      if (char === '"') {
        const text = this.#quoted();
        if (text !== undefined) return { kind: 'quoted', text, spaced, at };
        this.#flaw ??= at;
        this.#at++;
        continue;
      }
      if (char === '(') return { kind: 'comment', text: this.#comment(), spaced, at };
      if (char === '<') return { kind: 'angle', text: this.#angle(), spaced, at };
      const word = char === '=' ? this.#run(ENCODED_WORD) : '';
      if (word !== '') return { kind: 'encoded', text: word, spaced, at };
      const text = this.#run(ATOM);
      if (text !== '') return { kind: 'atom', text, spaced, at };
      this.#at++;
      // A stray '>', ')' or backslash means nothing.
      if (char === ',' || char === ':' || char === ';') {
        return { kind: 'special', text: char, spaced, at };
      }
      this.#flaw ??= at;
    }
  }

  #run(pattern: RegExp): string {
    const start = this.#at;
    pattern.lastIndex = start;
    if (!pattern.test(this.#text)) return '';
    this.#at = pattern.lastIndex;
    return this.#text.slice(start, this.#at);
  }

  /** Whether there were any. */
  #skipBlanks(): boolean {
    const start = this.#at;
    while (isBlank(this.#text.charCodeAt(this.#at))) this.#at++;
    return this.#at > start;
  }

  /** The quoted-string that begins here; `undefined` when its end is missing. */
  #quoted(): string | undefined {
    if (this.#openQuote) return undefined;
    let text = '';
    let from = this.#at + 1;
    for (let at = from; at < this.#text.length; at++) {
      const char = this.#text.charCodeAt(at);
      if (char === QUOTE) {
        this.#at = at + 1;
        return text + this.#text.slice(from, at);
      }
      if (char === BACKSLASH) {
        text += this.#text.slice(from, at);
        from = at + 1;
        at++;
      }
    }
    this.#openQuote = true;
    return undefined;
  }

  /** The comment that begins here, with those inside it. */
  #comment(): string {
    const start = this.#at + 1;
    let depth = 0;
    let at = this.#at;
    for (; at < this.#text.length; at++) {
      const char = this.#text[at];
      if (char === '\\') at++;
      else if (char === '(') depth++;
      else if (char === ')' && --depth === 0) break;
    }
    if (at >= this.#text.length) this.#flaw ??= start - 1;
    this.#at = at + 1;
    return trimBlanks(this.#text.slice(start, at).replace(/\\(.)/g, '$1'));
  }

  /** The inside of the angle brackets that begin here, without comments; blanks stay. */
  #angle(): string {
    const start = this.#at;
    let text = '';
    this.#at++;
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at];
      if (char === '>') {
        this.#at++;
        return text;
      }
      // A second bracket begins anew; a comma ends what was not closed, except in a source route.
      if (char === '<') text = '';
      else if (char === ',' && !text.trimStart().startsWith('@')) break;
      if (char === '(') {
        this.#comment();
        continue;
      }
      const from = this.#at;
      if (char === '"' && this.#quoted() !== undefined) {
        text += this.#text.slice(from, this.#at);
        continue;
      }
      this.#at++;
      if (char !== '<' && char !== '"') text += char;
    }
    this.#flaw ??= start;
    return text;
  }
}
