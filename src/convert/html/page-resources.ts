// The files of a page as parts of a message: each once, under a `cid:` address, style sheets with what they refer to.
import { basename } from 'node:path';
import { utf8Bytes } from '../../base/internal.ts';
import type { AttachmentOptions } from '../../message/index.ts';
import { mediaTypeOf } from '../../message/internal.ts';
import type { Note } from '../loss.ts';
import { rewriteCss } from './css-urls.ts';
import { FolderResources, type PageFile } from './folder-resources.ts';
import { decodePage } from './page-text.ts';
import { rewriteHtml } from './rewrite-html.ts';

/** A page, and the parts that it refers to. */
export interface LinkedPage {
  readonly html: string;
  readonly linkedResources: readonly AttachmentOptions[];
}

/** The page at `path` with `cid:` addresses for the files beneath its folder. */
export async function linkPage(page: string, path: string, note: Note): Promise<LinkedPage> {
  const resources = new PageResources(await FolderResources.of(path, note));
  const html = await resources.rewrite(page, rewriteHtml, undefined);
  return { html, linkedResources: resources.list };
}

type Rewriter = typeof rewriteHtml;

class PageResources {
  readonly list: AttachmentOptions[] = [];
  readonly #folder: FolderResources;
  /** By the path of a file: its address in the message. */
  readonly #addresses = new Map<string, string>();

  constructor(folder: FolderResources) {
    this.#folder = folder;
  }

  /** A text of the page with other addresses; `base` is the file it stands in, when it is not the page itself. */
  async rewrite(text: string, rewriter: Rewriter, base: string | undefined): Promise<string> {
    const found = new Map<string, string | undefined>();
    rewriter(text, (address) => {
      found.set(address, undefined);
      return undefined;
    });
    for (const address of found.keys()) {
      const file = await this.#folder.read(address, base);
      if (file) found.set(address, await this.#add(file));
    }
    return rewriter(text, (address) => found.get(address));
  }

  async #add({ path, content }: PageFile): Promise<string> {
    const before = this.#addresses.get(path);
    if (before !== undefined) return before;
    const filename = basename(path);
    const contentType = mediaTypeOf(filename);
    const number = this.#addresses.size + 1;
    const cid = `${number}.${filename.replace(/[^\w.-]/g, '_').slice(-60)}@page`;
    // Noted before its own files are looked at: style sheets may import each other.
    this.#addresses.set(path, `cid:${cid}`);
    const octets =
      contentType === 'text/css'
        ? utf8Bytes(await this.rewrite(decodePage(content), rewriteCss, path))
        : content;
    this.list.push({ cid, filename, content: octets, contentType });
    return `cid:${cid}`;
  }
}
