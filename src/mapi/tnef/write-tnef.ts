// From a message to the octets of a TNEF stream (winmail.dat), in the order in which Exchange writes it.
import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { enforceLimit, memorySource, utf8Bytes } from '../../base/internal.ts';
import { AttachMethod } from '../attach-method.ts';
import type { MapiAttachment, MapiMessage } from '../mapi-message.ts';
import type { MapiRecipient } from '../mapi-recipient.ts';
import type { MapiProblem } from '../problem.ts';
import { MapiProperties } from '../property/mapi-properties.ts';
import type { MapiProperty } from '../property/mapi-property.ts';
import { PidTag } from '../property/pid-tag.data.ts';
import { describeKey } from '../property/property-tag.ts';
import { attachmentTimes, MAC_BINARY, RenderType, UNTITLED } from './attachment-attributes.ts';
import { AttributeId, Level, SIGNATURE } from './attribute.ts';
import type { AttributeMapping } from './attribute-mapping.ts';
import { TextWriter } from './attribute-text.ts';
import {
  codePageValue,
  commonAttributes,
  innerAttributes,
  meetingAttributes,
  outerAttributes,
  VERSION,
} from './message-attributes.ts';
import { isMeeting } from './message-class.ts';
import { TnefOutput } from './output.ts';
import { EMBEDDED_MESSAGE, OLE_STORAGE } from './property-form.ts';
import { writeProperties } from './write-properties.ts';

/** How TNEF is written. */
export interface WriteTnefOptions {
  /**
   * The key that ties it to the mail it goes with (PidTagTnefCorrelationKey): the Message-ID with its angle brackets, as in
   * the mail's X-MS-TNEF-Correlator; a receiver drops TNEF whose key is another. Default: the message's own, if it has one.
   */
  readonly correlationKey?: string | undefined;
  /**
   * Which tables of recipients are written: every one, hidden recipients too, or only those of messages inside, without the
   * hidden ones, as it has to be for a mail: its header names the recipients. Default: `'all'`.
   */
  readonly recipients?: 'all' | 'inner' | undefined;
  /** The number at the beginning, from 1 to 65535, which no reader needs. Default: random. */
  readonly key?: number | undefined;
  /** Is told what TNEF can't hold. Default: nobody. */
  readonly onProblem?: ((problem: MapiProblem) => void) | undefined;
}

/**
 * Writes TNEF, the content of a winmail.dat (MS-OXTNEF): every property, named ones too, strings in Unicode; attachments,
 * messages inside to any depth, objects (OLE).
 *
 * @throws {@link LimitError} Messages stand inside each other deeper than is read.
 */
export function writeTnef(message: MapiMessage, options: WriteTnefOptions = {}): Uint8Array {
  return tnefOutput(message, options).toBytes();
}

/** The same piece by piece: large attachments that stayed in their files are never in memory whole. Throws at once. */
export function streamTnef(
  message: MapiMessage,
  options: WriteTnefOptions = {},
): AsyncIterable<Uint8Array> {
  return tnefOutput(message, options).stream();
}

/** @internal The stream, of known size, before it is put together. */
export function tnefOutput(message: MapiMessage, options: WriteTnefOptions = {}): TnefOutput {
  return new StreamWriter(options, '', 0).write(message);
}

const KEY_NUMBERS = 0xffff;

/** Writes one stream, which may stand inside another. */
class StreamWriter {
  readonly #options: WriteTnefOptions;
  readonly #path: string;
  readonly #depth: number;
  readonly #output: TnefOutput = new TnefOutput();
  #text: TextWriter = new TextWriter(0);

  constructor(options: WriteTnefOptions, path: string, depth: number) {
    enforceLimit('mapiDepth', depth, 'The number of messages inside each other');
    this.#options = options;
    this.#path = path;
    this.#depth = depth;
  }

