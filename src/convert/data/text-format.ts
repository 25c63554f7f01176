// Plain text: what a message says, under who wrote it to whom.
import { utf8Bytes } from '../../base/internal.ts';
import { decodeCharset } from '../../codec/index.ts';
import { textFromHtml } from '../../message/index.ts';
import type { FormatDriver } from '../format-driver.ts';
import { noteHeaders, noteSignature } from '../header-losses.ts';
import { partsOf } from '../message-parts.ts';
import { rebuildMessage } from '../rebuild-message.ts';
import { wholeFile } from '../whole-file.ts';

const SHOWN = ['From', 'To', 'Cc', 'Date', 'Subject'];

/** TXT files. A text is never taken for a header: read, all of it is the text of a message. */
export const text: FormatDriver = {
  async read(source, { reading }) {
    const { text } = decodeCharset(wholeFile(source), undefined, {
      fallbackCharset: 'windows-1252',
    });
    return await rebuildMessage(new Uint8Array(0), { text }, reading);
  },
  async *write(message, { note }) {
    const { headers, html } = message;
    const lines = SHOWN.flatMap((name) => {
      const value = headers.get(name);
      return value === undefined ? [] : [`${name}: ${value}`];
    });
    const { linked, files } = partsOf(message);
    const names = files.map(({ filename, contentType }) => filename ?? contentType);
    if (names.length > 0) lines.push(`Attachments: ${names.join(', ')}`);
    if (linked.length + files.length > 0) {
      note('attachments-lost', `Text has no attachments: ${linked.length + files.length} left out`);
    }
    if (html !== undefined) note('html-lost', 'Text has no HTML');
    noteHeaders(message, SHOWN, note);
    noteSignature(message, note);
    const body = message.text ?? (html === undefined ? '' : textFromHtml(html));
    yield utf8Bytes(`${lines.join('\n')}\n\n${body.replaceAll(/\r\n?/g, '\n').trimEnd()}\n`);
  },
};
