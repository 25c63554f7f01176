// A message as a page: one file with everything in it, or a file and a folder of what belongs to it.
import { utf8Bytes } from '../../base/internal.ts';
import type { Attachment, MailMessage } from '../../message/index.ts';
import type { WriteContext } from '../format-driver.ts';
import { noteHeaders, noteSignature } from '../header-losses.ts';
import { partsOf } from '../message-parts.ts';
import { encodeHtmlText } from './attribute-text.ts';
import { headerTable } from './header-table.ts';
import { htmlOf } from './html-of-message.ts';
import { asFile } from './page-text.ts';
import { rewriteHtml } from './rewrite-html.ts';
import { dataUrls, folderBeside, WrittenParts } from './written-parts.ts';

/** The page, after the files of its folder have been written. */
export async function* writePage(
  message: MailMessage,
  { path, saving, note }: WriteContext,
): AsyncGenerator<Uint8Array> {
  noteSignature(message, note);
  const { linked, files: others, views } = partsOf(message);
  const { html, text } = message;
  const place = saving.resources === 'folder' && path ? folderBeside(path) : dataUrls;
  const parts = new WrittenParts([...linked, ...others], place);
  await parts.write(linked);
  const files = others.filter((file) => !parts.has(file));
  const attached = new Map<Attachment, string>();
  if (place !== dataUrls) {
    for (const file of files) attached.set(file, await place.add(file, undefined));
  } else if (files.length > 0) {
    note('attachments-lost', `A page has no attachments: ${files.length} left out`);
  }
  if (html !== undefined && text !== undefined) {
    note('text-lost', 'A page has no plain text beside its HTML');
  }
  for (const { contentType } of views) {
    note('views-lost', `A page has one form only: ${contentType} was left out`);
  }
  noteHeaders(message, saving.headerTable ? SHOWN : ['Subject'], note);
  const table = saving.headerTable ? headerTable(message, files, (file) => attached.get(file)) : '';
  const page = rewriteHtml(htmlOf(message), (address) => parts.addressOf(address));
  yield utf8Bytes(asFile(page, encodeHtmlText(message.subject), table));
}

const SHOWN = ['From', 'Reply-To', 'To', 'Cc', 'Date', 'Subject'];
