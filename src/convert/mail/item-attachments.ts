// The attachments of a message as those of an item (MS-OXCMAIL section 2.2.3.4).
import { MapiAttachment, type MapiMessage, PidTag } from '../../mapi/index.ts';
import { type AlternateView, Attachment, type MailMessage } from '../../message/index.ts';
import { extensionOf } from '../../message/internal.ts';
import { ATTACHED_NAME } from './attached-name.ts';

// PidTagAttachFlags (MS-OXCMSG section 2.2.2.18): the HTML shows it.
const RENDERED_IN_BODY = 4;

/** How the messages inside are made items. */
export type MakeItem = (message: MailMessage) => Promise<MapiMessage>;

/** Adds every part that is neither text nor HTML, in order. */
export async function writeAttachments(
  item: MapiMessage,
  message: MailMessage,
  makeItem: MakeItem,
): Promise<void> {
  const linked = new Set<Attachment>(message.linkedResources);
  // Of a message that was read, other forms of the text are among the attachments.
  const views = [...message.alternateViews];
  for (const part of new Set<Attachment>([...message.attachments, ...linked])) {
    const view = views.findIndex((one) => isView(part, one));
    if (view >= 0) views.splice(view, 1);
    const hidden = linked.has(part) || view >= 0;
    const place = { shown: linked.has(part), hidden, index: item.attachments.length, makeItem };
    item.attachments.push(await attachmentOf(part, place));
  }
  const types = new Set(message.attachments.map(({ contentType }) => contentType));
  for (const { content, contentType, contentTypeParameters } of views) {
    if (types.has(contentType)) continue;
    const parameters = Array.from(contentTypeParameters, ([name, value]) => `; ${name}=${value}`);
    const part = new Attachment({ content, contentType: `${contentType}${parameters.join('')}` });
    const place = { shown: false, hidden: true, index: item.attachments.length, makeItem };
    item.attachments.push(await attachmentOf(part, place));
  }
}

/** Whether a part is a form of the text, and no file of the same type. */
function isView(part: Attachment, view: AlternateView): boolean {
  const isFile = part.filename !== undefined || part.disposition === 'attachment';
  return !isFile && part.contentType === view.contentType;
}

interface Place {
  /** Whether the HTML shows it. */
  readonly shown: boolean;
  /** Whether it is left out of the list of attachments. */
  readonly hidden: boolean;
  readonly index: number;
  readonly makeItem: MakeItem;
}

async function attachmentOf(part: Attachment, place: Place): Promise<MapiAttachment> {
  const inner = part.contentType === 'message/rfc822' ? part.message : undefined;
  const attachment = inner
    ? MapiAttachment.embedded(await place.makeItem(inner))
    : MapiAttachment.file(nameOf(part, place.index), await part.bytes());
  const { properties } = attachment;
  if (inner) {
    if (part.filename) properties.set(PidTag.AttachLongFilename, part.filename);
  } else writeFileProperties(attachment, part, place.index);
  if (part.cid !== undefined) properties.set(PidTag.AttachContentId, part.cid);
  if (part.disposition) properties.set(PidTag.AttachDisposition, part.disposition);
  const flags = place.shown || part.disposition === 'inline' ? RENDERED_IN_BODY : 0;
  properties.set(PidTag.AttachFlags, flags).set(PidTag.AttachmentHidden, place.hidden);
  return attachment;
}

function writeFileProperties(
  { fileName, properties }: MapiAttachment,
  part: Attachment,
  index: number,
): void {
  properties
    .set(PidTag.AttachFilename, shortName(fileName, index))
    .set(PidTag.AttachMimeTag, typeOf(part));
  // So that a name that had to be made is known for it.
  if (!part.filename) properties.set(PidTag.DisplayName, '');
  const charset = part.contentTypeParameters.get('charset');
  if (charset) properties.set(PidTag.TextAttachmentCharset, charset);
}

/** Outlook shows nothing without a name. */
function nameOf({ filename, contentType }: Attachment, index: number): string {
  if (filename) return filename;
  return `${ATTACHED_NAME}${String(index + 1).padStart(5, '0')}.${extensionOf(contentType) ?? 'dat'}`;
}

/** The name of eight and three letters that old programs look for. */
function shortName(name: string, index: number): string {
  const [, stem = '', extension = ''] = /^(.*?)(\.[^.]*)?$/s.exec(name) ?? [];
  const plain = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9_-]/g, '');
  const short = plain(stem);
  const end = plain(extension).slice(0, 3);
  const isSame =
    short.length <= 8 && short.length === stem.length && end.length + 1 >= extension.length;
  const number = `~${index + 1}`;
  const first = isSame ? short : `${short.slice(0, 8 - number.length) || 'FILE'}${number}`;
  return end === '' ? first : `${first}.${end}`;
}

/** The media type, with those parameters that have no property of their own. */
function typeOf({ contentType, contentTypeParameters }: Attachment): string {
  const more = [...contentTypeParameters].filter(([name]) => !OWN.has(name));
  return [contentType, ...more.map(([name, value]) => `${name}=${quoted(value)}`)].join('; ');
}

const OWN: ReadonlySet<string> = new Set(['name', 'charset', 'boundary']);

function quoted(value: string): string {
  if (/^[\w!#$&+.^-]+$/.test(value)) return value;
  return `"${value.replace(/[\0-\x1f\x7f]/g, '').replace(/["\\]/g, '\\$&')}"`;
}
