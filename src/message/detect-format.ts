// Tells files of other formats from a message by their first bytes: what `parse` refuses, and what `load` asks the room
// `convert` about.
import { FormatError } from '../base/index.ts';
import { type ByteSource, concatBytes, latin1, viewOf } from '../base/internal.ts';
import type { MessageFormat } from './message-format.ts';

/** Octets of the file as text, one character for each. */
type Read = (start: number, end: number) => string;

interface Foreign {
  readonly format: string;
  /** `load` reads it. */
  readonly isMail?: true;
  readonly matches: (head: string, read: Read) => boolean;
}

const starts =
  (...octets: number[]) =>
  (head: string): boolean =>
    octets.every((octet, index) => head.charCodeAt(index) === octet);

/** The line that begins each message of an mbox file (RFC 4155 appendix A). */
export const MBOX_LINE: RegExp = /^From \S+ .*\d\d:\d\d.*\d{4}/;

const foreign: readonly Foreign[] = [
  { format: 'Outlook MSG', isMail: true, matches: starts(0xd0, 0xcf, 0x11, 0xe0) },
  { format: 'TNEF (winmail.dat)', isMail: true, matches: starts(0x78, 0x9f, 0x3e, 0x22) },
  { format: 'Outlook PST', matches: starts(0x21, 0x42, 0x44, 0x4e) },
  { format: 'ZIP', matches: starts(0x50, 0x4b, 0x03, 0x04) },
  { format: 'gzip', matches: starts(0x1f, 0x8b) },
  { format: 'PDF', matches: starts(0x25, 0x50, 0x44, 0x46) },
  { format: 'EMLX', isMail: true, matches: isEmlx },
  {
    format: 'iCalendar',
    isMail: true,
    matches: (head) => /^BEGIN:VCALENDAR\r?\n/i.test(head),
  },
];

/** The length of a message in a line of its own, the message, and a property list. */
function isEmlx(head: string, read: Read): boolean {
  const [first, length] = /^(\d{1,12}) *\r?\n/.exec(head) ?? [];
  if (first === undefined) return false;
  const end = first.length + Number(length);
  return /^\s*<(?:\?xml|!DOCTYPE|plist)/.test(read(end, end + 100));
}

const HEAD = 200;

// What may be a web page, a web archive (a message that says where its parts are from), or data: `convert` looks closer.
const PAGE =
  /^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)?\s{0,100}(?:<|\{|BEGIN:V|\d{1,12}[ \t]*[\r\n])/i;
const ARCHIVE = /^(?:Snapshot-)?Content-Location:|^From:\s{0,9}"?<Saved by/im;
// Archives begin with few fields; what is looked for in every mail has to be near.
const ARCHIVE_HEAD = 2048;

/**
 * Whether the room `convert` is to be asked what the bytes are; nearly all mail needs no such question.
 *
 * @param path The name of the file: a message that is called an archive may be one.
 */
export function mayBeForeign(source: Uint8Array | ByteSource, path: string | undefined): boolean {
  if (path !== undefined && /\.mht(?:ml)?$/i.test(path)) return true;
  const read: Read =
    source instanceof Uint8Array
      ? (start, end) => latin1(source, start, end)
      : (start, end) => latin1(source.read(start, end));
  const start = read(0, ARCHIVE_HEAD);
  const head = start.slice(0, HEAD);
  return (
    PAGE.test(head) || ARCHIVE.test(start) || foreign.some(({ matches }) => matches(head, read))
  );
}

/**
 * Throws a {@link FormatError} when the bytes are clearly a file of another format. A message that is `said` to be one
 * may quote others, and look like an mbox file then.
 */
export function refuseOtherFormats(bytes: Uint8Array, said: MessageFormat | undefined): void {
  const isLikeMbox = refuseByHead((start, end) => latin1(bytes, start, end));
  if (isLikeMbox && said === undefined && hasNextMessage(bytes)) throw notAMessage('mbox');
}

/** The same for bytes that are not in memory. */
export async function refuseOtherFormatsIn(
  source: ByteSource,
  said: MessageFormat | undefined,
): Promise<void> {
  const isLikeMbox = refuseByHead((start, end) => latin1(source.read(start, end)));
  if (!isLikeMbox || said !== undefined) return;
  let before: Uint8Array = new Uint8Array(0);
  for await (const octets of source.pass(0, source.size)) {
    const seen = concatBytes([before, octets]);
    if (hasNextMessage(seen)) throw notAMessage('mbox');
    // A separator line and the empty line before it may be cut between two pieces.
    before = new Uint8Array(seen.subarray(-HEAD));
  }
}

/** Whether it begins as an mbox file does; throws when it begins as a file of another format. */
function refuseByHead(read: Read): boolean {
  const head = read(0, HEAD);
  const found = foreign.find(({ matches }) => matches(head, read));
  if (found !== undefined) throw notAMessage(found.format, found.isMail);
  return MBOX_LINE.test(head);
}

function notAMessage(format: string, isMail = false): FormatError {
  const advice = isMail ? 'MailMessage.load(…) reads it' : 'give a message file';
  return new FormatError(
    `This is not an internet message (EML) but ${format}; ${advice}`,
    'eml',
    0,
  );
}

/** One separator line before a single message is common and harmless; a second one makes an archive. */
export function hasNextMessage(bytes: Uint8Array): boolean {
  const view = viewOf(bytes);
  for (let at = view.indexOf('\nFrom ', 1); at >= 0; at = view.indexOf('\nFrom ', at + 1)) {
    const before = latin1(bytes, Math.max(0, at - 2), at);
    if (/\n\r?$/.test(before) && MBOX_LINE.test(latin1(bytes, at + 1, at + 200))) return true;
  }
  return false;
}
