// Formats that are text: mail and what looks like it, pages, calendars, contacts.
import { type ByteSource, latin1 } from '../../base/internal.ts';
import { hasNextMessage, MBOX_LINE } from '../../message/internal.ts';
import type { FileFormat } from './file-format.ts';
import { isWebArchive } from './web-archive.ts';

const HEAD = 65_536;

const starts: readonly (readonly [RegExp, FileFormat])[] = [
  [/^BEGIN:V(?:CALENDAR|EVENT|TODO|JOURNAL|FREEBUSY|TIMEZONE|ALARM|AVAILABILITY)\s/i, 'ics'],
  [/^BEGIN:VCARD\s/i, 'vcf'],
  [/^\{\s*"posthorn":/, 'json'],
];

/** The format of a text; `extension` decides what is both a message and something that holds it. */
export function textFormat(source: ByteSource, extension: string): FileFormat | undefined {
  const raw = latin1(source.read(0, Math.min(HEAD, source.size)));
  if (isEmlx(raw, source)) return 'emlx';
  const head = withoutMark(raw);
  const trimmed = head.trimStart();
  const start = starts.find(([pattern]) => pattern.test(trimmed));
  if (start) return start[1];
  if (isPage(trimmed)) return 'html';
  if (MBOX_LINE.test(head.slice(0, LINE))) {
    const isMailbox = /^\.mb(?:o?x)$/.test(extension) || isArchive(source);
    if (isMailbox) return 'mbox';
  }
  const header = headerOf(head);
  if (header === undefined) return undefined;
  const isNamedSo = extension === '.mht' || extension === '.mhtml';
  return isWebArchive(header, head, isNamedSo) ? 'mht' : 'eml';
}

/** Without a byte order mark; of UTF-16, every other octet, which is enough to know its markup by. */
function withoutMark(text: string): string {
  if (text.startsWith('\xef\xbb\xbf')) return text.slice(3);
  return /^(?:\xff\xfe|\xfe\xff)/.test(text) ? text.slice(2).replaceAll('\0', '') : text;
}

const TAIL = 65_536;

/** The length of a message in a line of its own, the message, and a property list; the length may be wrong. */
function isEmlx(head: string, source: ByteSource): boolean {
  if (!/^\d{1,12}[ \t]*\r?\n/.test(head)) return false;
  const tail = latin1(source.read(Math.max(0, source.size - TAIL), source.size));
  return /<plist[\s\S]*<\/plist>\s*$/.test(tail);
}

// What stands before the first element of a page.
const PROLOGUE = /^<!--[\s\S]{0,4000}?-->\s*/;
const WHOLE_PAGE = /<(?:!doctype\s+html|html)\b/i;
const PAGE =
  /^<(?:!doctype\s+html|html|head|body|title|meta|style|script|base|link|div|table|p|h[1-6]|span|font|center|a|b|i|img|br)\b/i;

function isPage(text: string): boolean {
  let rest = text.slice(0, 16_384);
  // Other documents have elements of these names; with a declaration, only a whole page counts.
  if (rest.startsWith('<?xml')) return WHOLE_PAGE.test(rest);
  for (let found = PROLOGUE.exec(rest); found; found = PROLOGUE.exec(rest)) {
    rest = rest.slice(found[0].length);
  }
  return PAGE.test(rest);
}

// Fields that hardly anything but mail has.
const MAIL_FIELD =
  /^(?:received|return-path|from|to|cc|bcc|sender|reply-to|subject|date|message-id|mime-version|content-type|content-transfer-encoding|delivered-to|x-mailer|resent-from|resent-to|envelope-to|dkim-signature|newsgroups)[ \t]*:/gim;
const FIELD = /^[!-9;-~]{1,200}[ \t]*:/;

/** The header of a message, lines ended by LF; `undefined` when there is none. */
function headerOf(head: string): string | undefined {
  const start = head
    .replaceAll(/\r\n?/g, '\n')
    .replace(/^\s+/, '')
    .replace(/^>?From (?!:)[^\n]{0,998}\n/, '');
  const end = /\n[ \t]*\n/.exec(start)?.index ?? start.length;
  const header = start.slice(0, end);
  const known = new Set([...header.matchAll(MAIL_FIELD)].map(([name]) => name.toLowerCase()));
  // What begins with something else may be mail all the same, when more than chance makes it look like it.
  return known.size > (FIELD.test(header) ? 0 : 2) ? header : undefined;
}

const BLOCK = 4_194_304;
const LINE = 400;

/** Whether another message follows the first. A file that is one long message is read to its end. */
function isArchive(source: ByteSource): boolean {
  for (let start = 0; start < source.size; start += BLOCK) {
    // A separator and the empty line before it may be cut between two blocks.
    const from = Math.max(0, start - LINE);
    if (hasNextMessage(source.read(from, Math.min(source.size, start + BLOCK + LINE)))) return true;
  }
  return false;
}
