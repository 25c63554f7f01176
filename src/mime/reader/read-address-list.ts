// Address fields of received mail. Everything that looks like an address is found, nothing is refused;
// what was not as RFC 5322 section 3.4 has it is told. Never for what a user gives: see address-list.ts.
import { enforceLimit, memorySource } from '../../base/internal.ts';
import { AddrSpec } from '../addr-spec.ts';
import { MailAddress, MailGroup } from '../address.ts';
import { mailboxesOf } from '../address-list.ts';
import { bareMailboxes, type FoundMailbox, routeMailboxes } from './address-items.ts';
import { type AddressToken, AddressTokens } from './address-tokens.ts';
import { nameOf } from './display-name.ts';
import { encodedField } from './encoded-address.ts';
import { unfold } from './header-value.ts';
import { LineIndex } from './line-index.ts';
import { type ParseOptions, type ReadingRules, readingRules } from './parse-options.ts';
import { readPlainAddresses } from './plain-addresses.ts';
import { type MimeProblem, type ProblemCode, ProblemLog } from './problem.ts';
import { closingQuote } from './quoted-string.ts';
import { LF } from './window.ts';

/** What was read from an address field. */
export interface AddressListReading {
  /** The mailboxes and groups in their order. A mailbox may have only a name, or an address that is not valid. */
  readonly addresses: (MailAddress | MailGroup)[];
  /** What was not as it should be; offsets count from the start of the unfolded value. */
  readonly problems: readonly MimeProblem[];
}

/**
 * Reads an address field of a received message, leniently (RFC 5322 sections 3.4 and 4.4).
 * @param raw The value as it came: one character for each octet, folded or not.
 * @throws {LimitError} past `addresses`.
 */
export function readAddressList(raw: string, options?: ParseOptions): AddressListReading {
  const text = unfold(raw);
  const rules = readingRules(options);
  const plain = readPlainAddresses(text, rules);
  if (plain === undefined || plain.length > rules.limits.addresses) {
    return new AddressListReader(text, rules).read();
  }
  return {
    addresses: plain.map(
      ({ name, address }) => new MailAddress(new AddrSpec(address, false), name),
    ),
    problems: [],
  };
}

// The value is unfolded: problems are all in its first line.
const ONE_LINE = new LineIndex(memorySource(new Uint8Array(0)), LF);

