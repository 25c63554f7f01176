// The text of a page that stands in a file: which charset it is in, and saying so when it is written (WHATWG HTML 13.2.3).
import { latin1 } from '../../base/internal.ts';
import { decodeCharset } from '../../codec/index.ts';

const HEAD = 4096;
const META = /<meta\b[^>]{0,500}?\bcharset\s*=\s*["']?\s*([\w.:-]{1,60})/i;
const MARKS: readonly (readonly [string, string])[] = [
  ['\xef\xbb\xbf', 'utf-8'],
  ['\xff\xfe', 'utf-16le'],
  ['\xfe\xff', 'utf-16be'],
];

/** The page as text: by its byte order mark, by what it says, else UTF-8 or windows-1252. */
export function decodePage(bytes: Uint8Array): string {
  const head = latin1(bytes, 0, Math.min(HEAD, bytes.length));
  const mark = MARKS.find(([octets]) => head.startsWith(octets))?.[1];
  const said = META.exec(head)?.[1];
  // A page that says so in ASCII is not in UTF-16.
  const label = mark ?? (said !== undefined && /^utf-?16/i.test(said) ? 'utf-8' : said);
  return decodeCharset(bytes, label, { fallbackCharset: 'windows-1252' }).text;
}

/** What a page that Posthorn writes begins with: its charset, and that nothing in it may run. */
const HEADING =
  '<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="script-src \'none\'; object-src \'none\'">';

/** The page as a file holds it: it says its charset itself, has a title, and runs no scripts of whoever wrote it. */
export function asFile(html: string, title: string, before: string): string {
  const page = html.replace(new RegExp(META.source, 'gi'), (meta, label: string) =>
    meta.slice(0, meta.length - label.length).concat('utf-8'),
  );
  const name =
    /<title\b/i.test(page.slice(0, 65_536)) || title === '' ? '' : `<title>${title}</title>`;
  const heading = `${HEADING}${name}`;
  const doctype = /^\s*<!doctype/i.test(page) ? '' : '<!DOCTYPE html>\r\n';
  const head =
    /<head\b[^>]*>/i.exec(page) ?? /<html\b[^>]*>/i.exec(page) ?? /^\s*<!doctype[^>]*>/i.exec(page);
  const at = head === null ? 0 : head.index + head[0].length;
  const whole = `${page.slice(0, at)}${heading}${page.slice(at)}`;
  return `${doctype}${before === '' ? whole : withTable(whole, before)}`;
}

function withTable(page: string, table: string): string {
  const body = /<body\b[^>]*>/i.exec(page);
  const at = body === null ? page.indexOf(HEADING) + HEADING.length : body.index + body[0].length;
  return `${page.slice(0, at)}${table}${page.slice(at)}`;
}

/** A page that was read from a file, without what {@link asFile} put in. */
export function withoutHeading(html: string): string {
  return html.replace(HEADING, '');
}

/** The title of a page in one line; `''` when it has none. */
export function titleOf(html: string): string {
  const found = /<title\b[^>]{0,200}>([^<]{0,1000})/i.exec(html.slice(0, 262_144));
  return (found?.[1] ?? '').replace(/\s+/g, ' ').trim();
}
