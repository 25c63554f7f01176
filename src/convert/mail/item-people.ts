// The people of a message as properties and recipients of an item (MS-OXCMAIL section 2.2.3.1).
import {
  type MapiMessage,
  type MapiProperties,
  MapiRecipient,
  PidTag,
  type RecipientKind,
  writeOneOff,
} from '../../mapi/index.ts';
import { smtpSearchKey } from '../../mapi/internal.ts';
import type { AddressList, MailMessage } from '../../message/index.ts';
import { type MailAddress, mailboxesOf } from '../../mime/index.ts';
import { writeEntryList } from './entry-list.ts';
import { decapsulate } from './imcea.ts';
import { AUTHOR, type PersonTags, RECIPIENT, SENDER } from './people.ts';

/**
 * Writes who a message is from, who it goes to, and who is told what became of it. Recipients that the item has already
 * stay as they are.
 */
export function writePeople(item: MapiMessage, message: MailMessage): void {
  const { properties, recipients: known } = item;
  const [author] = mailboxesOf(message.from);
  const sender = message.sender ?? author;
  if (author) writePerson(properties, AUTHOR, author);
  if (sender) writePerson(properties, SENDER, sender);
  writeReplyTo(properties, message.replyTo);
  writeReceipts(properties, message);
  item.recipients = RECIPIENT_LISTS.flatMap(([kind, list]) =>
    mailboxesOf(message[list]).map(
      (mailbox) => known.find((one) => isSame(one, kind, mailbox)) ?? recipientOf(kind, mailbox),
    ),
  );
  for (const [kind, , tag] of RECIPIENT_LISTS) {
    const names = item.recipients.filter((recipient) => recipient.kind === kind);
    properties.set(tag, names.map(({ name }) => name).join('; '));
  }
}

const RECIPIENT_LISTS = [
  ['to', 'to', PidTag.DisplayTo],
  ['cc', 'cc', PidTag.DisplayCc],
  ['bcc', 'bcc', PidTag.DisplayBcc],
] as const;

function isSame(one: MapiRecipient, kind: RecipientKind, { address, name }: MailAddress): boolean {
  const isNamed = name === '' || one.name === name;
  return one.kind === kind && one.address.toLowerCase() === address.toLowerCase() && isNamed;
}

function recipientOf(kind: RecipientKind, { name, address }: MailAddress): MapiRecipient {
  const recipient = MapiRecipient.of(kind, address, name || address);
  const other = decapsulate(address);
  if (other) {
    const { properties } = recipient;
    properties.set(PidTag.AddressType, other.type).set(PidTag.EmailAddress, other.address);
    for (const tag of [PidTag.SmtpAddress, RECIPIENT.entryId, RECIPIENT.searchKey]) {
      properties.delete(tag);
    }
    properties.delete(PidTag.RecipientEntryId);
  }
  return recipient;
}

function writePerson(
  properties: MapiProperties,
  tags: PersonTags,
  { name, address }: MailAddress,
): void {
  const shown = name || address;
  const other = decapsulate(address);
  properties.set(tags.name, shown);
  if (other) {
    properties.set(tags.type, other.type).set(tags.address, other.address);
    return;
  }
  properties
    .set(tags.type, 'SMTP')
    .set(tags.address, address)
    .set(tags.smtp, address)
    .set(tags.entryId, entryOf(shown, address))
    .set(tags.searchKey, smtpSearchKey(address));
}

const entryOf = (name: string, address: string): Uint8Array =>
  writeOneOff({ name, addressType: 'SMTP', address });

function writeReplyTo(properties: MapiProperties, list: AddressList): void {
  const people = mailboxesOf(list);
  if (people.length === 0) return;
  const names = people.map(({ name, address }) => name || address);
  const entries = people.map(({ name, address }) => entryOf(name || address, address));
  properties
    .set(PidTag.ReplyRecipientNames, names.join('; '))
    .set(PidTag.ReplyRecipientEntries, writeEntryList(entries));
}

function writeReceipts(properties: MapiProperties, message: MailMessage): void {
  const [reader] = mailboxesOf(message.readReceiptTo);
  if (reader) {
    const { name, address } = reader;
    properties
      .set(PidTag.ReadReceiptRequested, true)
      .set(PidTag.ReadReceiptEntryId, entryOf(name || address, address))
      .set(PidTag.ReadReceiptSearchKey, smtpSearchKey(address))
      .set(PidTag.ReadReceiptSmtpAddress, address);
  }
  if (message.deliveryReceipt) properties.set(PidTag.OriginatorDeliveryReportRequested, true);
}
