// What of an item goes to others: not who else gets it, nor where it lies at the sender's (MS-OXTNEF section 2.2.3).
import { MapiAttachment, MapiMessage, type MapiProperty, PidTag } from '../../mapi/index.ts';

// Hidden recipients, and by which account it came here.
const PRIVATE: ReadonlySet<number> = new Set([
  PidTag.OriginalDisplayBcc.id,
  PidTag.ReceivedByEntryId.id,
  PidTag.ReceivedByName.id,
  PidTag.ReceivedBySearchKey.id,
  PidTag.ReceivedByAddressType.id,
  PidTag.ReceivedByEmailAddress.id,
]);

// MS-OXPROPS section 1.3.3: ids of properties that are not for sending, but for those that belong to the text.
const FIRST_OF_STORE = 0x0e00;
const LAST_OF_STORE = 0x0fff;
const OF_TEXT: ReadonlySet<number> = new Set([PidTag.RtfInSync.id, PidTag.NormalizedSubject.id]);
// Of a message inside another, nothing else says these.
const OF_INNER: ReadonlySet<number> = new Set([
  ...OF_TEXT,
  PidTag.DisplayTo.id,
  PidTag.DisplayCc.id,
  PidTag.MessageDeliveryTime.id,
  PidTag.MessageFlags.id,
  PidTag.HasAttachments.id,
]);

/** The item with what may go to others; messages inside too. */
export function forTransport(item: MapiMessage): MapiMessage {
  return copyOf(item, (property) => {
    const { key } = property;
    return 'id' in key && key.id === PidTag.TransportMessageHeaders.id
      ? false
      : isForOthers(property, OF_TEXT);
  });
}

/** The item without its plain text when it has a formatted one: that stands beside the TNEF in the mail. */
export function withoutBody(item: MapiMessage): MapiMessage {
  const { properties } = item;
  if (properties.has(PidTag.Html) || properties.has(PidTag.RtfCompressed)) {
    properties.delete(PidTag.Body);
  }
  return item;
}

function copyOf(item: MapiMessage, isKept: (property: MapiProperty) => boolean): MapiMessage {
  const copy = new MapiMessage();
  for (const property of item.properties) if (isKept(property)) copy.properties.put(property);
  copy.recipients = item.recipients;
  copy.attachments = item.attachments.map(attachmentForOthers);
  return copy;
}

function attachmentForOthers(attachment: MapiAttachment): MapiAttachment {
  const { message, properties } = attachment;
  if (!message) return attachment;
  const inner = copyOf(message, (property) => isForOthers(property, OF_INNER));
  const headers = inner.properties.get(PidTag.TransportMessageHeaders);
  if (headers !== undefined) {
    inner.properties.set(PidTag.TransportMessageHeaders, headers.replace(HIDDEN, ''));
  }
  return new MapiAttachment(properties, { message: inner });
}

function isForOthers({ key }: MapiProperty, kept: ReadonlySet<number>): boolean {
  if ('name' in key) return !HIDDEN_FIELD.test(key.name);
  if (!('id' in key)) return true;
  const isOfStore = key.id >= FIRST_OF_STORE && key.id <= LAST_OF_STORE;
  return !PRIVATE.has(key.id) && (!isOfStore || kept.has(key.id));
}

// Header fields stand as named properties too.
const HIDDEN_FIELD = /^(?:resent-)?bcc$/i;
// A field with its folded lines.
const HIDDEN = /^(?:Resent-)?Bcc[ \t]*:[^\n]*\n?(?:[ \t][^\n]*\n?)*/gim;
