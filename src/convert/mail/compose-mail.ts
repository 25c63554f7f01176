// An item of Outlook, written as an internet message (MS-OXCMAIL section 2.1.3).
import { type ByteSource, enforceLimit, latin1, utf8Bytes } from '../../base/internal.ts';
import type { MapiAttachment, MapiMessage } from '../../mapi/index.ts';
import { PidTag } from '../../mapi/index.ts';
import { type Entity, parameterField, parseEntity } from '../../mime/index.ts';
import { calendarFromMapi, isCalendarClass } from '../calendar/calendar-item.ts';
import { isContactClass, vcardFromMapi } from '../contact/contact-item.ts';
import type { Note } from '../loss.ts';
import { attachmentPart, contentId, isShownInline, parsedType } from './attachment-part.ts';
import { itemBodies } from './item-bodies.ts';
import { plainText } from './item-summary.ts';
import { mailHead } from './mail-head.ts';
import { entityPieces, mailTree, shownPart, sourceBody, textEntity } from './mime-tree.ts';
import { piecesSource } from './pieces-source.ts';
import { isReportClass, reportTree } from './report-tree.ts';

/** How an item is written. */
export interface ComposeOptions {
  /** Is told what the message can't hold. */
  readonly note: Note;
  /** Whether RTF that somebody wrote as such is attached. */
  readonly keepRtf: boolean;
}

const MIME_VERSION = utf8Bytes('MIME-Version: 1.0\r\n');

/** The message, as a file that is put together when it is read. */
export function composeMail(item: MapiMessage, options: ComposeOptions, depth = 0): ByteSource {
  enforceLimit('depth', depth, 'The nesting of messages');
  const signed = signedEntity(item);
  if (signed) {
    const names = namesOf(parseEntity(signed).headers.fields);
    const head = mailHead(item, names, options.note);
    return piecesSource([head, ...(names.has('mime-version') ? [] : [MIME_VERSION]), signed]);
  }
  const entity = encryptedEntity(item) ?? contentTree(item, options, depth);
  const head = mailHead(item, namesOf(entity.fields({ utf8: false })), options.note);
  return piecesSource([head, MIME_VERSION, ...entityPieces(entity)]);
}

function namesOf(fields: readonly { readonly name: string }[]): Set<string> {
  return new Set(fields.map(({ name }) => name.toLowerCase()));
}

