// An item that a message was read from, as that message is now: with every property that mail knows nothing of.
import { MapiMessage, PidTag } from '../../mapi/index.ts';
import type { MailMessage } from '../../message/index.ts';
import type { Note } from '../loss.ts';
import { forgetHead, headerOfMail, writeHead } from './item-head.ts';
import { writePeople } from './item-people.ts';
import { flagsOf, isDraft, UNSENT } from './message-flags.ts';

/** The item, to be written on or not. */
export function asDraft(item: MapiMessage, draft: boolean): MapiMessage {
  if (isDraft(item) === draft) return item;
  const other = copyOf(item);
  other.properties.set(PidTag.MessageFlags, flagsOf(item) ^ UNSENT);
  return other;
}

/** The item with the header that its message has now; texts, attachments and all else as they are. */
export async function withNewHead(
  origin: MapiMessage,
  message: MailMessage,
  draft: boolean,
  note: Note,
): Promise<MapiMessage> {
  const item = copyOf(asDraft(origin, draft));
  const { messageClass } = item;
  const flags = flagsOf(item);
  forgetHead(item.properties);
  writeHead(item, message, await headerOfMail(message), { draft, note });
  item.messageClass = messageClass;
  item.properties.set(PidTag.MessageFlags, flags);
  writePeople(item, message);
  return item;
}

function copyOf(item: MapiMessage): MapiMessage {
  const copy = new MapiMessage();
  for (const property of item.properties) copy.properties.put(property);
  copy.recipients = [...item.recipients];
  copy.attachments = item.attachments;
  return copy;
}
