// The parts of a web archive as parts of a message: what the page refers to gets a `cid:` address, as mail has it.
import { utf8Bytes } from '../../base/internal.ts';
import type { AttachmentOptions } from '../../message/index.ts';
import type { ParsedEntity } from '../../mime/index.ts';
import { contentTypeText } from '../content-type-text.ts';
import { rewriteCss } from '../html/css-urls.ts';
import { decodePage } from '../html/page-text.ts';
import { rewriteHtml } from '../html/rewrite-html.ts';
import { absolute, type Locations, locationOf } from './locations.ts';

const CONTENT_ID = /^[!-;=?-~]{1,900}$/;
const BASE = /<base\b[^>]{0,400}?\bhref\s{0,9}=\s{0,9}["']?([^"'\s>]{1,2000})/i;

/** The text of a part that is a page: a browser leaves its charset to the page. */
export function pageText(part: ParsedEntity): string {
  return part.contentType.parameters.has('charset') ? part.text() : decodePage(part.content());
}

/** Rewrites the addresses of pages and style sheets, and collects what they lead to. */
export class ArchiveParts {
  readonly linked: AttachmentOptions[] = [];
  readonly #locations: Locations;
  readonly #addresses = new Map<ParsedEntity, string>();

  constructor(locations: Locations) {
    this.#locations = locations;
  }

  /** A page with `cid:` addresses for what is in the archive; `place` is where the page is from. */
  page(html: string, place: string | undefined): string {
    const said = BASE.exec(html)?.[1];
    const base = said === undefined ? place : absolute(said, place);
    return rewriteHtml(html, (address) => this.#addressOf(address, base));
  }

  /** Whether something refers to a part. */
  has(part: ParsedEntity): boolean {
    return this.#addresses.has(part);
  }

  #addressOf(address: string, base: string | undefined): string | undefined {
    const part = this.#locations.find(address, base);
    if (part === undefined || part.contentType.value === 'text/html') return undefined;
    const before = this.#addresses.get(part);
    if (before !== undefined) return before;
    const cid =
      part.cid !== undefined && CONTENT_ID.test(part.cid)
        ? part.cid
        : `${this.#addresses.size + 1}@archive`;
    // Noted before its own addresses are looked at: style sheets may import each other.
    this.#addresses.set(part, `cid:${cid}`);
    const isSheet = part.contentType.value === 'text/css';
    const content = isSheet ? utf8Bytes(this.#sheet(part, base)) : undefined;
    this.linked.push({ ...partOptions(part, content), cid, disposition: 'inline' });
    return `cid:${cid}`;
  }

  #sheet(part: ParsedEntity, base: string | undefined): string {
    const place = absolute(locationOf(part) ?? '', base);
    return rewriteCss(pageText(part), (address) => this.#addressOf(address, place));
  }
}

/** A part of an archive as one of a message; a new `content` is in UTF-8. */
export function partOptions(part: ParsedEntity, content?: Uint8Array): AttachmentOptions {
  const { disposition, filename, cid } = part;
  const name = filename ?? nameOf(locationOf(part));
  return {
    content: content ?? part.content(),
    contentType: typeOf(part, content !== undefined),
    filename: name?.replace(/[\r\n\0]+/g, ' '),
    disposition: disposition?.value === 'inline' ? 'inline' : 'attachment',
    ...(cid !== undefined && CONTENT_ID.test(cid) && { cid }),
  };
}

/** The media type as a caller would write it. */
function typeOf({ contentType }: ParsedEntity, isRewritten: boolean): string {
  const { value, parameters } = contentType;
  if (!isRewritten) return contentTypeText(value, parameters);
  return contentTypeText(value, new Map([...parameters, ['charset', 'utf-8']]));
}

/** The last part of an address's path. */
function nameOf(location: string | undefined): string | undefined {
  if (location === undefined || /^cid:/i.test(location)) return undefined;
  try {
    const { pathname } = new URL(location, 'thismessage:/');
    const name = decodeURIComponent(pathname.split('/').at(-1) ?? '');
    return name === '' ? undefined : name.slice(-120);
  } catch {
    return undefined;
  }
}
