// From what a user gives for an address field to a flat list of valid mailboxes and groups.
import { InvalidAddressError } from '../base/index.ts';
import { enforceLimit } from '../base/internal.ts';
import { type AddressInput, checkName, MailAddress, MailGroup } from './address.ts';
import { addressError } from './address-error.ts';
import {
  type ParsedGroup,
  type ParsedMailbox,
  parseAddresses,
  parseAddrSpec,
} from './address-parser.ts';

/**
 * Reads everything an address field takes into mailboxes and groups, in order. A blank string is an
 * empty list; inside an array it is an error, for there it stands where an address was meant.
 *
 * @param field The name of the field or option, for the error's message.
 * @throws {@link InvalidAddressError} `ADDRESS_INVALID`: something is not an address; the message
 * points at the character.
 * @throws {@link LimitError} Over `limits.addresses`, or arrays deeper than `limits.addressDepth`.
 */
export function parseAddressList(input: AddressInput, field: string): (MailAddress | MailGroup)[] {
  if (typeof input === 'string' && input.trim() === '') return [];
  const list: (MailAddress | MailGroup)[] = [];
  collect(input, field, list, 0);
  return list;
}

/** Every mailbox of the list, those of groups too, in order. */
export function mailboxesOf(list: readonly (MailAddress | MailGroup)[]): MailAddress[] {
  return list.flatMap((item) => (isGroup(item) ? item.members : [item]));
}

/** Whether an entry of an address list is a group; structural, so that a plain object counts too. */
export function isGroup(item: object): item is MailGroup {
  return 'members' in item;
}

function collect(
  input: AddressInput,
  field: string,
  list: (MailAddress | MailGroup)[],
  depth: number,
): void {
  if (typeof input === 'string') {
    for (const item of parseAddresses(input, field)) list.push(fromParsed(item));
  } else if (Array.isArray(input)) {
    enforceLimit('addressDepth', depth, `The nesting of arrays in '${field}'`);
    for (const item of input as readonly AddressInput[]) collect(item, field, list, depth + 1);
  } else if (typeof input === 'object' && input !== null) {
    list.push(fromObject(input as Exclude<AddressInput, string | readonly AddressInput[]>, field));
  } else {
    throw wrongType(input, field);
  }
  enforceLimit('addresses', list.length, `The list of addresses in '${field}'`);
}

function fromParsed(item: ParsedMailbox | ParsedGroup): MailAddress | MailGroup {
  if (!('members' in item)) return new MailAddress(item.spec, item.name);
  return new MailGroup(
    item.name,
    item.members.map(({ name, spec }) => new MailAddress(spec, name)),
  );
}

function fromObject(
  input: Exclude<AddressInput, string | readonly AddressInput[]>,
  field: string,
): MailAddress | MailGroup {
  if (!('members' in input)) return fromMailbox(input, field);
  if (typeof input.name !== 'string' || input.name === '') {
    throw addressError('', 0, 'a group needs a name', 'give it one', field);
  }
  return new MailGroup(
    checkName(input.name),
    input.members.map((member) => fromMailbox(member, field)),
  );
}

function fromMailbox(
  input: MailAddress | { readonly name?: string | undefined; readonly address: string },
  field: string,
): MailAddress {
  if (input instanceof MailAddress && MailAddress.isStrict(input)) return input;
  if (typeof input.address !== 'string') throw wrongType(input.address, field);
  return new MailAddress(parseAddrSpec(input.address, field), input.name ?? '');
}

function wrongType(value: unknown, field: string): InvalidAddressError {
  const message = `${field}: expected an address, got ${value === null ? 'null' : typeof value}; give text, { name, address } or a MailAddress`;
  return new InvalidAddressError('ADDRESS_INVALID', message, '', 0);
}
