// The prose of a report: the text before the message that came back.
import { limits } from '../../base/index.ts';
import type { ParsedEntity } from '../../mime/index.ts';
import { ORIGINAL_FOLLOWS } from './original-follows.data.ts';
import { holdsOriginal } from './original-message.ts';
import { textOfParts } from './part-text.ts';

/** The prose of a report, and what stands behind it. */
export interface NoticeText {
  /** The lines that the mail system wrote, without line ends; at most `bounceText` characters. */
  readonly lines: readonly string[];
  /** What stands behind the line that announces the original message; `undefined` when there is no such line. */
  readonly rest: string | undefined;
}

/** The prose in the text parts of a message, up to the message that came back. */
export function noticeText(leaves: readonly ParsedEntity[]): NoticeText {
  const parts = textParts(leaves);
  const text = textOfParts(parts, limits.bounceText);
  const isHtml = parts[0]?.contentType.value === 'text/html';
  return splitAtOriginal((isHtml ? textOfHtml(text) : withoutTags(text)).split('\n'));
}

/** The text parts that come before the original message; HTML only when there is no plain text. */
function textParts(leaves: readonly ParsedEntity[]): ParsedEntity[] {
  const end = leaves.findIndex(holdsOriginal);
  const before = end === -1 ? leaves : leaves.slice(0, end);
  const ofType = (type: string): ParsedEntity[] =>
    before.filter(({ contentType }) => contentType.value === type);
  const plain = ofType('text/plain');
  if (plain.length > 0) return plain;
  const html = ofType('text/html');
  // A multipart that is damaged is a leaf: its text is read as it is.
  return html.length > 0
    ? html
    : before.filter(({ contentType }) => contentType.type === 'multipart');
}

// Names of HTML elements, so that <ann@example.com> is not taken for one.
const TAG =
  /<\/?(?:html|head|body|title|meta|style|p|br|div|span|font|b|i|u|a|tr|td|th|table|tbody|center|strong|em|ul|ol|li|pre|code|hr|h[1-6]|img|link|blockquote|!doctype)(?![\w@.-])[^<>]*>/gi;
const LINE_TAG = /^<\/?(?:p|br|div|tr|td|table|li|h[1-6]|pre|hr|title|blockquote)\b/i;
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&amp;', '&'],
  ['&quot;', '"'],
  ['&#39;', "'"],
  ['&nbsp;', ' '],
  ['&#43;', '+'],
  ['&#64;', '@'],
]);

/** HTML as lines, which is all that the rules look at. */
function textOfHtml(html: string): string {
  // Some call plain text HTML: its line ends count.
  const source = /<(?:br|p|div|tr|li)\b/i.test(html) ? html.replace(/\n/g, ' ') : html;
  const lines = withoutTags(source.replace(/<style[^<]*<\/style>/gi, ''));
  return lines.replace(/&[#\w]{2,6};/g, (entity) => ENTITIES.get(entity) ?? entity);
}

/** Also of plain text, in which some mail systems write tags. */
function withoutTags(text: string): string {
  if (!text.includes('<')) return text;
  return text.replace(TAG, (tag) => (LINE_TAG.test(tag) ? '\n' : ''));
}

// Fields that begin the header of a message that follows without a word.
const HEADER_START = /^(?:Received: (?:from|by|\()|Return-Path: ?<)/i;

function splitAtOriginal(lines: readonly string[]): NoticeText {
  for (const [at, line] of lines.entries()) {
    if (at > 0 && HEADER_START.test(line)) {
      return { lines: lines.slice(0, at), rest: lines.slice(at).join('\n') };
    }
    if (line.length < 200 && ORIGINAL_FOLLOWS.some((pattern) => pattern.test(line))) {
      return {
        lines: lines.slice(0, at),
        rest: lines
          .slice(at + 1)
          .join('\n')
          .replace(/^\s+/, ''),
      };
    }
  }
  return { lines, rest: undefined };
}
