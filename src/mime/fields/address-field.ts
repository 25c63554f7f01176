// Fields of mailboxes and groups (RFC 5322 section 3.6.3): From, To, Cc, Reply-To ….
import { InvalidAddressError } from '../../base/index.ts';
import { encodeWords } from '../../codec/index.ts';
import { type MailAddress, type MailGroup, quotePhrase } from '../address.ts';
import { isGroup, parseAddressList } from '../address-list.ts';
import { columns, FoldedValue, LINE_COLUMNS } from './fold.ts';
import type { HeaderField, HeaderOptions } from './header-field.ts';

const PRINTABLE = /^[ -~]*$/;
const PRINTABLE_UTF8 = /^[^\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]*$/u;

/**
 * A field of addresses, folded between them. Names that need it go into quotes or encoded words.
 *
 * @throws {@link InvalidAddressError} `ADDRESS_INVALID`: an address that was read from a received
 * message and is not valid; `ADDRESS_NEEDS_SMTPUTF8`: a mailbox name is not ASCII and `utf8` is off.
 */
export function addressField(
  name: string,
  list: readonly (MailAddress | MailGroup)[],
  o: HeaderOptions,
): HeaderField {
  const value = new FoldedValue(name);
  const checked = parseAddressList(list, name);
  checked.forEach((item, index) => {
    const comma = index < checked.length - 1 ? ',' : '';
    if (isGroup(item)) addGroup(value, item, comma, o);
    else addMailbox(value, item, comma, o);
  });
  return { name, value: value.toString() };
}

function addGroup(value: FoldedValue, group: MailGroup, comma: string, o: HeaderOptions): void {
  addPhrase(value, group.name, o);
  value.append(':');
  group.members.forEach((member, index) => {
    addMailbox(value, member, index < group.members.length - 1 ? ',' : '', o);
  });
  value.append(`;${comma}`);
}

function addMailbox(
  value: FoldedValue,
  mailbox: MailAddress,
  comma: string,
  o: HeaderOptions,
): void {
  const { name, address } = mailbox;
  if (!o.utf8 && mailbox.needsUtf8) {
    throw new InvalidAddressError(
      'ADDRESS_NEEDS_SMTPUTF8',
      `The mailbox name of "${address}" is not ASCII and needs a server with SMTPUTF8 (RFC 6531); use another server or an ASCII address`,
      address,
      0,
    );
  }
  if (name === '') value.add(`${address}${comma}`);
  else {
    addPhrase(value, name, o);
    value.add(`<${address}>${comma}`);
  }
}

function addPhrase(value: FoldedValue, name: string, o: HeaderOptions): void {
  const isPlain = (o.utf8 ? PRINTABLE_UTF8 : PRINTABLE).test(name) && !name.includes('=?');
  const phrase = isPlain ? quotePhrase(name) : '';
  if (isPlain && columns(phrase) < LINE_COLUMNS - 2) value.add(phrase);
  else {
    for (const word of encodeWords(name, { phrase: true, firstLineRoom: value.room }))
      value.add(word);
  }
}
