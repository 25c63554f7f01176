// Pictures inside HTML (data: URLs, RFC 2397) as linked resources, since most mail readers do not show the former.
import { Buffer } from 'node:buffer';
import { extensionOf } from './media-types.ts';
import { type Part, readPart } from './part.ts';
import { sha256 } from './sha256.ts';

/** HTML that refers to `cid:` where it held data, and the parts referred to. */
export interface LinkedHtml {
  readonly html: string;
  readonly parts: readonly Part[];
}

// The value of an attribute or of url(…), of a type that is shown; a link to data is left alone by its type.
const OPENING =
  /(["'(=])\s*data:((?:image|audio|video|font)\/[\w.+-]{1,80})((?:;[\w=.-]{1,80}){0,4}),/g;
const CLOSING: ReadonlyMap<string, RegExp> = new Map([
  ['"', /"/g],
  ["'", /'/g],
  ['(', /\)/g],
  ['=', /[\s>]/g],
]);

/** Takes every embedded `data:` URL out; the same data twice is one part. What is not valid stays as it is. */
export function linkDataUrls(html: string): LinkedHtml {
  const parts = new Map<string, Part>();
  // No character is looked at for two URLs, and an end that is not there is looked for once: the time grows with the HTML only.
  let next = 0;
  const open = new Set<string>();
  let out = '';
  let from = 0;
  for (const found of html.matchAll(OPENING)) {
    const [whole, quote = '', type = '', flags = ''] = found;
    const start = found.index + whole.length;
    const closing = CLOSING.get(quote);
    if (found.index < next || open.has(quote) || closing === undefined) continue;
    closing.lastIndex = start;
    const end = closing.exec(html)?.index;
    if (end === undefined) {
      open.add(quote);
      continue;
    }
    next = end;
    const bytes = decode(html.slice(start, end), flags.endsWith(';base64'));
    if (bytes === undefined) continue;
    const cid = `${sha256(type, bytes).toString('hex').slice(0, 32)}@data`;
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
