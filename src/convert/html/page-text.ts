// The text of a page that stands in a file: which charset it is in, and saying so when it is written (WHATWG HTML 13.2.3).
import { latin1 } from '../../base/internal.ts';
import { decodeCharset } from '../../codec/index.ts';

const HEAD = 4096;
const META = /<meta\b[^>]{0,500}?\bcharset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{1,60})/i;
const ALL_META = new RegExp(META.source, 'gi');
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

// Tags as far as they have a reasonable length: one that is never closed is not looked for to the end.
const TITLE = /<title\b[^>]{0,200}>[^<]{0,1000}<\/title\s{0,20}>/i;
const BODY = /<body\b[^>]{0,1000}>/i;
const HEADS = [
  /<head\b[^>]{0,1000}>/i,
  /<html\b[^>]{0,1000}>/i,
  /^\s{0,100}<!doctype[^>]{0,1000}>/i,
];
const EARLY = 262_144;

/**
 * The page as a file holds it: it says its charset itself, has the title, and runs no scripts of whoever wrote it.
 *
 * @param title As HTML; `''` leaves the page's own.
 * @param before HTML to stand at the beginning of the body.
 */
export function asFile(html: string, title: string, before: string): string {
  const early = html.slice(0, EARLY).replace(ALL_META, (meta, label: string) => {
    return `${meta.slice(0, meta.length - label.length)}utf-8`;
  });
  const named = title === '' ? early : early.replace(TITLE, '');
  const head = HEADS.map((pattern) => pattern.exec(named)).find((found) => found !== null);
  const at = head ? head.index + head[0].length : 0;
  const heading = title === '' ? HEADING : `${HEADING}<title>${title}</title>`;
  const headed = `${named.slice(0, at)}${heading}${named.slice(at)}`;
  const doctype = /^\s{0,100}<!doctype/i.test(named) ? '' : '<!DOCTYPE html>\r\n';
  const start = withTable(headed, at + heading.length, before);
  return `${doctype}${start}${html.slice(EARLY)}`;
}

/** A page with a table at the beginning of its body; `end` is where its head ends when there is no mark of the body. */
export function withTable(page: string, end: number, table: string): string {
  const body = table === '' ? null : BODY.exec(page);
  const at = body === null ? end : body.index + body[0].length;
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
