// The HTML and the plain text of any RTF body.
import { rtfKind } from './rtf-kind.ts';
import { renderHtml } from './rtf-to-html.ts';
import { renderText } from './rtf-to-text.ts';
import { unwrapHtml, unwrapText } from './unwrap-rtf.ts';

/**
 * The HTML of an RTF text, not compressed: the one that it was made of (MS-OXRTFEX), or a simple one of RTF that somebody
 * wrote as such: paragraphs, tables, bold and the like, links; pictures are named. {@link rtfKind} tells which.
 *
 * @throws {@link LimitError} Groups are nested over `limits.rtfDepth`.
 */
export function htmlFromRtf(rtf: Uint8Array): string {
  return rtfKind(rtf) === 'html' ? unwrapHtml(rtf) : renderHtml(rtf);
}

/**
 * The plain text of an RTF text, not compressed: the one that it was made of (MS-OXRTFEX), or what it shows, lines ended
 * with CRLF, the addresses of links behind them, pictures named.
 *
 * @throws {@link LimitError} Groups are nested over `limits.rtfDepth`.
 */
export function textFromRtf(rtf: Uint8Array): string {
  return rtfKind(rtf) === 'text' ? unwrapText(rtf) : renderText(rtf);
}
