// Address fields of received mail. Everything that looks like an address is found, nothing is refused;
// what was not as RFC 5322 section 3.4 has it is told. Never for what a user gives: see address-list.ts.
import { enforceLimit, latin1Bytes } from '../../base/internal.ts';
import { MailAddress, MailGroup } from '../address.ts';
import { AddrSpec } from '../address-parser.ts';
import { bareMailboxes, type FoundMailbox, routeMailbox } from './address-items.ts';
import { type AddressToken, AddressTokens } from './address-tokens.ts';
import { nameOf } from './display-name.ts';
import { unfold } from './header-value.ts';
import { LineIndex } from './line-index.ts';
import { type MimeProblem, type ProblemCode, ProblemLog } from './problem.ts';

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
export function readAddressList(raw: string): AddressListReading {
  return new AddressListReader(unfold(raw)).read();
}

class AddressListReader {
  readonly #tokens: AddressTokens;
  readonly #log: ProblemLog;
  readonly #addresses: (MailAddress | MailGroup)[] = [];
  #group: { readonly name: string; readonly members: MailAddress[] } | undefined;
  #item: AddressToken[] = [];
  // Items without an address so far: "Smith" in "Smith, Ann <ann@example.com>".
  #names: AddressToken[][] = [];
  #count = 0;

  constructor(text: string) {
    this.#tokens = new AddressTokens(text);
    this.#log = new ProblemLog(new LineIndex(latin1Bytes(text)));
  }

  read(): AddressListReading {
    for (let token = this.#tokens.next(); token; token = this.#tokens.next()) {
      if (token.kind !== 'special') this.#item.push(token);
      else if (token.text === ',') this.#endItem();
      else if (token.text === ';') this.#endGroup(token.at);
      else this.#beginGroup(token.at);
    }
    if (this.#group) this.#problem('address-invalid', this.#group.name.length);
    this.#endGroup(0);
    return { addresses: this.#addresses, problems: this.#log.found };
  }

  #beginGroup(at: number): void {
    this.#flushNames();
    const name = nameOf(this.#item);
    this.#item = [];
    // Groups are not nested (RFC 5322); the members of an inner one join the outer one.
    if (this.#group || name === '') this.#problem('address-invalid', at);
    else this.#group = { name, members: [] };
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
    const first = item[0];
    if (!first) return;
    const angle = item.findIndex(({ kind }) => kind === 'angle');
    if (angle !== -1) this.#takeAngle(item, angle);
    else {
      const found = bareMailboxes(item);
      if (found.length === 0) {
        this.#names.push(item);
        return;
      }
      this.#flushNames();
      if (found.length > 1) this.#problem('address-invalid', first.at);
      for (const mailbox of found) this.#add(mailbox);
    }
  }

  /** `Name <address>`; the items without an address before it belong to the name. */
  #takeAngle(item: AddressToken[], angle: number): void {
    const first = item[0]?.at ?? 0;
    if (this.#names.length > 0) {
      this.#problem('address-invalid', first);
      item.unshift(...this.#names.flatMap((name) => [...name, comma(first)]));
      this.#names = [];
      angle = item.findIndex(({ kind }) => kind === 'angle');
    }
    let from = 0;
    for (let at = angle; at !== -1; ) {
      const next = item.findIndex(({ kind }, index) => index > at && kind === 'angle');
      this.#add(routeMailbox(item.slice(from, next === -1 ? undefined : at + 1)));
      if (next !== -1) this.#problem('address-invalid', item[next]?.at ?? 0);
      from = at + 1;
      at = next;
    }
  }

  #flushNames(): void {
    for (const item of this.#names)
      this.#add({ name: nameOf(item), address: '', at: item[0]?.at ?? 0 });
    this.#names = [];
  }

  #add({ name, address, at }: FoundMailbox): void {
    if (name === '' && address === '') return;
    this.#count += 1;
    enforceLimit('addresses', this.#count, 'The number of addresses in a header field');
    if (!/^[^@\s]+@[^@\s]+$/.test(address)) this.#problem('address-invalid', at);
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
