// The header of a message as properties of an item (MS-OXCMAIL section 2.2.3.2).
import { Buffer } from 'node:buffer';
import { createHash, randomBytes } from 'node:crypto';
import { isAsciiBytes, latin1, latin1Bytes } from '../../base/internal.ts';
import { decodeCharset } from '../../codec/index.ts';
import {
  dateToFileTime,
  type MapiMessage,
  type MapiProperties,
  PidTag,
  propertySets,
} from '../../mapi/index.ts';
import type { MailMessage } from '../../message/index.ts';
import { headerOf } from '../../message/internal.ts';
import { type ParsedHeaders, parseEntity, readDate } from '../../mime/index.ts';
import type { Note } from '../loss.ts';
import { makeConversationIndex } from './conversation-index.ts';
import { fieldTable } from './header-table.ts';
import { keepInternetHeaders } from './internet-headers.ts';
import { FROM_ME, READ, UNSENT } from './message-flags.ts';

/** The header of a message, in its octets and as it is read. */
export interface MailHeader {
  readonly octets: Uint8Array;
  readonly headers: ParsedHeaders;
}

/** The header as it would be written to a file. */
export async function headerOfMail(message: MailMessage): Promise<MailHeader> {
  let octets: Uint8Array = new Uint8Array(0);
  for await (const chunk of message.toStream('eml')) {
    octets = octets.length === 0 ? chunk : Buffer.concat([octets, chunk]);
    const header = headerOf(octets);
    if (header.length < octets.length) {
      octets = header;
      break;
    }
  }
  return { octets, headers: parseEntity(octets).headers };
}

/** STORE_UNICODE_OK and what the stores of Outlook can do (MS-OXCFXICS; as Outlook writes it). */
const STORE_SUPPORT = 0x0004_0e79;

/** Takes out what a header says, but for people: another one is written in its place. */
export function forgetHead(properties: MapiProperties): void {
  for (const { tag } of fieldTable) properties.delete(tag);
  for (const { key, type } of [...properties]) {
    if ('name' in key && key.set.toUpperCase() === propertySets.internetHeaders) {
      properties.delete({ ...key, type });
    }
  }
  properties.delete(PidTag.TransportMessageHeaders);
}

/** Writes everything that the header says, but for people. */
export function writeHead(
  item: MapiMessage,
  message: MailMessage,
  { octets, headers }: MailHeader,
  { draft, note }: { readonly draft: boolean; readonly note: Note },
): void {
  const { properties } = item;
  properties
    .set(PidTag.MessageClass, 'IPM.Note')
    .set(PidTag.MessageFlags, draft ? READ | UNSENT | FROM_ME : READ)
    .set(PidTag.StoreSupportMask, STORE_SUPPORT)
    .set(PidTag.Importance, 1)
    .set(PidTag.Sensitivity, 0);
  writeSubject(item, message.subject);
  for (const row of fieldTable) {
    const name = row.names.find((known) => headers.raw(known) !== undefined);
    const text = name && headers.get(name);
    if (text) row.write(properties, text, headers);
  }
  properties.set(PidTag.Priority, (properties.get(PidTag.Importance) ?? 1) - 1);
  writeTimes(item, headers, draft);
  writeIdentity(item, message);
  const repeated = keepInternetHeaders(properties, headers, (name) => written.has(name));
  if (!draft) properties.set(PidTag.TransportMessageHeaders, textOf(octets));
  else if (repeated.length > 0) {
    note('headers-lost', `of several fields ${repeated.join(', ')} the first is kept`);
  }
}

const written: ReadonlySet<string> = new Set([
  ...fieldTable.flatMap(({ names }) => names.map((name) => name.toLowerCase())),
  'subject',
  'from',
  'sender',
  'to',
  'cc',
  'bcc',
  'reply-to',
  'disposition-notification-to',
  'return-receipt-to',
]);

const PREFIX = /^[^\s\d:]{1,3}: /u;

/** MS-OXCMSG section 2.2.1.9: the prefix is of one to three letters. */
function writeSubject({ properties }: MapiMessage, subject: string): void {
  const prefix = PREFIX.exec(subject)?.[0] ?? '';
  const rest = subject.slice(prefix.length);
  properties
    .set(PidTag.Subject, subject)
    .set(PidTag.SubjectPrefix, prefix)
    .set(PidTag.NormalizedSubject, rest)
    .set(PidTag.ConversationTopic, rest);
}

/** When it was sent, when it arrived, and when the item was made: then too, so that the same mail is the same item. */
function writeTimes({ properties }: MapiMessage, headers: ParsedHeaders, draft: boolean): void {
  const sent = properties.get(PidTag.ClientSubmitTime);
  const arrived = arrivalOf(headers) ?? sent;
  const made = arrived ?? dateToFileTime(new Date());
  for (const tag of [PidTag.CreationTime, PidTag.LastModificationTime]) {
    if (!properties.has(tag)) properties.set(tag, made);
  }
  if (!draft && arrived !== undefined) properties.set(PidTag.MessageDeliveryTime, arrived);
}

/** When the last server took it: its Received field is the first (RFC 5321 section 4.4). */
function arrivalOf(headers: ParsedHeaders): bigint | undefined {
  const received = headers.get('Received');
  const date = received && readDate(received.slice(received.lastIndexOf(';') + 1));
  return date ? dateToFileTime(date) : undefined;
}

function writeIdentity({ properties }: MapiMessage, message: MailMessage): void {
  const { messageId, references, inReplyTo, subject } = message;
  const key = messageId === '' ? randomBytes(16) : createHash('md5').update(messageId).digest();
  if (!properties.has(PidTag.SearchKey)) properties.set(PidTag.SearchKey, key);
  if (properties.has(PidTag.ConversationIndex)) return;
  const oldest = references[0] ?? inReplyTo[0];
  const conversation = oldest ?? (messageId || subject);
  const time = properties.get(PidTag.ClientSubmitTime) ?? properties.get(PidTag.CreationTime) ?? 0n;
  properties.set(PidTag.ConversationIndex, makeConversationIndex(conversation, time));
}

/** The header as text: octets over 127 are UTF-8, or else what old mail programs sent. Each line is seen for itself. */
function textOf(octets: Uint8Array): string {
  if (isAsciiBytes(octets)) return linesOf(latin1(octets)).join('\r\n');
  return linesOf(latin1(octets))
    .map((line) => decodeCharset(latin1Bytes(line), undefined, LEGACY).text)
    .join('\r\n');
}

const LEGACY = { fallbackCharset: 'windows-1252' } as const;
const linesOf = (text: string): string[] => text.replaceAll('\0', '').split(/\r\n|\r|\n/);
