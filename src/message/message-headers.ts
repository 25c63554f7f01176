// The header fields of a message beside its properties: ordered, repeatable, names without regard to case.
import { InvalidMessageError, printable } from '../base/index.ts';
import type { HeaderField } from '../mime/index.ts';
import { checkFieldName } from '../mime/internal.ts';
import { checkLine, fieldError, kindOf } from './field-checks.ts';
import { propertyOfHeader } from './head-values.ts';

/** Header fields as a caller gives them: an object, a Map, or pairs in order; an array of values repeats the field. */
export type HeadersInput =
  | { readonly [name: string]: string | readonly string[] }
  | Iterable<readonly [name: string, value: string]>;

/** A field with a value of the caller's, or the `index`-th field of a message that was read, or both: replaced. */
export interface HeaderEntry {
  readonly name: string;
  readonly value?: string;
  readonly index?: number;
}

/**
 * A message's header. Reading shows every field as it would be written, decoded: those of properties such as
 * `subject` too. Writing is for all other fields; a field that a property writes is refused with its name.
 */
export class MessageHeaders implements Iterable<[name: string, value: string]> {
  readonly #entries: HeaderEntry[];
  readonly #current: () => Iterable<HeaderField>;

  /** @internal */
  constructor(entries: HeaderEntry[], current: () => Iterable<HeaderField>) {
    this.#entries = entries;
    this.#current = current;
  }

  /** The first value of a field, unfolded and decoded; `undefined` when there is none. */
  get(name: string): string | undefined {
    for (const field of this.#current()) if (isSame(field, name)) return field.value;
    return undefined;
  }

  /** Every value of a field, in order. */
  getAll(name: string): string[] {
    const found: string[] = [];
    for (const field of this.#current()) if (isSame(field, name)) found.push(field.value);
    return found;
  }

  /** Whether there is such a field. */
  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /**
   * Gives a field one value: the first field of this name is replaced where it stands, others go.
   *
   * @throws {@link InvalidMessageError} `MESSAGE_HEADER_INVALID`: a name with a colon, blank or control, a
   * value with CR, LF or NUL, a field that a property writes.
   */
  set(name: string, value: string): this {
    const entry = checkEntry(name, value);
    const at = this.#entries.findIndex((other) => isSame(other, name));
    if (at < 0) this.#entries.push(entry);
    else {
      const index = this.#entries[at]?.index;
      this.#entries[at] = index === undefined ? entry : { ...entry, index };
      for (let last = this.#entries.length - 1; last > at; last -= 1) {
        const other = this.#entries[last];
        if (other && isSame(other, name)) this.#entries.splice(last, 1);
      }
    }
    return this;
  }

  /** Adds a field after all others, also when there is one of this name; throws as {@link MessageHeaders.set}. */
  append(name: string, value: string): this {
    this.#entries.push(checkEntry(name, value));
    return this;
  }

  /** Removes every field of this name; says whether there was one. Throws as {@link MessageHeaders.set}. */
  delete(name: string): boolean {
    checkName(name);
    const before = this.#entries.length;
    const kept = this.#entries.filter((entry) => !isSame(entry, name));
    this.#entries.splice(0, before, ...kept);
    return kept.length < before;
  }

  /** Every field with its value, in the order they are written. */
  *[Symbol.iterator](): Generator<[name: string, value: string]> {
    for (const { name, value } of this.#current()) yield [name, value];
  }
}

const isSame = (entry: { readonly name: string }, name: string): boolean =>
  entry.name.toLowerCase() === name.toLowerCase();

/** Reads what the `headers` option takes. */
export function readHeadersInput(input: HeadersInput): HeaderEntry[] {
  if (typeof input !== 'object' || input === null) {
    throw fieldError('headers', `must be an object, a Map or pairs, got ${kindOf(input)}`);
  }
  if (Symbol.iterator in input) return Array.from(input, readPair);
  return Object.entries(input).flatMap(([name, value]) =>
    Array.isArray(value)
      ? value.map((item: string) => checkEntry(name, item))
      : [checkEntry(name, value as string)],
  );
}

function readPair(pair: unknown): HeaderEntry {
  if (!Array.isArray(pair) || pair.length !== 2) {
    throw fieldError('headers', `must hold pairs of name and value, got ${kindOf(pair)}`);
  }
  return checkEntry(pair[0] as string, pair[1] as string);
}

function checkEntry(name: string, value: string): HeaderEntry {
  checkName(name);
  return { name, value: checkLine(value, `headers['${name}']`) };
}

/** What to write instead of a field that this library writes itself. */
const ownFields: ReadonlyMap<string, string> = new Map([
  ['mime-version', 'leave it out: it is always written'],
  [
    'resent-bcc',
    'leave it out: hidden recipients belong in the envelope, send(message, { envelope })',
  ],
]);

function checkName(name: string): void {
  if (typeof name !== 'string') throw fieldError('headers', `has a name that is ${kindOf(name)}`);
  checkFieldName(name);
  const lower = name.toLowerCase();
  const property = propertyOfHeader.get(lower);
  const cure =
    property === undefined
      ? (ownFields.get(lower) ??
        // Exchange's name for what a message is; no field of a part.
        (lower.startsWith('content-') && lower !== 'content-class'
          ? 'it is written for the parts: text, html, attachments'
          : ''))
      : `set the message's ${property}`;
  if (cure === '') return;
  throw new InvalidMessageError(
    'MESSAGE_HEADER_INVALID',
    `The header ${printable(name, 80)} can't be set in headers; ${cure}`,
  );
}