  write(message: MapiMessage): TnefOutput {
    const output = this.#output;
    const { key = 1 + (randomBytes(4).readUInt32LE(0) % KEY_NUMBERS) } = this.#options;
    this.#text = new TextWriter(message.codePage);
    output.u32(SIGNATURE);
    output.u16(key);
    output.attribute(Level.message, AttributeId.version, VERSION);
    output.attribute(Level.message, AttributeId.oemCodePage, codePageValue(this.#text.page));
    this.#mapped(Level.message, this.#attributesOf(message), message.properties);
    this.#recipientTable(message.recipients);
    this.#messageProperties(message);
    for (const [index, attachment] of message.attachments.entries()) {
      this.#attachment(attachment, `attachment ${index}`);
    }
    return output;
  }

  #attributesOf({ messageClass }: MapiMessage): AttributeMapping[] {
    return [
      ...commonAttributes,
      ...(this.#depth === 0 ? outerAttributes : innerAttributes),
      ...(isMeeting(messageClass) ? meetingAttributes : []),
    ];
  }

  #mapped(level: number, mappings: readonly AttributeMapping[], properties: MapiProperties): void {
    for (const mapping of mappings) {
      const octets = mapping.write(properties, this.#text);
      if (octets) this.#output.attribute(level, mapping.id, octets);
    }
  }

  /** MS-OXTNEF section 2.2.3: the recipients of a mail are in its header; hidden ones are nobody's business there. */
  #recipientTable(recipients: readonly MapiRecipient[]): void {
    const { recipients: which = 'all' } = this.#options;
    if (which === 'inner' && this.#depth === 0) return;
    const rows = which === 'all' ? recipients : recipients.filter(({ kind }) => kind !== 'bcc');
    if (rows.length === 0) return;
    const table = new TnefOutput();
    table.u32(rows.length);
    for (const [index, { properties }] of rows.entries()) {
      writeProperties(table, { properties, unwritable: this.#unwritable(`recipient ${index}`) });
    }
    this.#output.attribute(Level.message, AttributeId.recipientTable, table);
  }

  #messageProperties(message: MapiMessage): void {
    const list = new TnefOutput();
    const properties = this.#withKey(message);
    writeProperties(list, { properties, unwritable: this.#unwritable('') });
    this.#output.attribute(Level.message, AttributeId.messageProperties, list);
  }

  /** The properties with the correlation key, and with a class, without which it is no message. */
  #withKey({ properties, messageClass }: MapiMessage): MapiProperties {
    const { correlationKey } = this.#options;
    const isKeyed = this.#depth === 0 && correlationKey !== undefined;
    if (!isKeyed && properties.has(PidTag.MessageClass)) return properties;
    const copy = copyOf(properties);
    copy.set(PidTag.MessageClass, messageClass);
    // MS-OXCMAIL section 2.1.3.2.26: the NUL belongs to it.
    if (isKeyed) copy.set(PidTag.TnefCorrelationKey, utf8Bytes(`${correlationKey}\0`));
    return copy;
  }

  #attachment(attachment: MapiAttachment, name: string): void {
    const { properties, message } = attachment;
    const { storage } = attachment;
    const output = this.#output;
    const level = Level.attachment;
    output.attribute(level, AttributeId.attachRenderData, rendering(attachment, storage));
    output.attribute(level, AttributeId.attachTitle, this.#text.attribute(titleOf(attachment)));
    this.#mapped(level, attachmentTimes, properties);
    const content = new TnefOutput();
    const source = attachment.source();
    if (source && !message && !storage) {
      content.source(source);
      output.attribute(level, AttributeId.attachData, content);
    }
    const list = new TnefOutput();
    const object = this.#object(message, storage, name);
    const isHeld = object !== undefined || source !== undefined;
    writeProperties(list, {
      properties: this.#withMethod(attachment),
      without: isHeld ? [PidTag.AttachDataBinary.id] : [],
      ...(object && { object: { tag: PidTag.AttachDataObject, ...object } }),
      unwritable: this.#unwritable(name),
    });
    output.attribute(level, AttributeId.attachment, list);
  }

  /** The properties with the method, without which readers don't know what it is. */
  #withMethod({ properties, method }: MapiAttachment): MapiProperties {
    return properties.has(PidTag.AttachMethod)
      ? properties
      : copyOf(properties).set(PidTag.AttachMethod, method);
  }

  #object(
    message: MapiMessage | undefined,
    storage: Uint8Array | undefined,
    name: string,
  ): { iid: Uint8Array; data: TnefOutput } | undefined {
    if (message) {
      const writer = new StreamWriter(this.#options, this.#at(name), this.#depth + 1);
      return { iid: EMBEDDED_MESSAGE, data: writer.write(message) };
    }
    if (!storage) return undefined;
    const data = new TnefOutput();
    data.source(memorySource(storage));
    return { iid: OLE_STORAGE, data };
  }

  #at(name: string): string {
    return this.#path === '' || name === '' ? this.#path + name : `${this.#path}/${name}`;
  }

  #unwritable(name: string): (property: MapiProperty) => void {
    return ({ key, type }) => {
      const shown = type.toString(16).padStart(4, '0');
      this.#options.onProblem?.({
        code: 'TYPE_UNKNOWN',
        message: `The property ${describeKey(key)} has the type ${shown}, which TNEF can't hold; it was left out`,
        path: this.#at(name),
      });
    };
  }
}

function copyOf(properties: MapiProperties): MapiProperties {
  const copy = new MapiProperties();
  for (const property of properties) copy.put(property);
  return copy;
}

const ICON_POINTS = 0x20;
const UNSIZED = 0xffff;

/** attAttachRendData (MS-OXTNEF section 2.1.3.3.15). */
function rendering(
  { method, properties }: MapiAttachment,
  storage: Uint8Array | undefined,
): TnefOutput {
  const isOle = method === AttachMethod.ole || storage !== undefined;
  const points = isOle ? UNSIZED : ICON_POINTS;
  const encoding = properties.get(PidTag.AttachEncoding);
  const isMac = encoding !== undefined && Buffer.from(MAC_BINARY).equals(encoding);
  const output = new TnefOutput();
  output.u16(isOle ? RenderType.ole : RenderType.file);
  output.u32(properties.get(PidTag.RenderingPosition) ?? -1);
  output.u16(points);
  output.u16(points);
  output.u32(isMac ? 1 : 0);
  return output;
}

/** Programs that know nothing of properties show it, and name the file by it. */
function titleOf({ fileName }: MapiAttachment): string {
  return fileName === '' ? UNTITLED : fileName;
}
