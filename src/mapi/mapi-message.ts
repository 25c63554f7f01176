// An item of Outlook: mail, appointment, contact, task … What its files (MSG, TNEF) have in common. Attachments stand here too,
// because they hold items again.

import type { ByteSource } from '../base/internal.ts';
import { AttachMethod } from './attach-method.ts';
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

/** One attachment of a message: a file, another message, or an embedded object. */
export class MapiAttachment {
  /** The properties of the attachment. */
  readonly properties: MapiProperties;
  /** The attached message, when it is one. */
  readonly message: MapiMessage | undefined;
  readonly #storage: Uint8Array | (() => Uint8Array) | undefined;

  /** Use `file`, `embedded` or `object`. */
  constructor(
    properties: MapiProperties = new MapiProperties(),
    held: { message?: MapiMessage; storage?: Uint8Array | (() => Uint8Array) } = {},
  ) {
    this.properties = properties;
    this.message = held.message;
    this.#storage = held.storage;
  }

  /** A file. Its octets may stay in a source until they are written. */
  static file(fileName: string, content: Uint8Array | ByteSource): MapiAttachment {
    const attachment = new MapiAttachment();
    attachment.properties
      .set(PidTag.AttachMethod, AttachMethod.byValue)
      .set(PidTag.AttachDataBinary, content)
      .set(PidTag.AttachLongFilename, fileName)
      .set(PidTag.DisplayName, fileName)
      .set(PidTag.RenderingPosition, -1);
    const extension = /\.[^.\\/]+$/.exec(fileName)?.[0];
    if (extension !== undefined) attachment.properties.set(PidTag.AttachExtension, extension);
    return attachment;
  }

  /** A message inside a message. */
  static embedded(message: MapiMessage): MapiAttachment {
    const attachment = new MapiAttachment(new MapiProperties(), { message });
    attachment.properties
      .set(PidTag.AttachMethod, AttachMethod.embedded)
      .set(PidTag.DisplayName, message.subject)
      .set(PidTag.RenderingPosition, -1);
    return attachment;
  }

  /** An object (OLE): a whole compound file, as `storage` gives it. */
  static object(storage: Uint8Array, displayName: string): MapiAttachment {
    const attachment = new MapiAttachment(new MapiProperties(), { storage });
    attachment.properties
      .set(PidTag.AttachMethod, AttachMethod.ole)
      .set(PidTag.DisplayName, displayName)
      .set(PidTag.RenderingPosition, -1);
    return attachment;
  }

  /** How it is kept; see {@link AttachMethod}. */
  get method(): number {
    return this.properties.get(PidTag.AttachMethod) ?? this.#heldAs();
  }

  #heldAs(): number {
    if (this.message) return AttachMethod.embedded;
    return this.#storage ? AttachMethod.ole : AttachMethod.byValue;
  }

  /** The long file name, else the one of eight and three letters, else the name to show; `''` when there is none. */
  get fileName(): string {
    const { properties } = this;
    return (
      properties.get(PidTag.AttachLongFilename) ||
      properties.get(PidTag.AttachFilename) ||
      properties.get(PidTag.DisplayName) ||
      ''
    );
  }

  /** Octets of the file; 0 when there is none. */
  get size(): number {
    return this.source()?.size ?? 0;
  }

  /**
   * The file's octets; empty when it is no file.
   * @throws {LimitError} `rangeBytes`: they are too many for one array; see `source`.
   */
  bytes(): Uint8Array {
    return this.properties.get(PidTag.AttachDataBinary) ?? new Uint8Array(0);
  }

  /** The file's octets where they are, to be read piece by piece; `undefined` when it is no file. */
  source(): ByteSource | undefined {
    return this.properties.source(PidTag.AttachDataBinary);
  }

  /**
   * The embedded object (OLE) as a whole compound file; `undefined` when it is none.
   * @throws {FormatError} The object's streams are damaged.
   */
  get storage(): Uint8Array | undefined {
    return typeof this.#storage === 'function' ? this.#storage() : this.#storage;
  }
}
