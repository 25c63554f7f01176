// Which item a message was made from: written back to Outlook unchanged, it is that item, with every property.
import type { MapiMessage } from '../../mapi/index.ts';
import type { MailMessage } from '../../message/index.ts';

const origins = new WeakMap<MailMessage, MapiMessage>();

/** Notes the item that a message stands for. */
export function rememberOrigin(message: MailMessage, item: MapiMessage): void {
  origins.set(message, item);
}

/** The item that a message was made from; `undefined` when it was made from none. */
export function originOf(message: MailMessage): MapiMessage | undefined {
  return origins.get(message);
}
