// Addresses of what a page is made of (pictures, style sheets, sounds), in HTML of any quality, found in one pass.
import { decodeHtmlText, encodeHtmlText } from './attribute-text.ts';
import { type Rewrite, rewriteCss } from './css-urls.ts';

// Attributes that hold the address of something shown with the page. Links, frames and scripts are none.
const ADDRESSES: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['img', new Set(['src', 'lowsrc'])],
  ['image', new Set(['href', 'xlink:href', 'src'])],
  ['input', new Set(['src'])],
  ['link', new Set(['href'])],
  ['audio', new Set(['src'])],
  ['video', new Set(['src', 'poster'])],
  ['source', new Set(['src'])],
  ['track', new Set(['src'])],
  ['embed', new Set(['src'])],
  ['object', new Set(['data'])],
  ['v:fill', new Set(['src'])],
  ['v:image', new Set(['src'])],
  ['v:imagedata', new Set(['src'])],
]);
const SHOWN_LINK = /\b(?:stylesheet|icon)\b/i;

const TAG = /<([a-z][^\s/>]*)/giy;
const BETWEEN = /[\s/]*/y;
const NAME = /[^\s/>][^\s/>=]*/y;
const EQUALS = /\s*=\s*/y;
const UNQUOTED = /[^\s>]*/y;

interface Attribute {
  readonly name: string;
  /** Where the value stands, with its quotes. */
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

/** HTML in which `rewrite` has seen, and may have changed, every address of something shown; all else is as it was. */
export function rewriteHtml(html: string, rewrite: Rewrite): string {
  let out = '';
  let from = 0;
  const replace = (start: number, end: number, text: string): void => {
    out += html.slice(from, start) + text;
    from = end;
  };
  let at = html.indexOf('<');
  while (at >= 0) {
    TAG.lastIndex = at;
    const name = TAG.exec(html)?.[1]?.toLowerCase();
    if (name === undefined) {
      at = html.startsWith('<!--', at) ? after(html, '-->', at + 4) : at + 1;
    } else {
      const attributes: Attribute[] = [];
      at = readAttributes(html, at + 1 + name.length, attributes);
      for (const attribute of attributes) {
        const value = rewriteAttribute(name, attribute, attributes, rewrite);
        if (value !== undefined)
          replace(attribute.start, attribute.end, `"${encodeHtmlText(value)}"`);
      }
      if (name === 'style') {
        const end = closing(html, name, at);
        const css = html.slice(at, end);
        const rewritten = rewriteCss(css, rewrite);
        if (rewritten !== css) replace(at, end, rewritten);
        at = end;
      } else if (name === 'script' || name === 'textarea' || name === 'title') {
        at = closing(html, name, at);
      }
    }
    at = html.indexOf('<', at);
  }
  return out + html.slice(from);
}

/** The value to write instead; `undefined` when it stays. */
function rewriteAttribute(
  element: string,
  { name, value }: Attribute,
  all: readonly Attribute[],
  rewrite: Rewrite,
): string | undefined {
  if (name === 'style') {
    const rewritten = rewriteCss(value, rewrite);
    return rewritten === value ? undefined : rewritten;
  }
  if (name === 'srcset') return rewriteSet(value, rewrite);
  if (name === 'background' || ADDRESSES.get(element)?.has(name)) {
    if (element === 'link' && !isShownLink(all)) return undefined;
    const address = value.trim();
    return address === '' ? undefined : rewrite(address);
  }
  return undefined;
}

const isShownLink = (attributes: readonly Attribute[]): boolean =>
  attributes.some(({ name, value }) => name === 'rel' && SHOWN_LINK.test(value));

/** Pictures of several sizes: addresses with what each is for. */
function rewriteSet(value: string, rewrite: Rewrite): string | undefined {
  let isChanged = false;
  const written = value.split(/,\s+/).map((candidate) => {
    const [address = '', ...size] = candidate.trim().split(/\s+/);
    const other = address === '' ? undefined : rewrite(address);
    if (other === undefined) return candidate;
    isChanged = true;
    return [other, ...size].join(' ');
  });
  return isChanged ? written.join(', ') : undefined;
}

/** Reads up to the end of the tag; gives where that is. */
function readAttributes(html: string, start: number, found: Attribute[]): number {
  let at = start;
  for (;;) {
    at += match(BETWEEN, html, at).length;
    if (at >= html.length) return at;
    if (html.charAt(at) === '>') return at + 1;
    const name = match(NAME, html, at);
    at += name.length;
    const equals = match(EQUALS, html, at);
    if (!equals.includes('=')) continue;
    at += equals.length;
    const quote = html.charAt(at);
    const isQuoted = quote === '"' || quote === "'";
    const end = isQuoted ? endOf(html, quote, at + 1) : at + match(UNQUOTED, html, at).length;
    const raw = isQuoted ? html.slice(at + 1, end - 1) : html.slice(at, end);
    found.push({ name: name.toLowerCase(), start: at, end, value: decodeHtmlText(raw) });
    at = end;
  }
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

/** After the closing quote; a quote that is never closed takes the rest, as it does for browsers. */
function endOf(html: string, quote: string, start: number): number {
  const at = html.indexOf(quote, start);
  return at < 0 ? html.length : at + 1;
}

function after(html: string, end: string, start: number): number {
  const at = html.indexOf(end, start);
  return at < 0 ? html.length : at + end.length;
}

/** Where an element whose content is no markup ends. */
function closing(html: string, name: string, start: number): number {
  const pattern = new RegExp(`</${name}`, 'gi');
  pattern.lastIndex = start;
  return pattern.exec(html)?.index ?? html.length;
}
