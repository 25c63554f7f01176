// An item of Outlook: mail, appointment, contact, task … What its files (MSG, TNEF) have in common.

import type { MapiAttachment } from './mapi-attachment.ts';
import type { MapiRecipient } from './mapi-recipient.ts';
import type { MapiProblem } from './problem.ts';
import { ansiCodePage, decodeHtml, WESTERN } from './property/code-page.ts';
import { fileTimeToDate } from './property/file-time.ts';
import { MapiProperties } from './property/mapi-properties.ts';
import { PidTag } from './property/pid-tag.data.ts';

/** An item of Outlook: a mail, appointment, contact, task, note, report … with everything its file holds. */
export class MapiMessage {
  /** The properties of the item. */
  readonly properties: MapiProperties = new MapiProperties();
  /** Who it goes to, and of a meeting who comes. */
  recipients: MapiRecipient[] = [];
  /** What is attached: files, other messages, embedded objects. */
  attachments: MapiAttachment[] = [];
  /** What reading found wrong, of what is inside this message too; nothing was left out that is not in this list. */
  readonly problems: MapiProblem[] = [];

  /** What kind of item it is (PidTagMessageClass), `IPM.Note` when it does not say. */
  get messageClass(): string {
    return this.properties.get(PidTag.MessageClass) ?? 'IPM.Note';
  }

  set messageClass(value: string) {
    this.properties.set(PidTag.MessageClass, value);
  }

  /** The whole subject (PidTagSubject, else its prefix and the rest); `''` when there is none. */
  get subject(): string {
    const { properties } = this;
    return (
      properties.get(PidTag.Subject) ??
      (properties.get(PidTag.SubjectPrefix) ?? '') +
        (properties.get(PidTag.NormalizedSubject) ?? '')
    );
  }

  set subject(value: string) {
    this.properties.set(PidTag.Subject, value);
  }

  /** The plain text (PidTagBody); `undefined` when there is none, though there may be HTML or RTF. */
  get text(): string | undefined {
    return this.properties.get(PidTag.Body);
  }

  set text(value: string) {
    this.properties.set(PidTag.Body, value);
  }

  /**
   * The HTML (PidTagBodyHtml or PidTagHtml, in its own charset); `undefined` when there is none. It may be in the RTF
   * (PidTagRtfCompressed) all the same.
   */
  get html(): string | undefined {
    const { properties } = this;
    const text = properties.get(PidTag.BodyHtml);
    if (text !== undefined) return text;
    const octets = properties.get(PidTag.Html);
    return octets && decodeHtml(octets, properties.get(PidTag.InternetCodepage));
  }

  /** When it was sent (PidTagClientSubmitTime), else delivered; `undefined` when it says neither. */
  get date(): Date | undefined {
    const { properties } = this;
    const time =
      properties.get(PidTag.ClientSubmitTime) ?? properties.get(PidTag.MessageDeliveryTime);
    return time === undefined ? undefined : fileTimeToDate(time);
  }

  /** The Windows code page of its 8-bit strings, by its properties; 1252 when they don't say, never that of UTF-8. */
  get codePage(): number {
    return ansiCodePage(this.properties) ?? WESTERN;
  }
}
