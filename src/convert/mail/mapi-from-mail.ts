// From an internet message to an item of Outlook (MS-OXCMAIL section 2.2).
import { MapiMessage, PidTag } from '../../mapi/index.ts';
import type { MailMessage } from '../../message/index.ts';
import type { Note } from '../loss.ts';
import { asDraft, withNewHead } from './changed-item.ts';
import { writeAttachments } from './item-attachments.ts';
import { securedAttachment, writeMeeting, writeReport } from './item-class.ts';
import { headerOfMail, writeHead } from './item-head.ts';
import { writePeople } from './item-people.ts';
import { writeTexts } from './item-texts.ts';
import { tellMailLosses } from './mail-losses.ts';
import { flagsOf, HAS_ATTACHMENT, isDraft } from './message-flags.ts';
import { originOf } from './origin.ts';

/** How a message becomes an item. */
export interface MapiFromMailOptions {
  /** Is told what the item could not hold. Default: nobody. */
  readonly note?: Note | undefined;
  /**
   * Whether Outlook opens the item to be written on and sent. Default: of a message that was composed, and of one that
   * was read from such an item.
   */
  readonly draft?: boolean | undefined;
}

/**
 * The item of Outlook that stands for a message: its header, recipients (Bcc too), texts, attachments, messages in it
 * to any depth; signed and encrypted mail, reports and meetings in the classes that Outlook has for them. A message
 * that was read from an item is that item, with every property, but for the header fields that were changed; when a text or
 * attachment was changed, it is a new one.
 *
 * @throws {@link InvalidMessageError} An attachment can't be read.
 */
export async function mapiFromMail(
  message: MailMessage,
  { note = () => undefined, draft }: MapiFromMailOptions = {},
): Promise<MapiMessage> {
  const origin = originOf(message);
  const isNew = draft ?? (origin ? isDraft(origin) : message.state === 'composed');
  const { state } = message;
  if (origin && state === 'as-read') return asDraft(origin, isNew);
  if (origin && state === 'head-changed') return await withNewHead(origin, message, isNew, note);
  if (origin) note('properties-lost', 'what the item had beside the mail: its body was changed');
  return await itemOf(message, { draft: isNew, note });
}

interface Making {
  readonly draft: boolean;
  readonly note: Note;
}

async function itemOf(message: MailMessage, making: Making): Promise<MapiMessage> {
  const { draft, note } = making;
  const item = new MapiMessage();
  const header = await headerOfMail(message);
  writeHead(item, message, header, making);
  writePeople(item, message);
  writeTexts(item, message, draft);
  const isWhole = message.state === 'as-read' || message.state === 'head-changed';
  const root = isWhole ? message.root : undefined;
  const secured = root && securedAttachment(item, root);
  if (secured) item.attachments.push(secured);
  else {
    if (root) writeReport(item, message, root);
    tellMailLosses(message, header.headers, making);
    writeMeeting(item, message, note);
    // A message inside another is one that was sent, however this one came to be.
    const makeItem = (inner: MailMessage): Promise<MapiMessage> =>
      mapiFromMail(inner, { note, draft: false });
    await writeAttachments(item, message, makeItem);
  }
  writeTraces(item);
  return item;
}

/** What an item says of its attachments: those that the text shows don't count. */
function writeTraces(item: MapiMessage): void {
  const { properties, attachments } = item;
  const has = attachments.some((attachment) => !attachment.properties.get(PidTag.AttachmentHidden));
  properties.set(PidTag.HasAttachments, has);
  if (has) properties.set(PidTag.MessageFlags, flagsOf(item) | HAS_ATTACHMENT);
}
