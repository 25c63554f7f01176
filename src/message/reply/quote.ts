// The message that is answered, inside the answer: as text with marks, and as HTML.
import { mailboxesOf } from '../../mime/index.ts';
import { escapeHtml, safeHtml } from '../html/safe-html.ts';
import { textFromHtml } from '../text-from-html.ts';
import { inOneLine } from './one-line.ts';
import type { FirstFields, Original } from './original.ts';

const LINE_END = /\r\n|\r|\n/;

/** What a message says, as text; `''` when it says nothing. */
export function textOf({ text, html }: Pick<Original, 'text' | 'html'>): string {
  if (text !== undefined) return text.trimEnd();
  return html === undefined ? '' : textFromHtml(html).trimEnd();
}

/** Text as quoted text; what was quoted in it is one level deeper (RFC 3676 section 4.5). */
export function quoteText(text: string): string {
  const mark = (line: string): string =>
    line === '' || line.startsWith('>') ? `>${line}` : `> ${line}`;
  return text.split(LINE_END).map(mark).join('\n');
}

/** What a message says, as HTML that can stand in any other; `''` when it says nothing. */
export function htmlOf({ text, html }: Pick<Original, 'text' | 'html'>): string {
  return html === undefined ? htmlFromText(text ?? '') : safeHtml(html).trim();
}

/** HTML as quoted HTML. */
export function quoteHtml(html: string): string {
  return `<blockquote type="cite" style="margin:0 0 0 0.8ex;border-left:1px solid #ccc;padding-left:1ex">\n${html}\n</blockquote>`;
}

/** Text as HTML that looks the same. */
export function htmlFromText(text: string): string {
  const lines = text.trimEnd().split(LINE_END);
  // Blanks at the beginning and blanks upon blanks are shown as they are.
  const kept = lines.map((line) => escapeHtml(line).replace(/^ | (?= )/g, '&nbsp;'));
  return `<div>${kept.join('<br>\n')}</div>`;
}

/** HTML with more of it behind what it says: inside the body when it is a whole document. */
export function appendHtml(html: string, more: string): string {
  const end = /<\/(?:body|html)\s*>\s*(?:<\/html\s*>\s*)?$/i.exec(html.slice(-200));
  const at = end === null ? html.length : Math.max(0, html.length - 200) + end.index;
  return `${html.slice(0, at)}\n${more}${end === null ? '' : '\n'}${html.slice(at)}`;
}

/** HTML with something before what it says. */
export function prependHtml(html: string, more: string): string {
  const start =
    /^(?:\s*<!doctype[^>]*>)?(?:\s*<html[^>]*>)?(?:\s*<head>[\s\S]*?<\/head\s*>)?\s*<body[^>]*>/i.exec(
      html,
    );
  const at = start?.[0].length ?? 0;
  return `${html.slice(0, at)}${more}\n${html.slice(at)}`;
}

/** `'Ann <ann@example.com>, Bob <bob@example.com>'`. */
export function namesOf(list: Original['to']): string {
  return list.map(inOneLine).join(', ');
}

/** `'On 5 Mar 2026 at 14:02 +0100, Ann <ann@example.com> wrote:'`, in the time of who wrote it. */
export function attributionOf({ from, sender, date }: Original, fields: FirstFields): string {
  const [author = sender] = mailboxesOf(from);
  const who = author === undefined ? 'the sender' : inOneLine(author);
  const when = date && dateIn(date, fields.get('date'));
  const wrote = `${who} wrote:`;
  return when === undefined
    ? `${wrote.charAt(0).toUpperCase()}${wrote.slice(1)}`
    : `On ${when}, ${wrote}`;
}

/** The date on the clock of its sender. */
export function dateIn(date: Date, field: string | undefined): string {
  const [, sign = '+', hours = '00', minutes = '00'] =
    /([+-])(\d{2})(\d{2})\s*(?:\(|$)/.exec(field ?? '') ?? [];
  const offset = Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes));
  const local = new Date(date.getTime() + offset * 60_000);
  const [, day = '', month = '', year = '', time = ''] =
    /^\w+, 0?(\d+) (\w+) (\d+) (\d+:\d+)/.exec(local.toUTCString()) ?? [];
  return `${day} ${month} ${year} at ${time} ${sign}${hours}${minutes}`;
}
