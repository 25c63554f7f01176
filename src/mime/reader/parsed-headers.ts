// The header of a part that was read: kept raw, decoded when asked.
import { latin1 } from '../../base/internal.ts';
import { type MailAddress, MailGroup } from '../address.ts';
import { decodeUnstructured } from './header-value.ts';
import type { ParseOptions } from './parse-options.ts';
import { type AddressListReading, readAddressList } from './read-address-list.ts';
import type { FieldSpan } from './scan-event.ts';

/** One header field as it came. */
export interface ParsedField {
  /** The name as written. */
  readonly name: string;
  /**
   * The value as written: everything between the colon and the line end that closes it, folds and
   * leading space too. One character (U+0000 to U+00FF) for each octet.
   */
  readonly raw: string;
  /** Where the name begins, in octets from the start of the input. */
  readonly offset: number;
  /** The value unfolded and with its encoded words decoded (RFC 2047); decoded anew at each reading. */
  readonly value: string;
  /**
   * The mailboxes and groups of an address field, with the options of the message; see `readAddressList`.
   * The list is the caller's.
   * @throws {LimitError} past `addresses`.
   */
  addresses(): (MailAddress | MailGroup)[];
}

/** The header of a part (RFC 5322 section 2.2). Names are matched without regard to case. */
export interface ParsedHeaders {
  /** Every field in its order. */
  readonly fields: readonly ParsedField[];
  /** The first field of this name, unfolded and with its encoded words decoded; `undefined` when there is none. */
  get(name: string): string | undefined;
  /** All fields of this name, unfolded and decoded. */
  getAll(name: string): string[];
  /** The first field of this name as it came; see {@link ParsedField}. */
  raw(name: string): string | undefined;
  /** All fields of this name, in their order. */
  all(name: string): readonly ParsedField[];
}

/** A header block with the fields found in it. */
export class HeaderBlock implements ParsedHeaders {
  readonly #block: Uint8Array;
  readonly #offset: number;
  readonly #spans: readonly FieldSpan[];
  readonly #options: ParseOptions | undefined;
  #fields: readonly ParsedField[] | undefined;
  #byName: Map<string, ParsedField[]> | undefined;

  constructor(
    block: Uint8Array,
    offset: number,
    spans: readonly FieldSpan[],
    options?: ParseOptions,
  ) {
    this.#block = block;
    this.#offset = offset;
    this.#spans = spans;
    this.#options = options;
  }

  get fields(): readonly ParsedField[] {
    this.#fields ??= this.#read();
    return this.#fields;
  }

  get(name: string): string | undefined {
    return this.#find(name)?.value;
  }

  getAll(name: string): string[] {
    return this.all(name).map((field) => field.value);
  }

  raw(name: string): string | undefined {
    return this.#find(name)?.raw;
  }

  all(name: string): readonly ParsedField[] {
    this.#byName ??= byName(this.fields);
    return this.#byName.get(name.toLowerCase()) ?? none;
  }

  #find(name: string): ParsedField | undefined {
    return this.all(name)[0];
  }

  #read(): ParsedField[] {
    const text = latin1(this.#block);
    return this.#spans.map(
      ({ start, colon, end }) =>
        new Field(
          text.slice(start, colon).trimEnd(),
          text.slice(colon + 1, end),
          this.#offset + start,
          this.#options,
        ),
    );
  }
}

const none: readonly ParsedField[] = [];

class Field implements ParsedField {
  readonly name: string;
  readonly raw: string;
  readonly offset: number;
  readonly #options: ParseOptions | undefined;
  #reading: AddressListReading | undefined;

  constructor(name: string, raw: string, offset: number, options: ParseOptions | undefined) {
    this.name = name;
    this.raw = raw;
    this.offset = offset;
    this.#options = options;
  }

  get value(): string {
    return decodeUnstructured(this.raw, this.#options);
  }

  addressReading(): AddressListReading {
    this.#reading ??= readAddressList(this.raw, this.#options);
    return this.#reading;
  }

  addresses(): (MailAddress | MailGroup)[] {
    return this.addressReading().addresses.map((entry) =>
      entry instanceof MailGroup ? new MailGroup(entry.name, entry.members) : entry,
    );
  }
}

/** What was read from an address field, which is asked for its addresses and for its problems; not to be changed. */
export function readingOf(field: ParsedField, options: ParseOptions): AddressListReading {
  return field instanceof Field ? field.addressReading() : readAddressList(field.raw, options);
}

function byName(fields: readonly ParsedField[]): Map<string, ParsedField[]> {
  const found = new Map<string, ParsedField[]>();
  for (const field of fields) {
    const name = field.name.toLowerCase();
    const same = found.get(name);
    if (same) same.push(field);
    else found.set(name, [field]);
  }
  return found;
}
