import type { ReceivedMail } from '../received-mail.ts';
import { partsOf } from './parts.ts';
import type { Reply } from './reply.ts';
import { pathOf } from './views.ts';

const CID = /(["'(=]\s*)cid:([^"'\s<>)]{1,998})/gi;

/** Image types that a browser shows and that hold no script when shown as an image. */
export const inlineImageTypes: ReadonlySet<string> = new Set([
  'image/apng',
  'image/avif',
  'image/bmp',
  'image/gif',
  'image/jpeg',
  'image/png',
  'image/svg+xml',
  'image/webp',
]);

/**
 * The HTML body as a document of its own. It comes from outside, so the browser gives it an origin
 * that is nobody's, runs no script in it and loads nothing but the images that came along.
 */
export function htmlDocument(mail: ReceivedMail, html: string, host: string): Reply {
  return {
    status: 200,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': [
        'sandbox allow-popups',
        ...mailPolicy(`http://${host}${pathOf(mail)}/parts/`),
      ].join('; '),
    },
    body: withPartImages(mail, html),
  };
}

/** The policy of every document that shows a mail's HTML; `images` is what it may load from. */
export function mailPolicy(...images: readonly string[]): string[] {
  return [
    "default-src 'none'",
    `img-src data: ${images.join(' ')}`,
    "style-src 'unsafe-inline'",
    'font-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ];
}

/** RFC 2392: `cid:` names a part by its Content-ID, percent-encoded. */
function withPartImages(mail: ReceivedMail, html: string): string {
  const urls = new Map<string, string>();
  for (const [index, { entity }] of partsOf(mail.root).entries()) {
    if (entity.cid !== undefined && !urls.has(entity.cid)) {
      urls.set(entity.cid, `${pathOf(mail)}/parts/${index}?inline`);
    }
  }
  if (urls.size === 0) return html;
  return html.replace(CID, (whole, before: string, name: string) => {
    const url = urls.get(name) ?? urls.get(percentDecoded(name));
    return url === undefined ? whole : before + url;
  });
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('&amp;', '&'));
  } catch {
    return text;
  }
}
