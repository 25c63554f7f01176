// Web pages as messages and messages as web pages, with the pictures and style sheets that belong to them.
import { latin1Bytes } from '../../base/internal.ts';
import { textFromHtml } from '../../message/index.ts';
import { unstructuredField } from '../../mime/index.ts';
import { writeHeaderLines } from '../../mime/internal.ts';
import type { FormatDriver } from '../format-driver.ts';
import { rebuildMessage } from '../rebuild-message.ts';
import { linkPage } from './page-resources.ts';
import { decodePage, titleOf, withoutHeading } from './page-text.ts';
import { writePage } from './write-page.ts';

const ascii = { utf8: false };

/** HTML files. */
export const html: FormatDriver = {
  async read(source, { path, reading, note }) {
    const page = withoutHeading(decodePage(source.read(0, source.size)));
    const content = path === undefined ? { html: page } : await linkPage(page, path, note);
    const title = textFromHtml(titleOf(page)).replace(/\s+/g, ' ').trim();
    const fields = title === '' ? [] : [unstructuredField('Subject', title, ascii)];
    const header = latin1Bytes(writeHeaderLines(fields, ascii));
    return await rebuildMessage(header, content, reading);
  },
  write: writePage,
};
