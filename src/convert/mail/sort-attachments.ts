// The attachments of an item, each where it belongs in a message: shown by the HTML, one more form of the text, or a file.
import { type MapiAttachment, type MapiMessage, PidTag } from '../../mapi/index.ts';
import type { Entity } from '../../mime/index.ts';
import { isCalendarClass } from '../calendar/calendar-item.ts';
import { isMadeName } from './attached-name.ts';
import {
  attachmentPart,
  contentId,
  isShownInline,
  type PartContext,
  viewPart,
} from './attachment-part.ts';
import { isMeetingClass, isMeetingOf } from './meeting-calendar.ts';

/** The parts by their places, each list in the order of the item. */
export interface SortedParts {
  /** Other forms of the text. */
  readonly views: Entity[];
  /** The calendar that a meeting message came with. */
  readonly calendars: Entity[];
  /** What the HTML refers to. */
  readonly linked: Entity[];
  /** All others. */
  readonly attached: Entity[];
}

/** Makes parts of the attachments; what the item's calendar tells is left out. */
export function sortAttachments(
  item: MapiMessage,
  html: string,
  context: PartContext,
): SortedParts {
  const parts: SortedParts = { views: [], calendars: [], linked: [], attached: [] };
  for (const attachment of item.attachments) {
    if (isException(item, attachment)) continue;
    if (isMeetingClass(item.messageClass) && isCalendarView(attachment)) {
      // Where the item was changed since, its properties count.
      if (isMeetingOf(item, attachment.bytes())) parts.calendars.push(viewPart(attachment));
    } else if (isView(attachment)) parts.views.push(viewPart(attachment));
    else {
      const isLinked = isReferredTo(attachment, html);
      const part = attachmentPart(attachment, isLinked || isShownInline(attachment), context);
      if (part) (isLinked ? parts.linked : parts.attached).push(part);
    }
  }
  return parts;
}

/** An exception of a recurring appointment: the calendar tells it. */
function isException(
  { messageClass }: MapiMessage,
  { message, properties }: MapiAttachment,
): boolean {
  return (
    isCalendarClass(messageClass) &&
    message !== undefined &&
    properties.get(PidTag.AttachmentHidden) === true &&
    /^IPM\.OLE\.CLASS\./i.test(message.messageClass)
  );
}

/** Whether the HTML shows the attachment, by its Content-ID or its place (RFC 2392, RFC 2557). */
function isReferredTo({ properties }: MapiAttachment, html: string): boolean {
  const cid = contentId(properties.get(PidTag.AttachContentId));
  if (cid !== undefined && includesText(html, `cid:${cid}`)) return true;
  const location = properties.get(PidTag.AttachContentLocation);
  return location !== undefined && location.length > 3 && html.includes(location);
}

function includesText(html: string, reference: string): boolean {
  return html.includes(reference) || html.includes(encodeURI(reference));
}

/** Whether it is the calendar that the item was made of, hidden in it. */
function isCalendarView({ properties }: MapiAttachment): boolean {
  const type = properties.get(PidTag.AttachMimeTag) ?? '';
  return properties.get(PidTag.AttachmentHidden) === true && /^text\/calendar(?:;|$)/i.test(type);
}

/** Whether it is a form of the text that was hidden in the item because Outlook has no place for it. */
function isView({ fileName, message, properties }: MapiAttachment): boolean {
  return (
    message === undefined &&
    properties.get(PidTag.AttachmentHidden) === true &&
    isMadeName(fileName, properties.get(PidTag.DisplayName)) &&
    properties.get(PidTag.AttachContentId) === undefined
  );
}
