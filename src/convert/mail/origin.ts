// Which item a message was made from: written back to Outlook unchanged, it is that item, with every property.
import type { MapiMessage } from '../../mapi/index.ts';
import type { MailMessage } from '../../message/index.ts';

const origins = new WeakMap<MailMessage, MapiMessage>();

/** Notes the item that a message stands for, and those that the messages in it stand for. */
export function rememberOrigin(message: MailMessage, item: MapiMessage): void {
  origins.set(message, item);
  const items = item.attachments.flatMap(({ message: inner }) => inner ?? []);
  // What is in a large file is left there.
  if (items.length === 0 || !message.root.source.bytes) return;
  const parts = message.attachments.filter(({ contentType }) => contentType === 'message/rfc822');
  // Messages may be attached as files too, and exceptions of appointments are no parts.
  if (parts.length !== items.length) return;
  for (const [index, part] of parts.entries()) {
    const [inner, own] = [part.message, items[index]];
    if (inner && own) rememberOrigin(inner, own);
  }
}

/** The item that a message was made from; `undefined` when it was made from none. */
export function originOf(message: MailMessage): MapiMessage | undefined {
  return origins.get(message);
}
