// Mbox files (RFC 4155, mboxrd): where their messages stand, and their lines as they were before they were put in.
import { type ByteSource, latin1, latin1Bytes, rangeSource, viewOf } from '../../base/internal.ts';
import type { MailMessage } from '../../message/index.ts';
import { MBOX_LINE, readMessage } from '../../message/internal.ts';
import type { ParseOptions } from '../../mime/index.ts';

/** Each message of the file in its order; one at a time is read. */
export async function* readMbox(
  source: ByteSource,
  reading: ParseOptions,
): AsyncGenerator<MailMessage> {
  let start: number | undefined;
  for (const { line, after } of separators(source)) {
    if (start !== undefined) yield await messageIn(source, start, line, reading);
    start = after;
  }
  if (start !== undefined) yield await messageIn(source, start, source.size, reading);
}

const BLOCK = 4_194_304;
// The longest separator line that is believed.
const LINE = 400;

interface Separator {
  /** Where the line begins. */
  readonly line: number;
  /** Where what follows it begins. */
  readonly after: number;
}

/** The separator lines: at the beginning, or after an empty line. */
function* separators(source: ByteSource): Generator<Separator> {
  for (let start = 0; start < source.size; start += BLOCK) {
    const from = Math.max(0, start - 4);
    const block = source.read(from, Math.min(source.size, start + BLOCK + LINE));
    const view = viewOf(block);
    const end = start + BLOCK - from;
    let at = view.indexOf('From ', start - from);
    for (; at >= 0 && at < end; at = view.indexOf('From ', at + 1)) {
      if (at > 0 && block[at - 1] !== 10) continue;
      const before = latin1(block, Math.max(0, at - 3), at);
      const isFirst = from + at === 0 || /\n\r?\n$/.test(before);
      if (!isFirst || !MBOX_LINE.test(latin1(block, at, at + LINE))) continue;
      const lineEnd = view.indexOf(10, at);
      yield { line: from + at, after: from + (lineEnd < 0 ? block.length : lineEnd + 1) };
    }
  }
}

/** The message between two places, without the empty line that ends it and the marks that were put before its lines. */
async function messageIn(
  source: ByteSource,
  start: number,
  next: number,
  reading: ParseOptions,
): Promise<MailMessage> {
  const tail = latin1(source.read(Math.max(start, next - 4), next));
  const end = next - (/\n(\r?\n)$/.exec(tail)?.[1]?.length ?? 0);
  const range = rangeSource(source, start, end);
  if (!(await isQuoted(range))) return await readMessage(range.bytes ?? range, reading);
  const text = latin1(source.read(start, end));
  return await readMessage(latin1Bytes(text.replace(/^>(>*From )/gm, '$1')), reading);
}

/** Whether any line has the mark that hides it from readers of the file (mboxrd). */
async function isQuoted(range: ByteSource): Promise<boolean> {
  let before = '';
  for await (const chunk of range.pass(0, range.size)) {
    if (viewOf(chunk).includes('>From ')) return true;
    // The mark may be cut between two pieces.
    const text = before + latin1(chunk, 0, 6);
    if (text.includes('>From ')) return true;
    before = latin1(chunk, Math.max(0, chunk.length - 6));
  }
  return false;
}
