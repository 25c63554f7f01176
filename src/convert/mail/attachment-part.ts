// One attachment of an item as a part of a message (MS-OXCMAIL section 2.1.3.4).
import { FormatError } from '../../base/index.ts';
import { type ByteSource, utf8Bytes } from '../../base/internal.ts';
import {
  AttachMethod,
  type MapiAttachment,
  type MapiProperties,
  PidTag,
} from '../../mapi/index.ts';
import { mediaTypeOf } from '../../message/internal.ts';
import {
  type Entity,
  type EntityBody,
  type HeaderField,
  type HeaderOptions,
  parameterField,
  parseEntity,
  rawField,
} from '../../mime/index.ts';
import type { Note } from '../loss.ts';
import { isMadeName } from './attached-name.ts';
import { sourceBody } from './mime-tree.ts';
import { oneLine } from './people.ts';

/** Writes the message inside an attachment. */
export type WriteInner = (attachment: MapiAttachment) => ByteSource | undefined;

/** What making parts needs beside the attachments. */
export interface PartContext {
  readonly inner: WriteInner;
  /** Is told what the item does not hold. */
  readonly note: Note;
}

/** What an attachment is made of when it is a part. */
interface Content {
  readonly type: string;
  readonly filename: string;
  readonly body: EntityBody;
}

/** Over this size, a message inside is not held in memory to be written. */
const MESSAGE_IN_MEMORY_BYTES = 16_777_216;
// PidTagAttachFlags (MS-OXCMSG section 2.2.2.18): the HTML shows it.
const RENDERED_IN_BODY = 4;

/** How a part is to be shown: within the text or as a file. */
export function isShownInline({ properties }: MapiAttachment): boolean {
  return ((properties.get(PidTag.AttachFlags) ?? 0) & RENDERED_IN_BODY) !== 0;
}

/** The part; `undefined` when the item does not hold its content, which is told. */
export function attachmentPart(
  attachment: MapiAttachment,
  inline: boolean,
  { inner, note }: PartContext,
): Entity | undefined {
  const content = contentUnlessDamaged(attachment, inner);
  if (!content) {
    note(
      'attachment-missing',
      `the item does not hold the content of the attachment '${oneLine(attachment.fileName)}'`,
    );
    return undefined;
  }
  return { fields: (o) => partFields(attachment, content, inline, o), body: content.body };
}

/** One more form of the text: it has a type and no name. */
export function viewPart(attachment: MapiAttachment): Entity {
  const type = typeOf(attachment, '');
  const parameters = typeParameters(attachment, type);
  return {
    fields: (o) => [parameterField('Content-Type', type, parameters, o)],
    body: { kind: 'bytes', bytes: attachment.bytes() },
  };
}

