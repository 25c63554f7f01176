// An item of Outlook, written as an internet message (MS-OXCMAIL section 2.1.3).
import { type ByteSource, enforceLimit, utf8Bytes } from '../../base/internal.ts';
import { type MapiAttachment, type MapiMessage, PidTag } from '../../mapi/index.ts';
import { type Entity, type ParsedEntity, parameterField, parseEntity } from '../../mime/index.ts';
import type { Note } from '../loss.ts';
import { parsedType } from './attachment-part.ts';
import { itemBodies } from './item-bodies.ts';
import { itemFiles, rtfPart } from './item-files.ts';
import { plainText } from './item-summary.ts';
import { mailHead } from './mail-head.ts';
import { entityPieces, mailTree, shownPart, sourceBody, textEntity } from './mime-tree.ts';
import { oneLine } from './people.ts';
import { piecesSource } from './pieces-source.ts';
import { isReportClass, reportTree } from './report-tree.ts';
import { sortAttachments } from './sort-attachments.ts';

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
    const names = namesOf(signed.headers.fields);
    const head = mailHead(item, names, options.note);
    const version = names.has('mime-version') ? [] : [MIME_VERSION];
    return piecesSource([head, ...version, signed.source.read(0, signed.source.size)]);
  }
  const entity = encryptedEntity(item) ?? contentTree(item, options, depth);
  const head = mailHead(item, namesOf(entity.fields({ utf8: false })), options.note);
  return piecesSource([head, MIME_VERSION, ...entityPieces(entity)]);
}

function namesOf(fields: readonly { readonly name: string }[]): Set<string> {
  return new Set(fields.map(({ name }) => name.toLowerCase()));
}

/** A message that is signed in the clear is kept whole in its only attachment (MS-OXOSMIME section 2.1.3.1). */
function signedEntity(item: MapiMessage): ParsedEntity | undefined {
  const [only, more] = item.attachments;
  if (!/^IPM\..*SMIME\.MultipartSigned$/i.test(item.messageClass)) return undefined;
  if (!only || more || only.size === 0) return undefined;
  const entity = parseEntity(only.bytes());
  return entity.contentType.type === 'multipart' ? entity : undefined;
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
  const name = oneLine(only.fileName) || 'smime.p7m';
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
  const parts = sortAttachments(item, html ?? '', { inner, note });
  const { views, calendars, linked, attached } = parts;
  if (rtf && keepRtf) attached.push(rtfPart(rtf));
  const plain = plainText(item, text);
  const { invitations, files } = itemFiles(item, note);
  const texts = [
    ...(plain === undefined ? [] : [textEntity('text/plain', plain)]),
    ...views,
    ...(html === undefined ? [] : [textEntity('text/html', html)]),
    // Outlook shows a meeting request only where it is the last form.
    ...(calendars.length > 0 ? calendars : invitations),
  ];
  const hasHtml = html !== undefined;
  if (isReportClass(item.messageClass)) {
    return reportTree(item, shownPart({ texts, hasHtml, linked }), attached);
  }
  return mailTree({ texts, hasHtml, linked, attached: [...files, ...attached] });
}
