// A message as a web archive (RFC 2557): a page that browsers and Word open, its pictures, and everything else beside it.
import { latin1Bytes } from '../../base/internal.ts';
import type { AlternateView, Attachment, MailMessage } from '../../message/index.ts';
import { partFields } from '../../message/internal.ts';
import {
  type Entity,
  type HeaderField,
  makeBoundary,
  parameterField,
  rawField,
  render,
} from '../../mime/index.ts';
import type { WriteContext } from '../format-driver.ts';
import { divideHeader, writtenHeader } from '../header-block.ts';
import { noteSignature } from '../header-losses.ts';
import { headerTable } from '../html/header-table.ts';
import { htmlOf } from '../html/html-of-message.ts';
import { withTable } from '../html/page-text.ts';
import { partsOf } from '../message-parts.ts';
import { places } from './locations.ts';

// At the top, where whoever tells formats apart meets it first.
const SNAPSHOT = latin1Bytes('Snapshot-Content-Location: thismessage:/\r\nMIME-Version: 1.0\r\n');

/** The archive, piece by piece. */
export async function* writeArchive(
  message: MailMessage,
  { saving, note }: WriteContext,
): AsyncGenerator<Uint8Array> {
  noteSignature(message, note);
  const { linked, files, views } = partsOf(message);
  const { html, text } = message;
  const table = saving.headerTable ? headerTable(message, files, () => undefined) : '';
  const parts: Entity[] = [
    // The page comes first: browsers show the first part that they can.
    textPart(
      'text/html',
      html === undefined ? places.madePage : places.page,
      withTable(htmlOf(message), 0, table),
    ),
    ...(text === undefined ? [] : [textPart('text/plain', places.text, text)]),
    ...views.map((view, index) => viewPart(view, index + 1)),
    ...(await Promise.all(linked.map((part) => filePart(part, 'inline')))),
    ...(await Promise.all(files.map((part) => filePart(part, 'attachment')))),
  ];
  const boundary = makeBoundary();
  const type = rawField(
    'Content-Type',
    `multipart/related; type="text/html";\r\n boundary="${boundary}"`,
  );
  const archive: Entity = { fields: () => [type], body: { kind: 'multipart', parts, boundary } };
  yield SNAPSHOT;
  yield divideHeader(await writtenHeader(message)).message;
  yield* render(archive, { eightBit: true }).chunks();
}

function textPart(type: string, location: string, text: string): Entity {
  return {
    fields: (o) => [
      parameterField('Content-Type', type, [['charset', 'utf-8']], o),
      rawField('Content-Location', location),
    ],
    body: { kind: 'text', text },
  };
}

function viewPart(
  { content, contentType, contentTypeParameters }: AlternateView,
  number: number,
): Entity {
  const location = rawField('Content-Location', `${places.view}${number}`);
  return {
    fields: (o): HeaderField[] => [
      parameterField('Content-Type', contentType, contentTypeParameters, o),
      location,
    ],
    body:
      typeof content === 'string'
        ? { kind: 'text', text: content }
        : { kind: 'bytes', bytes: content },
  };
}

async function filePart(attachment: Attachment, usual: 'inline' | 'attachment'): Promise<Entity> {
  const { part, contentType } = attachment;
  const isMessage = contentType === 'message/rfc822';
  return {
    fields: (o) => partFields(part, part.disposition ?? usual, o),
    body: isMessage
      ? { kind: 'message', bytes: await attachment.bytes() }
      : { kind: 'stream', open: () => attachment.stream(), size: attachment.size },
  };
}