/** The content; `undefined` too when an object in the attachment can't be read. */
function contentUnlessDamaged(attachment: MapiAttachment, inner: WriteInner): Content | undefined {
  try {
    return contentOf(attachment, inner);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function contentOf(attachment: MapiAttachment, inner: WriteInner): Content | undefined {
  const filename = shownName(attachment);
  const message = inner(attachment);
  if (message) {
    return { type: 'message/rfc822', filename: ownName(attachment), body: messageBody(message) };
  }
  const { storage } = attachment;
  if (storage) {
    const body: EntityBody = { kind: 'bytes', bytes: storage };
    return { type: 'application/x-ole-storage', filename: `${filename || 'object'}.ole`, body };
  }
  const source = attachment.source();
  const path = attachment.properties.get(PidTag.AttachLongPathname);
  if (path && !source?.size && attachment.method !== AttachMethod.byValue) {
    const bytes = utf8Bytes(`${oneLine(path)}\r\n`);
    return { type: 'text/uri-list', filename: filename || 'link', body: { kind: 'bytes', bytes } };
  }
  // An empty file is a file; an attachment of another kind without content is none.
  if (!source && attachment.method !== AttachMethod.byValue) return undefined;
  const type = typeOf(attachment, filename);
  const body = source ? sourceBody(source) : noOctets;
  const isMessage = type === 'message/rfc822' && body.kind === 'bytes';
  return { type, filename, body: isMessage ? { kind: 'message', bytes: body.bytes } : body };
}

/** The file name; none for one that was only made because Outlook wants one. */
function shownName({ fileName, properties }: MapiAttachment): string {
  const name = fileName.replace(/[\0-\x1f\x7f]+/g, ' ');
  return isMadeName(name, properties.get(PidTag.DisplayName)) ? '' : name;
}

const noOctets: EntityBody = { kind: 'bytes', bytes: new Uint8Array(0) };

/** The file name of a message inside, when the item says one: its subject is none. */
function ownName({ properties }: MapiAttachment): string {
  return oneLine(
    properties.get(PidTag.AttachLongFilename) || properties.get(PidTag.AttachFilename) || '',
  );
}

function messageBody(message: ByteSource): EntityBody {
  if (message.size > MESSAGE_IN_MEMORY_BYTES) return sourceBody(message);
  return { kind: 'message', bytes: message.read(0, message.size) };
}

const TYPE = /^[\w!#$&+.^-]+\/[\w!#$&+.^-]+$/;

/** The media type, without parameters. Parts can't be inside, and a message only where its octets are there. */
function typeOf({ properties }: MapiAttachment, filename: string): string {
  const said = parsedType(properties.get(PidTag.AttachMimeTag) ?? '')?.value ?? '';
  if (TYPE.test(said) && !said.startsWith('multipart/')) return said;
  return mediaTypeOf(filename);
}

/** A media type with its parameters; `undefined` when it is none. */
export function parsedType(
  text: string,
): ReturnType<typeof parseEntity>['contentType'] | undefined {
  const value = oneLine(text);
  if (!value.includes('/')) return undefined;
  return parseEntity(utf8Bytes(`Content-Type: ${value}\r\n\r\n`)).contentType;
}

const PARAMETER = /^[\w!#$&+.^-]+$/;

/** The parameters of the type, but for the name. */
function typeParameters({ properties }: MapiAttachment, type: string): [string, string][] {
  const said = parsedType(properties.get(PidTag.AttachMimeTag) ?? '');
  const more = [...(said?.value === type ? said.parameters : [])].filter(
    ([key]) => PARAMETER.test(key) && key !== 'name' && key !== 'boundary',
  );
  const charset = properties.get(PidTag.TextAttachmentCharset);
  const lacksCharset = !more.some(([key]) => key === 'charset');
  if (charset && type.startsWith('text/') && lacksCharset) more.push(['charset', oneLine(charset)]);
  return more;
}

function partFields(
  attachment: MapiAttachment,
  { type, filename }: Content,
  inline: boolean,
  o: HeaderOptions,
): HeaderField[] {
  const { properties } = attachment;
  const name = filename === '' ? [] : [['name', filename] as const];
  const file = filename === '' ? [] : [['filename', filename] as const];
  const more = typeParameters(attachment, type);
  const fields = [
    parameterField('Content-Type', type, [...more, ...name], o),
    parameterField('Content-Disposition', dispositionOf(properties, inline), file, o),
  ];
  const cid = contentId(properties.get(PidTag.AttachContentId));
  if (cid !== undefined) fields.push(rawField('Content-ID', `<${cid}>`));
  const location = oneLine(properties.get(PidTag.AttachContentLocation) ?? '');
  if (/^[!-~]{1,900}$/.test(location)) fields.push(rawField('Content-Location', location));
  return fields;
}

function dispositionOf(properties: MapiProperties, inline: boolean): string {
  const said = properties.get(PidTag.AttachDisposition)?.trim().toLowerCase();
  if (said === 'inline' || said === 'attachment') return said;
  return inline ? 'inline' : 'attachment';
}

/** A Content-ID without what does not belong to it; `undefined` when there is none that can be written. */
export function contentId(text: string | undefined): string | undefined {
  const cid = (text ?? '')
    .replace(/\0.*$/s, '')
    .trim()
    .replace(/^<(.*)>$/, '$1');
  return /^[!-;=?-~]{1,900}$/.test(cid) ? cid : undefined;
}
