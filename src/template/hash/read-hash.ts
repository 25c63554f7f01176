// The hash syntax, read: #Field#, #Routine(arg, 'text', 12, Other(arg))#. A # that does not begin such a name stays.
import { TemplateError, type TemplatePlace } from '../../base/index.ts';
import { enforceLimit } from '../../base/internal.ts';

/** What stands between two hashes, or is an argument of a routine. */
export type HashValue =
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'constant'; readonly value: string | number | boolean }
  | { readonly type: 'call'; readonly name: string; readonly args: readonly HashValue[] };

/** A piece of a template. */
export type HashPiece =
  | { readonly type: 'literal'; readonly text: string }
  | {
      readonly type: 'value';
      readonly value: HashValue;
      /** As it stands in the template. */
      readonly source: string;
      readonly offset: number;
    };

// Names may have dots, hyphens and single blanks inside: #First Name#, #order.total#.
const NAME = /[\p{L}_][\p{L}\p{N}_]*(?:[ .-][\p{L}\p{N}_]+)*/uy;
const CALL_NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER = /-?\d+(?:\.\d+)?/y;
const BLANKS = /\s*/y;
/** Characters of a call; without a bound, text full of brackets would take the square of its length. */
const LONGEST_CALL = 1_000;

/** The pieces of a template; `name` is its name in errors. Throws {@link TemplateError}. */
export function readHash(text: string, name: string): HashPiece[] {
  enforceLimit('templateChars', text.length, `The template '${name}'`);
  const pieces: HashPiece[] = [];
  let from = 0;
  for (let at = text.indexOf('#'); at >= 0; at = text.indexOf('#', at)) {
    const found = new HashReader(text, name, at + 1).between();
    if (!found) {
      at += 1;
      continue;
    }
    if (at > from) pieces.push({ type: 'literal', text: text.slice(from, at) });
    const source = text.slice(at, found.end);
    pieces.push({ type: 'value', value: found.value, source, offset: at });
    from = found.end;
    at = found.end;
  }
  if (from < text.length) pieces.push({ type: 'literal', text: text.slice(from) });
  return pieces;
}

/** Where an offset of a text is. */
export function placeAt(text: string, offset: number, template: string): TemplatePlace {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { template, line, column: offset - before.lastIndexOf('\n') };
}

class HashReader {
  readonly #text: string;
  readonly #name: string;
  #at: number;

  constructor(text: string, name: string, at: number) {
    this.#text = text;
    this.#name = name;
    this.#at = at;
  }

  /** What stands before the next #, and where it ends; `undefined` when it is no name and no call. */
  between(): { readonly value: HashValue; readonly end: number } | undefined {
    const start = this.#at;
    const name = this.#match(NAME);
    if (name !== undefined && this.#char() === '#') {
      return { value: { type: 'field', name }, end: this.#at + 1 };
    }
    this.#at = start;
    const call = this.#match(CALL_NAME);
    if (call === undefined || this.#char() !== '(') return undefined;
    // '#foo(' may be text, such as a selector of CSS: it is a call when it ends as one.
    const end = this.#closes();
    if (end === undefined) return undefined;
    const value = this.#call(call, 1);
    if (this.#at !== end) throw this.#error('expected the # that ends it');
    return { value, end: end + 1 };
  }

  /** Where the # after the closing bracket is, strings skipped; on the same line. */
  #closes(): number | undefined {
    let depth = 0;
    const last = Math.min(this.#text.length, this.#at + LONGEST_CALL);
    for (let at = this.#at; at < last; at += 1) {
      const char = this.#text.charAt(at);
      if (char === '\n') return undefined;
      if (char === "'" || char === '"') {
        const close = this.#text.indexOf(char, at + 1);
        if (close < 0) return undefined;
        at = close;
      } else if (char === '(') depth += 1;
      else if (char === ')') {
        depth -= 1;
        if (depth === 0) return this.#text.charAt(at + 1) === '#' ? at + 1 : undefined;
      }
    }
    return undefined;
  }

  #call(name: string, depth: number): HashValue {
    enforceLimit('templateDepth', depth, `The calls inside each other in '${this.#name}'`);
    const args: HashValue[] = [];
    this.#at += 1;
    this.#match(BLANKS);
    while (this.#char() !== ')') {
      args.push(this.#argument(depth));
      this.#match(BLANKS);
      if (this.#char() === ')') break;
      if (this.#char() !== ',') throw this.#error("expected ',' or ')' between the arguments");
      this.#at += 1;
      this.#match(BLANKS);
    }
    this.#at += 1;
    return { type: 'call', name, args };
  }

  #argument(depth: number): HashValue {
    const quote = this.#char();
    if (quote === "'" || quote === '"') {
      const close = this.#text.indexOf(quote, this.#at + 1);
      if (close < 0) throw this.#error(`expected ${quote} at the end of the text`);
      const value = this.#text.slice(this.#at + 1, close);
      this.#at = close + 1;
      return { type: 'constant', value };
    }
    const number = this.#match(NUMBER);
    if (number !== undefined) return { type: 'constant', value: Number(number) };
    const name = this.#match(NAME);
    if (name === undefined) {
      throw this.#error("an argument is a field, a number, 'text', or another call");
    }
    if (this.#char() === '(') return this.#call(name, depth + 1);
    if (name === 'true' || name === 'false') return { type: 'constant', value: name === 'true' };
    return { type: 'field', name };
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #char(): string {
    return this.#text.charAt(this.#at);
  }

  #error(message: string): TemplateError {
    return new TemplateError(
      'TEMPLATE_INVALID',
      `${message}; write #Routine(Field, 'text', 12)#`,
      placeAt(this.#text, this.#at, this.#name),
    );
  }
}
