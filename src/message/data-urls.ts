// Pictures inside HTML (data: URLs, RFC 2397) as linked resources, since most mail readers do not show the former.
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { extensionOf } from './media-types.ts';
import { type Part, readPart } from './part.ts';

/** HTML that refers to `cid:` where it held data, and the parts referred to. */
export interface LinkedHtml {
  readonly html: string;
  readonly parts: readonly Part[];
}

// Only what is embedded, never a link: the value of an attribute or url(…), of a type that is shown.
const OPENING =
  /(["'(=])\s*data:((?:image|audio|video|font)\/[\w.+-]{1,80})((?:;[\w=.-]{1,80}){0,4}),/g;
const CLOSING: Readonly<Record<string, RegExp>> = {
  '"': /"/g,
  "'": /'/g,
  '(': /\)/g,
  '=': /[\s>]/g,
};

/** Takes every embedded `data:` URL out; the same data twice is one part. What is not valid stays as it is. */
export function linkDataUrls(html: string): LinkedHtml {
  const parts = new Map<string, Part>();
  let out = '';
  let from = 0;
  OPENING.lastIndex = 0;
  for (let found = OPENING.exec(html); found; found = OPENING.exec(html)) {
    const [whole, quote = '', type = '', flags = ''] = found;
    const start = found.index + whole.length;
    const closing = CLOSING[quote] ?? /$/g;
    closing.lastIndex = start;
    const end = closing.exec(html)?.index ?? html.length;
    const bytes = decode(html.slice(start, end), flags.endsWith(';base64'));
    OPENING.lastIndex = end;
    if (bytes === undefined) continue;
    const cid = `${createHash('sha256').update(type).update(bytes).digest('hex').slice(0, 32)}@data`;
    if (!parts.has(cid)) parts.set(cid, partOf(cid, type.toLowerCase(), bytes, parts.size + 1));
    out += `${html.slice(from, found.index)}${quote}cid:${cid}`;
    from = end;
  }
  return { html: out + html.slice(from), parts: [...parts.values()] };
}

function partOf(cid: string, contentType: string, content: Uint8Array, number: number): Part {
  const extension = extensionOf(contentType);
  const filename = `${contentType.split('/')[0]}-${number}${extension === undefined ? '' : `.${extension}`}`;
  return readPart({ cid, contentType, content, filename }, `data URL ${number}`);
}

function decode(text: string, isBase64: boolean): Uint8Array | undefined {
  const unquoted = text.replace(/^["']|["']$/g, '');
  try {
    const data = decodeURIComponent(unquoted.replaceAll('&amp;', '&'));
    if (!isBase64) return Buffer.from(data);
    return /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(data) ? Buffer.from(data, 'base64') : undefined;
  } catch {
    return undefined;
  }
}
