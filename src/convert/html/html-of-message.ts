// The page of a message: its HTML, or its text as HTML.
import type { MailMessage } from '../../message/index.ts';
import { encodeHtmlText } from './attribute-text.ts';

/** The HTML of a message; of a text alone, the text in a page. */
export function htmlOf(message: MailMessage): string {
  return message.html ?? textAsHtml(message.text ?? '');
}

/** Text as a page: lines as they are, long ones wrapped. */
function textAsHtml(text: string): string {
  return `<html><body><pre style="white-space:pre-wrap;font-family:inherit">${encodeHtmlText(text)}</pre></body></html>`;
}
