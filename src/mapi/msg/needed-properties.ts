// What every MSG file says of itself, whether the message has it or not. [MS-OXMSG] section 2.1.1; [MS-OXCMSG] section 2.2.
import { AttachMethod } from '../attach-method.ts';
import type { MapiAttachment, MapiMessage } from '../mapi-message.ts';
import type { MapiRecipient, RecipientKind } from '../mapi-recipient.ts';
import { MapiProperties } from '../property/mapi-properties.ts';
import { PidTag } from '../property/pid-tag.data.ts';
import type { PropertyTag } from '../property/property-tag.ts';
import { UNICODE } from './write-context.ts';

// PidTagStoreSupportMask: what Outlook writes, and the bit that says: text is Unicode.
const SUPPORT = 0x0000_0e79;
const UNICODE_OK = 0x0004_0000;
// PidTagMessageFlags (MS-OXCMSG section 2.2.1.6).
const FLAG_READ = 0x01;
const FLAG_HAS_ATTACHMENTS = 0x10;
// PidTagObjectType (MS-OXCPRPT section 2.2.1.7).
const OBJECT_MAIL_USER = 6;
const OBJECT_ATTACHMENT = 7;

/** The properties of a message, with what a file needs besides. The message itself is not changed. */
export function messageProperties(
  message: MapiMessage,
  codePage: number | typeof UNICODE,
): MapiProperties {
  const all = copyOf(message.properties);
  const { attachments, recipients } = message;
  const support = all.get(PidTag.StoreSupportMask) ?? SUPPORT;
  const isUnicode = codePage === UNICODE;
  all.set(PidTag.StoreSupportMask, isUnicode ? support | UNICODE_OK : support & ~UNICODE_OK);
  if (!isUnicode) all.set(PidTag.MessageCodepage, codePage);
  const flags = all.get(PidTag.MessageFlags) ?? FLAG_READ;
  all.set(
    PidTag.MessageFlags,
    attachments.length > 0 ? flags | FLAG_HAS_ATTACHMENTS : flags & ~FLAG_HAS_ATTACHMENTS,
  );
  if (attachments.length === 0) all.set(PidTag.HasAttachments, false);
  else setDefault(all, PidTag.HasAttachments, attachments.some(isShown));
  setDefault(all, PidTag.MessageClass, message.messageClass);
  if (recipients.length > 0) {
    setDefault(all, PidTag.DisplayTo, namesOf(recipients, 'to'));
    setDefault(all, PidTag.DisplayCc, namesOf(recipients, 'cc'));
    setDefault(all, PidTag.DisplayBcc, namesOf(recipients, 'bcc'));
  }
  return all;
}

/** The properties of the recipients, in order, each with a number of its own. */
export function recipientProperties(recipients: readonly MapiRecipient[]): MapiProperties[] {
  return numbered(recipients, PidTag.RowId).map((all) => {
    setDefault(all, PidTag.RecipientType, 1);
    setDefault(all, PidTag.ObjectType, OBJECT_MAIL_USER);
    return all;
  });
}

/** The properties of the attachments, in order, each with a number of its own. */
export function attachmentProperties(attachments: readonly MapiAttachment[]): MapiProperties[] {
  return numbered(attachments, PidTag.AttachNumber).map((all, index) => {
    const attachment = attachments[index];
    if (attachment) {
      setDefault(all, PidTag.AttachMethod, attachment.method);
      setDefault(all, PidTag.AttachSize, attachment.size);
    }
    setDefault(all, PidTag.RenderingPosition, -1);
    setDefault(all, PidTag.ObjectType, OBJECT_ATTACHMENT);
    return all;
  });
}

/** Copies of the bags; those without a number, or with one that another has, get one that is free. */
function numbered(
  items: readonly { readonly properties: MapiProperties }[],
  tag: PropertyTag<0x0003>,
): MapiProperties[] {
  const used = new Set<number>();
  const bags = items.map(({ properties }) => {
    const all = copyOf(properties);
    const own = all.get(tag);
    if (own !== undefined && used.has(own)) all.delete(tag);
    else if (own !== undefined) used.add(own);
    return all;
  });
  let next = 0;
  for (const bag of bags) {
    if (bag.has(tag)) continue;
    while (used.has(next)) next += 1;
    bag.set(tag, next);
    next += 1;
  }
  return bags;
}

function copyOf(properties: MapiProperties): MapiProperties {
  const all = new MapiProperties();
  for (const property of properties) all.put(property);
  return all;
}

function setDefault<T extends number>(
  all: MapiProperties,
  tag: PropertyTag<T>,
  value: Parameters<typeof all.set<T>>[1],
): void {
  if (!all.has(tag)) all.set(tag, value);
}

function namesOf(recipients: readonly MapiRecipient[], kind: RecipientKind): string {
  return recipients
    .filter((each) => each.kind === kind)
    .map(({ name }) => name)
    .join('; ');
}

/** Whether people see it among the attachments. */
function isShown({ properties, method }: MapiAttachment): boolean {
  return method !== AttachMethod.none && properties.get(PidTag.AttachmentHidden) !== true;
}