/** A message that is signed in the clear is kept whole in its only attachment (MS-OXOSMIME section 2.1.3.1). */
function signedEntity(item: MapiMessage): Uint8Array | undefined {
  const [only, more] = item.attachments;
  if (!/^IPM\..*SMIME\.MultipartSigned$/i.test(item.messageClass)) return undefined;
  if (!only || more || only.size === 0) return undefined;
  const bytes = only.bytes();
  const start = latin1(bytes, 0, Math.min(bytes.length, 4096));
  return /^(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*Content-Type:/i.test(start) ? bytes : undefined;
}

/** A message that is encrypted or signed in CMS is the octets in its only attachment (MS-OXOSMIME section 2.1.3.2). */
function encryptedEntity(item: MapiMessage): Entity | undefined {
  if (!/^IPM\.(?:.*\.)?SMIME(?:\.|$)/i.test(item.messageClass)) return undefined;
  const [only, more] = item.attachments;
  const source = only?.source();
  if (!only || more || !source) return undefined;
  const said = parsedType(only.properties.get(PidTag.AttachMimeTag) ?? '');
  const type = /pkcs7-mime$/.test(said?.value ?? '') ? said?.value : undefined;
  const kind = said?.parameters.get('smime-type');
  const name = only.fileName || 'smime.p7m';
  const parameters = kind === undefined ? [] : [['smime-type', kind] as const];
  return {
    fields: (o) => [
      parameterField(
        'Content-Type',
        type ?? 'application/pkcs7-mime',
        [...parameters, ['name', name]],
        o,
      ),
      parameterField('Content-Disposition', 'attachment', [['filename', name]], o),
    ],
    body: sourceBody(source),
  };
}

function contentTree(item: MapiMessage, options: ComposeOptions, depth: number): Entity {
  const { note, keepRtf } = options;
  const { text, html, rtf } = itemBodies(item, note);
  const inner = ({ message }: MapiAttachment): ByteSource | undefined =>
    message && composeMail(message, options, depth + 1);
  const plain = plainText(item, text);
  const texts = [
    ...(plain === undefined ? [] : [textEntity('text/plain', plain)]),
    ...(html === undefined ? [] : [textEntity('text/html', html)]),
  ];
  const linked: Entity[] = [];
  const attached: Entity[] = [];
  const shown = html ?? '';
  for (const attachment of item.attachments) {
    if (isException(item, attachment)) continue;
    const isLinked = isReferredTo(attachment, shown);
    const part = attachmentPart(attachment, isLinked || isShownInline(attachment), { inner, note });
    if (part) (isLinked ? linked : attached).push(part);
  }
  if (rtf && keepRtf) attached.push(rtfPart(rtf));
  const hasHtml = html !== undefined;
  if (isReportClass(item.messageClass)) {
    return reportTree(item, shownPart({ texts, hasHtml, linked }), attached);
  }
  const { alternatives, files } = itemFiles(item, note);
  return mailTree({
    texts: [...texts, ...alternatives],
    hasHtml,
    linked,
    attached: [...files, ...attached],
  });
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

function rtfPart(rtf: Uint8Array): Entity {
  return {
    fields: (o) => [
      parameterField('Content-Type', 'text/rtf', [['name', 'body.rtf']], o),
      parameterField('Content-Disposition', 'attachment', [['filename', 'body.rtf']], o),
    ],
    body: { kind: 'bytes', bytes: rtf },
  };
}

/** What other programs understand of an item that is no mail: its calendar or its card. */
function itemFiles(
  item: MapiMessage,
  note: Note,
): { readonly alternatives: readonly Entity[]; readonly files: readonly Entity[] } {
  if (isContactClass(item.messageClass)) {
    const card = vcardFromMapi(item, { note });
    return {
      alternatives: [],
      files: card === undefined ? [] : [filePart(item, 'text/vcard', card)],
    };
  }
  const calendar = isCalendarClass(item.messageClass)
    ? calendarFromMapi(item, { note })
    : undefined;
  if (!calendar) return none;
  const { text, method } = calendar;
  return method === undefined
    ? { alternatives: [], files: [filePart(item, 'text/calendar', text)] }
    : { alternatives: [calendarPart(text, method)], files: [] };
}

const none = { alternatives: [], files: [] };

/** RFC 6047 section 2.4: the method is said twice. */
function calendarPart(text: string, method: string): Entity {
  const parameters = [['charset', 'utf-8'] as const, ['method', method] as const];
  return {
    fields: (o) => [parameterField('Content-Type', 'text/calendar', parameters, o)],
    body: { kind: 'text', text },
  };
}

const EXTENSIONS = { 'text/vcard': 'vcf', 'text/calendar': 'ics' } as const;

function filePart(item: MapiMessage, type: keyof typeof EXTENSIONS, text: string): Entity {
  const stem = item.subject
    .replace(/[\s\0-\x1f\x7f/\\:*?"<>|]+/g, ' ')
    .trim()
    .slice(0, 80);
  const filename = `${stem || 'item'}.${EXTENSIONS[type]}`;
  return {
    fields: (o) => [
      parameterField(
        'Content-Type',
        type,
        [
          ['charset', 'utf-8'],
          ['name', filename],
        ],
        o,
      ),
      parameterField('Content-Disposition', 'attachment', [['filename', filename]], o),
    ],
    body: { kind: 'bytes', bytes: utf8Bytes(text) },
  };
}