const ADDRESS = /^[^@\s"]+@[^@\s]+$/;
const DOMAIN_OF_QUOTED = /^@[^@\s]+$/;

function isAddress(text: string): boolean {
  if (!text.startsWith('"')) return ADDRESS.test(text);
  const close = closingQuote(text, 0);
  return close !== -1 && DOMAIN_OF_QUOTED.test(text.slice(close + 1));
}

// How many commas without quotes a name may hold and still be taken for one name.
const COMMAS_IN_NAME = 5;

class AddressListReader {
  readonly #tokens: AddressTokens;
  readonly #rules: ReadingRules;
  readonly #log: ProblemLog;
  readonly #addresses: (MailAddress | MailGroup)[] = [];
  #group:
    | { readonly name: string; readonly members: MailAddress[]; readonly at: number }
    | undefined;
  #item: AddressToken[] = [];
  // Items without an address so far: "Smith" in "Smith, Ann <ann@example.com>".
  #names: AddressToken[][] = [];
  #count = 0;

  constructor(text: string, rules: ReadingRules) {
    this.#rules = rules;
    this.#log = new ProblemLog(ONE_LINE, rules.limits.problems);
    this.#tokens = new AddressTokens(text);
  }

  read(): AddressListReading {
    for (let token = this.#tokens.next(); token; token = this.#tokens.next()) {
      if (token.kind !== 'special') this.#item.push(token);
      else if (token.text === ',') this.#endItem();
      else if (token.text === ';') this.#endGroup(token.at);
      else this.#beginGroup(token.at);
    }
    if (this.#group) this.#problem('address-invalid', this.#group.at);
    this.#endGroup(0);
    if (this.#tokens.flaw !== undefined) this.#problem('address-invalid', this.#tokens.flaw);
    return { addresses: this.#addresses, problems: this.#log.found };
  }

  #beginGroup(at: number): void {
    this.#flushNames();
    // Groups are not nested (RFC 5322); the members of an inner one join the outer one.
    const [first] = this.#item;
    // A route that should stand in angle brackets (RFC 5322 section 4.4), or an inner group.
    const isNone = this.#group !== undefined || (first?.kind === 'atom' && /^@./.test(first.text));
    const name = isNone ? '' : nameOf(this.#item, this.#rules);
    const start = first?.at ?? at;
    this.#item = [];
    if (name === '') this.#problem('address-invalid', at);
    else this.#group = { name, members: [], at: start };
  }

  #endGroup(at: number): void {
    this.#endItem();
    this.#flushNames();
    if (this.#group) this.#addresses.push(new MailGroup(this.#group.name, this.#group.members));
    else if (at > 0) this.#problem('address-invalid', at);
    this.#group = undefined;
  }

  #endItem(): void {
    const item = this.#item;
    this.#item = [];
    if (item.length === 0) return;
    if (item.some(({ kind }) => kind === 'angle')) {
      this.#addAll(routeMailboxes([...this.#unquotedNames(item), ...item], this.#rules));
      return;
    }
    const field = encodedField(item);
    if (field !== undefined) {
      this.#addEncoded(field, item[0]?.at ?? 0);
      return;
    }
    const found = bareMailboxes(item, this.#rules);
    if (found.length > 0) {
      this.#flushNames();
      this.#addAll(found);
    } else if (item.some(({ kind }) => kind !== 'comment') || !this.#hasOthers()) {
      // A comment alone is nobody, unless it is all there is in the list or group.
      this.#names.push(item);
      if (this.#names.length > COMMAS_IN_NAME) this.#flushNames();
    }
  }

  /** A field that was encoded with its addresses; they are what the writer means. */
  #addEncoded(field: string, at: number): void {
    this.#flushNames();
    this.#problem('address-encoded', at);
    for (const { name, address } of mailboxesOf(readAddressList(field, this.#rules).addresses)) {
      this.#add({ name, address, at });
    }
  }

  /** `Smith, Ann <ann@example.com>`: items without an address before one in brackets belong to its name. */
  #unquotedNames(item: readonly AddressToken[]): AddressToken[] {
    if (this.#names.length === 0) return [];
    this.#problem('address-invalid', this.#names[0]?.[0]?.at ?? 0);
    const at = item[0]?.at ?? 0;
    const words = this.#names.flatMap((name) => [...name, comma(at)]);
    this.#names = [];
    return words;
  }

  #hasOthers(): boolean {
    const others = this.#group ? this.#group.members : this.#addresses;
    return others.length > 0 || this.#names.length > 0;
  }

  #flushNames(): void {
    for (const item of this.#names)
      this.#add({ name: nameOf(item, this.#rules), address: '', at: item[0]?.at ?? 0 });
    this.#names = [];
  }

  #addAll(found: readonly FoundMailbox[]): void {
    for (const [index, mailbox] of found.entries()) {
      if (index > 0) this.#problem('address-invalid', mailbox.at);
      this.#add(mailbox);
    }
  }

  #add({ name, address, at }: FoundMailbox): void {
    if (name === '' && address === '') return;
    this.#count += 1;
    enforceLimit(
      'addresses',
      this.#count,
      'The number of addresses in a header field',
      this.#rules.limits.addresses,
    );
    if (!isAddress(address)) this.#problem('address-invalid', at);
    const list: (MailAddress | MailGroup)[] = this.#group?.members ?? this.#addresses;
    list.push(new MailAddress(new AddrSpec(address, false), name));
  }

  #problem(code: ProblemCode, at: number): void {
    this.#log.add(code, at);
  }
}

function comma(at: number): AddressToken {
  return { kind: 'atom', text: ',', spaced: false, at };
}
