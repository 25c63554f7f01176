// One attachment: its attributes and properties, and what hangs on it.
import { FormatError } from '../../base/index.ts';
import { type ByteSource, rangeSource, viewOf } from '../../base/internal.ts';
import { AttachMethod } from '../attach-method.ts';
import type { MapiMessage } from '../mapi-message.ts';
import { MapiAttachment } from '../mapi-message.ts';
import { MapiProperties } from '../property/mapi-properties.ts';
import { PidTag } from '../property/pid-tag.data.ts';
import { attachmentAttributes, MAC_BINARY, RenderType, UNTITLED } from './attachment-attributes.ts';
import { type Attribute, AttributeId } from './attribute.ts';
import type { TextReader } from './attribute-text.ts';
import type { Faults } from './faults.ts';
import { TnefInput } from './input.ts';
import { EMBEDDED_MESSAGE, IID_BYTES, OLE_STORAGE } from './property-form.ts';
import { readProperties } from './read-properties.ts';

/** What an attachment is read from. */
export interface AttachmentInput {
  readonly source: ByteSource;
  readonly attributes: ReadonlyMap<number, Attribute>;
  readonly text: TextReader;
  readonly faults: Faults;
  /** Reads a message that is attached. @throws {@link FormatError} It is no TNEF. */
  readonly readMessage: (data: ByteSource) => MapiMessage;
}

/** Reads an attachment. What its object is can't be read as stays as octets. */
export function readAttachment(from: AttachmentInput): MapiAttachment {
  const { source, attributes, text, faults } = from;
  const properties = new MapiProperties();
  const list = attributes.get(AttributeId.attachment);
  if (list) {
    const input = new TnefInput(source, list.start, list.end);
    readProperties(input, properties, { faults, text: text.property });
  }
  const held = readObject(from, properties);
  readRendering(attributes.get(AttributeId.attachRenderData), source, properties);
  for (const mapping of attachmentAttributes) {
    const attribute = attributes.get(mapping.id);
    if (attribute) mapping.read(source.read(attribute.start, attribute.end), properties, text);
  }
  // What older programs are to show in place of a message or object is not its content.
  if (held === undefined) {
    readContent(attributes.get(AttributeId.attachData), source, properties);
    readTitle(attributes.get(AttributeId.attachTitle), source, properties, text);
  }
  return new MapiAttachment(properties, held);
}

type Held = { readonly message: MapiMessage } | { readonly storage: () => Uint8Array };

/** The object (PidTagAttachDataObject) as what its identifier says it is; then it is no property any more. */
function readObject(
  { faults, readMessage }: AttachmentInput,
  properties: MapiProperties,
): Held | undefined {
  const object = properties.source(PidTag.AttachDataObject);
  if (object === undefined || object.size < IID_BYTES) return undefined;
  properties.delete(PidTag.AttachDataObject);
  const iid = viewOf(object.read(0, IID_BYTES));
  const data = rangeSource(object, IID_BYTES, object.size);
  if (iid.equals(OLE_STORAGE)) return { storage: () => data.read(0, data.size) };
  if (iid.equals(EMBEDDED_MESSAGE)) {
    try {
      return { message: readMessage(data) };
    } catch (error) {
      if (!(error instanceof FormatError) || faults.reading.strict) throw error;
      faults.tell('ATTACHMENT_DAMAGED', 'The attached message is no TNEF', error.offset);
    }
  }
  if (!properties.has(PidTag.AttachDataBinary)) properties.set(PidTag.AttachDataBinary, data);
  return undefined;
}

/** attAttachRendData: which kind it is, and where in the text it is shown. */
function readRendering(
  attribute: Attribute | undefined,
  source: ByteSource,
  properties: MapiProperties,
): void {
  if (attribute === undefined || attribute.end - attribute.start < 6) return;
  const octets = viewOf(source.read(attribute.start, attribute.end));
  if (!properties.has(PidTag.AttachMethod)) {
    const isOle = octets.readUInt16LE(0) === RenderType.ole;
    properties.set(PidTag.AttachMethod, isOle ? AttachMethod.ole : AttachMethod.byValue);
  }
  if (!properties.has(PidTag.RenderingPosition)) {
    properties.set(PidTag.RenderingPosition, octets.readInt32LE(2));
  }
  const isMac = octets.length >= 14 && (octets.readUInt32LE(10) & 1) !== 0;
  if (isMac && !properties.has(PidTag.AttachEncoding)) {
    properties.set(PidTag.AttachEncoding, MAC_BINARY);
  }
}

/** attAttachData; some writers have the content among the properties only. */
function readContent(
  attribute: Attribute | undefined,
  source: ByteSource,
  properties: MapiProperties,
): void {
  if (attribute === undefined) return;
  const there = properties.source(PidTag.AttachDataBinary);
  if (there && there.size > 0) return;
  const data = rangeSource(source, attribute.start, attribute.end);
  properties.set(PidTag.AttachDataBinary, data.bytes ?? data);
}

/** attAttachTitle, often a name of eight and three letters: only when the properties have no name. */
function readTitle(
  attribute: Attribute | undefined,
  source: ByteSource,
  properties: MapiProperties,
  text: TextReader,
): void {
  const isNamed =
    properties.has(PidTag.AttachFilename) || properties.has(PidTag.AttachLongFilename);
  if (attribute === undefined || isNamed) return;
  const title = text.attribute(source.read(attribute.start, attribute.end));
  if (title !== UNTITLED) properties.set(PidTag.AttachFilename, title);
}
