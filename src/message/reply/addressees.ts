// Who gets an answer (RFC 5322 section 3.6.3).
import { InvalidAddressError } from '../../base/index.ts';
import { MailAddress, mailboxesOf, readAddressList } from '../../mime/index.ts';
import { fieldError } from '../field-checks.ts';
import type { AddressList } from '../head-values.ts';
import { inOneLine } from './one-line.ts';
import type { FirstFields, Original } from './original.ts';

/** From, To and Cc of an answer. */
export interface Addressees {
  readonly from: MailAddress | undefined;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
}

/** Whom an answer is for. */
export interface Addressing {
  readonly kind: 'sender' | 'all' | 'list' | 'return-path';
  /** Who answers, when that was said. */
  readonly from: MailAddress | undefined;
  /** All addresses of the one who answers. */
  readonly own: readonly MailAddress[];
}

/** The addressees of an answer; nobody twice, and never the one who answers, unless there is nobody else. */
export function addresseesOf(
  original: Original,
  fields: FirstFields,
  { kind, from, own }: Addressing,
): Addressees {
  const isOwn = new Set(own.map(keyOf));
  const author = usable(original.from);
  const isFromMe = author.length > 0 && author.every((one) => isOwn.has(keyOf(one)));
  const named = usable(original.replyTo);
  const answered =
    named.length > 0 ? named : author.length > 0 ? author : usable(senders(original));
  const others = usable(original.to);
  const copies = usable(original.cc);
  const self =
    from ??
    [...others, ...copies].find((one) => isOwn.has(keyOf(one))) ??
    own[0] ??
    onlyOne(original, fields);
  const lists = { from: self, isOwn: new Set([...isOwn, ...(self ? [keyOf(self)] : [])]) };
  if (kind === 'list') return choose(lists, [listAddress(fields)], []);
  if (kind === 'return-path') return choose(lists, returnPath(fields) ?? author, []);
  const followUp = kind === 'all' ? fieldAddresses(fields, 'mail-followup-to') : [];
  if (followUp.length > 0) return choose(lists, followUp, []);
  // An answer to one's own message goes where that one went.
  const target = isFromMe ? others : answered;
  if (kind === 'sender') return choose(lists, target, []);
  return choose(lists, [...target, ...others], copies);
}

interface Self {
  readonly from: MailAddress | undefined;
  readonly isOwn: ReadonlySet<string>;
}

function choose(
  { from, isOwn }: Self,
  to: readonly MailAddress[],
  cc: readonly MailAddress[],
): Addressees {
  const taken = new Set(isOwn);
  const take = (list: readonly MailAddress[]): MailAddress[] =>
    list.filter((one) => {
      const key = keyOf(one);
      const isNew = !taken.has(key);
      taken.add(key);
      return isNew;
    });
  const first = take(to);
  const second = take(cc);
  if (first.length === 0 && second.length > 0) return { from, to: second, cc: [] };
  // Whoever writes to himself gets his answer.
  return { from, to: first.length > 0 ? first : to.slice(0, 1), cc: second };
}

/** Addresses are told apart without regard to case: no server in use tells ANN@ from ann@. */
const keyOf = ({ address }: MailAddress): string => address.toLowerCase();

const senders = ({ sender }: Original): AddressList => (sender ? [sender] : []);

/** Mailboxes that can be written to; a message that was read may name anything. */
function usable(list: AddressList): MailAddress[] {
  return mailboxesOf(list).flatMap(({ address, name }) => {
    try {
      return [new MailAddress(address, inOneLine(name).trim())];
    } catch (error) {
      if (error instanceof InvalidAddressError) return [];
      throw error;
    }
  });
}

/** The address that a message came to, when there is just one and it is no list's. */
function onlyOne(original: Original, fields: FirstFields): MailAddress | undefined {
  if (fields.get('list-id') ?? fields.get('list-post')) return undefined;
  const [first, ...others] = mailboxesOf(original.to);
  const isAlone = others.length === 0 && first !== undefined && usable([first]).length > 0;
  return isAlone ? first : undefined;
}

function fieldAddresses(fields: FirstFields, name: string): MailAddress[] {
  const value = fields.get(name);
  return value === undefined ? [] : usable(readAddressList(value).addresses);
}

// RFC 2369 section 3.4.
function listAddress(fields: FirstFields): MailAddress {
  const uri = /<\s*mailto:([^<>?\s]+)/i.exec(fields.get('list-post') ?? '')?.[1];
  const [found] = uri === undefined ? [] : usable(readAddressList(decoded(uri)).addresses);
  if (found) return found;
  throw fieldError(
    'list',
    'is asked for, but the message names no address of a list in List-Post; use all: true',
  );
}

function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}

// RFC 3834 section 4: automatic answers go to the reverse path, nowhere else.
function returnPath(fields: FirstFields): MailAddress[] | undefined {
  const found = fieldAddresses(fields, 'return-path');
  return found.length > 0 ? found : undefined;
}
