// The recipients that the prose of a report names, and what it says of each.
import { limits } from '../../base/index.ts';
import { LAST_RESORT, OTHER_ADDRESS_LINES, RECIPIENT_LINES } from './recipient-lines.data.ts';
import { tellingText } from './telling-text.ts';

/** A recipient that prose names. */
export interface NoticeRecipient {
  readonly address: string;
  /** The address that led to it, when the prose names one. */
  readonly alias: string | undefined;
  /** What is said of it, a paragraph each, and last what is said before of all of them. */
  readonly texts: readonly string[];
}

/** What prose says. */
export interface NoticeReading {
  readonly recipients: readonly NoticeRecipient[];
  /** The most telling paragraph before the first recipient; empty when there is none. */
  readonly preamble: string;
}

// Longer lines name nobody.
const MAX_LINE = 1000;
// Lines that are kept for one recipient.
const MAX_LINES = 60;

// A reply of another server in a transcript, and where the dialogue with the next server begins.
const REPLY_LINE = /^\s*<{3} [245]\d\d|^[45]\d\d \S{1,255} \(smtp\)\.\.\./;
const NEXT_SERVER = /^(?:\.\.\. )?while talking to /i;
// "A message sent by", and on the next line the sender.
const SENDER_FOLLOWS = /\b(?:sent by|message from|sender(?: is)?|on behalf of):?\s*$/i;

/** The recipients in these lines, and what is said of them. */
export function readRecipients(lines: readonly string[]): NoticeReading {
  const walk = new NoticeWalk();
  for (const line of lines) walk.take(line);
  return walk.end(lines);
}

interface Found {
  readonly address: string;
  alias: string | undefined;
  readonly lines: string[];
}

class NoticeWalk {
  readonly #before: string[] = [];
  readonly #found = new Map<string, Found>();
  #current: Found | undefined;
  // In transcripts, the reply of another server stands before the recipient that it is about.
  #replies: string[] = [];
  #last = '';

  take(line: string): void {
    const last = this.#last;
    if (line.trim() !== '') this.#last = line;
    if (NEXT_SERVER.test(line)) this.#replies = [];
    if (REPLY_LINE.test(line)) this.#takeReply(line);
    else {
      const named = SENDER_FOLLOWS.test(last) ? undefined : recipientIn(line);
      if (named) this.#takeRecipient(named);
      else if (this.#current) this.#keep(line);
      else this.#before.push(line);
    }
  }

  end(lines: readonly string[]): NoticeReading {
    if (this.#current) for (const reply of this.#replies) this.#keep(reply);
    else this.#before.push(...this.#replies);
    if (this.#found.size === 0) {
      const address = addressOfLastResort(lines);
      if (address !== undefined) this.#open(address);
    }
    // Worked out once: there may be many recipients.
    const preamble = tellingText(paragraphsOf(this.#before));
    const recipients = [...this.#found.values()].map(({ address, alias, lines: said }) => ({
      address,
      alias,
      texts: [...paragraphsOf(said), preamble],
    }));
    return { recipients, preamble };
  }

  #takeReply(line: string): void {
    if (this.#current && line.includes(this.#current.address)) this.#keep(line);
    else if (this.#replies.length < MAX_LINES) this.#replies.push(line);
  }

  #takeRecipient({ address, alias, text }: NamedRecipient): void {
    if (address === undefined && this.#current) this.#current.alias ??= alias;
    else if (address !== undefined || alias !== undefined) {
      this.#open(address ?? alias ?? '');
      if (this.#current && address !== undefined) this.#current.alias ??= alias;
      for (const reply of this.#replies) this.#keep(reply);
      this.#replies = [];
      this.#keep(text);
    }
  }

  #open(address: string): void {
    const key = address.toLowerCase();
    this.#current = this.#found.get(key);
    if (this.#current || this.#found.size >= limits.bounceRecipients) return;
    this.#current = { address, alias: undefined, lines: [] };
    this.#found.set(key, this.#current);
  }

  #keep(line: string): void {
    if (this.#current && this.#current.lines.length < MAX_LINES) this.#current.lines.push(line);
  }
}

function addressOfLastResort(lines: readonly string[]): string | undefined {
  for (const line of lines) {
    const { address } = LAST_RESORT.exec(line.slice(0, MAX_LINE))?.groups ?? {};
    if (address !== undefined) return address;
  }
  return undefined;
}

const EXPANDED = /^expanded from:? <?([^\s<>()]+@[^\s<>()]+)>?\)/i;

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
      const { address, before = '', text = '', more = '' } = groups;
      // Postfix: "<ann@example.com> (expanded from <team@example.com>): …".
      const alias = groups['alias'] ?? EXPANDED.exec(text)?.[1];
      return { address, alias, text: `${before} ${text} ${more}`.replace(/\]\s*$/, '') };
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
