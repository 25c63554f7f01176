// From a mail that carries TNEF (winmail.dat) to the mail that the sender wrote (MS-OXCMAIL section 2.3, MS-OXTNEF).
import { PosthornError } from '../../base/index.ts';
import { decodeCharset } from '../../codec/index.ts';
import { MapiAttachment, type MapiMessage, PidTag, readTnef } from '../../mapi/index.ts';
import { MailMessage } from '../../message/index.ts';
import { findTnef, openedMessage, readMessage, StoredMail } from '../../message/internal.ts';
import {
  joinTexts,
  messageBodies,
  type ParsedEntity,
  type ParseOptions,
} from '../../mime/index.ts';
import { writtenHeader } from '../header-block.ts';
import type { Note } from '../loss.ts';
import { writePeople } from '../mail/item-people.ts';
import { mailFromMapi } from '../mail/mail-from-mapi.ts';
import { originOf, rememberOrigin } from '../mail/origin.ts';

/** How a mail with TNEF is opened. */
export interface OpenTnefOptions {
  /** Is told what could not be read. Default: nobody. */
  readonly note?: Note | undefined;
  /** How the message that comes of it is read; see {@link ParseOptions}. */
  readonly reading?: ParseOptions | undefined;
}

/**
 * The normal message in a mail that carries TNEF (winmail.dat): its own header, and text, HTML and attachments from the
 * TNEF; a meeting request is a text/calendar in it. Written, it is that normal message, where one that `load` opened is
 * written as it came until it is changed. A message without TNEF is given back as it is.
 *
 * @throws {@link FormatError} The TNEF can't be read at all.
 * @throws {@link LimitError} It holds more than is read.
 */
export async function openTnef(
  message: MailMessage,
  options: OpenTnefOptions = {},
): Promise<MailMessage> {
  if (message.state === 'composed') return message;
  const part = findTnef(message.root);
  if (part && message.state === 'body-changed') {
    // The tree is as it came; a stream that was put in can be read once, so that what it was written to counts.
    return await openTnef(
      await readMessage(await message.toBytes('eml'), options.reading),
      options,
    );
  }
  if (part) return await insideOf(message, part, options);
  if (!opened.has(message) || message.state !== 'as-read') return message;
  // What `load` opened: the same without what it came in.
  const plain = new MailMessage(new StoredMail(message.root));
  const origin = originOf(message);
  if (origin) rememberOrigin(plain, origin);
  return plain;
}

// Messages that stand for the mail they came in.
const opened = new WeakSet<MailMessage>();

/** What `load` gives for a mail that carries TNEF; the mail itself when that can't be read, with a problem that says so. */
export async function openOnLoad(
  message: MailMessage,
  reading: ParseOptions,
): Promise<MailMessage> {
  const part = findTnef(message.root);
  if (!part) return message;
  const damage: string[] = [];
  const note: Note = (code, text) => {
    if (code === 'file-damaged') damage.push(text);
  };
  let shown = message;
  try {
    const inside = await insideOf(message, part, { note, reading });
    shown = openedMessage(message, inside);
    opened.add(shown);
    const origin = originOf(inside);
    if (origin) rememberOrigin(shown, origin);
  } catch (error) {
    if (!(error instanceof PosthornError)) throw error;
    damage.push(`the winmail.dat can't be opened: ${error.message}`);
  }
  const { start } = part.range;
  shown.addProblems(
    damage.map((text) => ({ code: 'file-damaged', message: text, offset: start, line: 1 })),
  );
  return shown;
}

async function insideOf(
  message: MailMessage,
  part: ParsedEntity,
  { note = () => undefined, reading = {} }: OpenTnefOptions,
): Promise<MailMessage> {
  const item = readTnef(part.content());
  for (const { message: text, path } of item.problems) {
    note('file-damaged', path === '' ? text : `${text} (${path})`);
  }
  completeItem(item, message, part, headerText(await writtenHeader(message)));
  return await mailFromMapi(item, { note, reading });
}

// MSGFLAG_UNSENT (MS-OXCMSG section 2.2.1.6): an item to be written on.
const UNSENT = 0x08;

/** What the mail around it says and has counts too: header, people, the plain text, other parts. */
function completeItem(
  item: MapiMessage,
  message: MailMessage,
  tnef: ParsedEntity,
  header: string,
): void {
  const { properties, recipients } = item;
  const { root } = message;
  properties.set(PidTag.TransportMessageHeaders, header);
  const flags = properties.get(PidTag.MessageFlags);
  if (flags !== undefined) properties.set(PidTag.MessageFlags, flags & ~UNSENT);
  if (message.subject !== '') properties.set(PidTag.Subject, message.subject);
  writePeople(item, message);
  // A table says more of each: where it is, it counts.
  if (recipients.length > 0) item.recipients = recipients;
  const { text, html, attachments } = messageBodies(root);
  const plain = joinTexts(text);
  if (!item.text && plain !== undefined) properties.set(PidTag.Body, plain);
  const page = joinTexts(html);
  const hasPage = item.html || properties.has(PidTag.RtfCompressed);
  if (!hasPage && page !== undefined) properties.set(PidTag.BodyHtml, page);
  for (const leaf of attachments) if (leaf !== tnef) item.attachments.push(fileOf(leaf));
}

/** A part beside the TNEF, such as one that a gateway added. */
function fileOf(leaf: ParsedEntity): MapiAttachment {
  const { contentType, cid, filename } = leaf;
  const attachment = MapiAttachment.file(filename ?? '', leaf.content());
  attachment.properties.set(PidTag.AttachMimeTag, contentType.value);
  if (cid !== undefined) attachment.properties.set(PidTag.AttachContentId, cid);
  return attachment;
}

const CORRELATOR = /^X-MS-TNEF-Correlator:[^\n]*\n(?:[ \t][^\n]*\n)*/gim;

/** The header of the mail, without the field that ties it to its TNEF. */
function headerText(octets: Uint8Array): string {
  const { text } = decodeCharset(octets, undefined, { fallbackCharset: 'windows-1252' });
  return text.replace(CORRELATOR, '');
}
