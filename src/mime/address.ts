// Mailboxes and groups as values, always valid unless a lenient reader made them.
import { InvalidAddressError } from '../base/index.ts';
import { AddrSpec } from './addr-spec.ts';
import { shown } from './address-error.ts';
import { parseAddrSpec, parseMailbox } from './address-parser.ts';
import { quoteString } from './address-syntax.ts';

const NON_ASCII = /[^\0-\x7f]/;
const LINE_BREAK = /[\0\r\n]/;
// RFC 5322 section 3.2.3: one or more atoms with single blanks between; all else needs quotes.
const PLAIN_PHRASE =
  /^[a-zA-Z0-9!#$%&'*+\-/=?^_`{|}~\u0080-\uffff]+(?: [a-zA-Z0-9!#$%&'*+\-/=?^_`{|}~\u0080-\uffff]+)*$/;

/** One mailbox: an address and the name shown for it (RFC 5322 section 3.4). Immutable. */
export class MailAddress {
  /** The display name, decoded; `''` when there is none. */
  readonly name: string;
  /** `localPart@domain` in wire form: the domain as A-labels, the local part in quotes only when it needs them. */
  readonly address: string;
  readonly #strict: boolean;

  /**
   * @param address `local@domain` and nothing else; a non-ASCII domain is mapped (UTS 46).
   * @param name The display name. Default: `''`.
   * @throws {@link InvalidAddressError} `ADDRESS_INVALID`: not one mailbox (RFC 5321 section 4.1.2,
   * RFC 6531), or CR, LF or NUL in the name.
   */
  constructor(address: string, name?: string);
  /** @internal */
  constructor(address: AddrSpec, name?: string);
  constructor(address: string | AddrSpec, name = '') {
    const spec = address instanceof AddrSpec ? address : parseAddrSpec(address);
    this.name = spec.strict ? checkName(name) : name;
    this.address = spec.address;
    this.#strict = spec.strict;
  }

  /**
   * Reads `'Ann Smith <ann@x.example>'` or `'ann@x.example'`.
   *
   * @throws {@link InvalidAddressError} `ADDRESS_INVALID`: the text is not exactly one mailbox.
   */
  static parse(text: string): MailAddress {
    const { name, spec } = parseMailbox(text);
    return new MailAddress(spec, name);
  }

  /** @internal Whether the address is known to be valid; one that was read from a received mail is not. */
  static isStrict(address: MailAddress): boolean {
    return #strict in address && address.#strict;
  }

  /** What stands before the `@`, as in `address`: in quotes when it needs them. */
  get localPart(): string {
    return this.address.slice(0, Math.max(0, this.address.lastIndexOf('@')));
  }

  /** What stands after the `@`: a domain in A-labels or an address literal such as `[192.0.2.1]`; `''` without an `@`. */
  get domain(): string {
    const at = this.address.lastIndexOf('@');
    return at < 0 ? '' : this.address.slice(at + 1);
  }

  /** Whether the local part is not ASCII, so that only a server with SMTPUTF8 (RFC 6531) can take it. */
  get needsUtf8(): boolean {
    return NON_ASCII.test(this.address);
  }

  /** `Name <address>`, the name in quotes when it needs them; {@link MailAddress.parse} reads it back. */
  toString(): string {
    return this.name === '' ? this.address : `${quotePhrase(this.name)} <${this.address}>`;
  }
}

/** A named list of mailboxes (RFC 5322 section 3.4): `Team: ann@x.example, bob@x.example;`. */
export class MailGroup {
  /** The group's name. */
  readonly name: string;
  /** Its mailboxes; may be empty, as in `undisclosed-recipients:;`. */
  readonly members: MailAddress[];

  /** The name and members are checked when the group is given to a message or written. */
  constructor(name: string, members: readonly MailAddress[] = []) {
    this.name = name;
    this.members = [...members];
  }

  /** `Name: member, member;`. */
  toString(): string {
    return `${quotePhrase(this.name)}: ${this.members.join(', ')};`;
  }
}

/**
 * Everything an address field takes: `'a@x.example'`, `'Ann <a@x.example>, b@y.example'`,
 * {@link MailAddress}, {@link MailGroup}, `{ name, address }`, and arrays of them.
 */
export type AddressInput =
  | string
  | MailAddress
  | MailGroup
  | {
      /** The display name. Default: none. */
      readonly name?: string | undefined;
      /** `local@domain` and nothing else. */
      readonly address: string;
    }
  | readonly AddressInput[];

/** A display name as RFC 5322 writes it: as it is, or as a quoted-string. Non-ASCII is left alone. */
export function quotePhrase(name: string): string {
  return PLAIN_PHRASE.test(name) ? name : quoteString(name);
}

/** The display name itself; throws when it holds CR, LF or NUL. */
export function checkName(name: string): string {
  const at = name.search(LINE_BREAK);
  if (at < 0) return name;
  throw new InvalidAddressError(
    'ADDRESS_INVALID',
    `The display name ${shown(name)} holds CR, LF or NUL (character ${at + 1}); remove it`,
    name,
    at,
  );
}
