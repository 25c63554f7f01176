// The recipients that the prose of a report names, and what it says of each.
import { limits } from '../../base/index.ts';
import { OTHER_ADDRESS_LINES, RECIPIENT_LINES } from './recipient-lines.data.ts';

/** A recipient that prose names. */
export interface NoticeRecipient {
  readonly address: string;
  /** The address that led to it, when the prose names one. */
  readonly alias: string | undefined;
  /** What is said of it, a paragraph each; what stands before all recipients last. */
  readonly texts: readonly string[];
}

/** What a walk over the lines has found. */
interface Found {
  readonly address: string;
  alias: string | undefined;
  readonly lines: string[];
}

// Longer lines name nobody.
const MAX_LINE = 1000;
// Lines that are kept for one recipient.
const MAX_LINES = 60;

/** The recipients in these lines, and the text before the first of them. */
export function readRecipients(lines: readonly string[]): {
  recipients: NoticeRecipient[];
  preamble: string;
} {
  const before: string[] = [];
  const found = new Map<string, Found>();
  let current: Found | undefined;
  for (const line of lines) {
    const named = recipientIn(line);
    if (named?.alias !== undefined && current) {
      current.alias ??= named.alias;
      continue;
    }
    const address = named?.address ?? named?.alias;
    if (address === undefined) {
      if (current === undefined) before.push(line);
      else if (current.lines.length < MAX_LINES) current.lines.push(line);
      continue;
    }
    const key = address.toLowerCase();
    current = found.get(key);
    if (!current) {
      if (found.size >= limits.bounceRecipients) break;
      current = { address, alias: undefined, lines: [] };
      found.set(key, current);
    }
    if (current.lines.length < MAX_LINES) current.lines.push(named?.text ?? '');
  }
  const preamble = paragraphsOf(before).join('\n');
  return {
    preamble,
    recipients: [...found.values()].map(({ address, alias, lines: said }) => ({
      address,
      alias,
      texts: [...paragraphsOf(said), preamble],
    })),
  };
}

interface NamedRecipient {
  readonly address: string | undefined;
  readonly alias: string | undefined;
  readonly text: string;
}

function recipientIn(line: string): NamedRecipient | undefined {
  if (line.length > MAX_LINE || !line.includes('@') || OTHER_ADDRESS_LINES.test(line))
    return undefined;
  for (const pattern of RECIPIENT_LINES) {
    const groups = pattern.exec(line)?.groups;
    if (groups) {
      const { address, alias, text = '', more = '' } = groups;
      return { address, alias, text: `${text}${more}` };
    }
  }
  return undefined;
}

/** Lines to paragraphs: an empty line or a rule ends one. */
function paragraphsOf(lines: readonly string[]): string[] {
  const paragraphs: string[] = [];
  let paragraph: string[] = [];
  for (const line of lines) {
    const text = line.trim();
    if (/[\p{L}\p{N}]/u.test(text)) paragraph.push(text);
    else {
      if (paragraph.length > 0) paragraphs.push(paragraph.join(' '));
      paragraph = [];
    }
  }
  if (paragraph.length > 0) paragraphs.push(paragraph.join(' '));
  return paragraphs;
}
