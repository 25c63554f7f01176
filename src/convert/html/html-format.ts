// Web pages as messages and messages as web pages, with the pictures and style sheets that belong to them.
import { textFromHtml } from '../../message/index.ts';
import type { FormatDriver } from '../format-driver.ts';
import { rebuildMessage } from '../rebuild-message.ts';
import { wholeFile } from '../whole-file.ts';
import { headerLines } from '../written-header.ts';
import { linkPage } from './page-resources.ts';
import { decodePage, titleOf, withoutHeading } from './page-text.ts';
import { writePage } from './write-page.ts';

/** HTML files. */
export const html: FormatDriver = {
  async read(source, { path, reading, note }) {
    const page = withoutHeading(decodePage(wholeFile(source)));
    const content = path === undefined ? { html: page } : await linkPage(page, path, note);
    const header = headerLines({ subject: textFromHtml(titleOf(page)) });
    return await rebuildMessage(header, content, reading);
  },
  write: writePage,
};
