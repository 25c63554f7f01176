// A message as an entry of an mbox file (mboxrd): a separator line, the message with lines that look like one marked.
import { latin1Bytes, viewOf } from '../../base/internal.ts';
import type { MailMessage } from '../../message/index.ts';
import { senderOf } from '../../message/internal.ts';

/** The entry, piece by piece; its lines end as the message's do. */
export async function* mboxEntry(message: MailMessage): AsyncGenerator<Uint8Array> {
  yield latin1Bytes(`From ${senderIn(message)} ${asctime(dateOf(message))}\n`);
  const marks = new SeparatorMarks();
  let last: number | undefined;
  for await (const chunk of message.toStream('eml')) {
    if (chunk.length > 0) last = chunk[chunk.length - 1];
    yield* marks.write(chunk);
  }
  yield* marks.end();
  yield latin1Bytes(last === 10 ? '\n' : '\n\n');
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A time as RFC 4155 wants it: in UTC, in the form of asctime(). */
function asctime(date: Date): string {
  const day = String(date.getUTCDate()).padStart(2, ' ');
  const time = date.toISOString().slice(11, 19);
  return `${DAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${day} ${time} ${date.getUTCFullYear()}`;
}

/** When it was written; what no four figures hold is the beginning of time, as other programs write it. */
function dateOf({ date }: MailMessage): Date {
  const year = date?.getUTCFullYear() ?? 0;
  return date && year >= 1000 && year <= 9999 ? date : new Date(0);
}

function senderIn(message: MailMessage): string {
  const path = /<([^<>\s]+)>/.exec(message.headers.get('Return-Path') ?? '')?.[1];
  const address = path ?? addressOf(message);
  return address && /^[!-~]+$/.test(address) ? address : 'MAILER-DAEMON';
}

function addressOf({ from, sender }: MailMessage): string | undefined {
  try {
    return senderOf({ from, sender: sender ? [sender] : [] });
  } catch {
    return undefined;
  }
}

const MARK = latin1Bytes('>');
// More of a line is not needed to know that it is none.
const LINE_START = 1000;

/** Puts `>` before each line of `>`s and `From `, whatever the chunks are. */
class SeparatorMarks {
  #held: Uint8Array = new Uint8Array(0);
  #isLineStart = true;

  *write(chunk: Uint8Array): Generator<Uint8Array> {
    const block = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const view = viewOf(block);
    const lineEnd = view.lastIndexOf(10);
    // A line that has only begun is looked at when there is more of it.
    const isLong = block.length - lineEnd > LINE_START;
    const until = isLong ? block.length : lineEnd + 1;
    yield* this.#mark(block.subarray(0, until));
    this.#held = new Uint8Array(block.subarray(until));
    if (until > 0) this.#isLineStart = !isLong;
  }

  *end(): Generator<Uint8Array> {
    yield* this.#mark(this.#held);
  }

  *#mark(lines: Uint8Array): Generator<Uint8Array> {
    const view = viewOf(lines);
    let from = 0;
    for (let at = view.indexOf('From '); at >= 0; at = view.indexOf('From ', at + 1)) {
      let start = at;
      while (start > 0 && lines[start - 1] === 62) start--;
      if (start === 0 ? !this.#isLineStart : lines[start - 1] !== 10) continue;
      yield lines.subarray(from, start);
      yield MARK;
      from = start;
    }
    if (from < lines.length) yield lines.subarray(from);
  }
}
