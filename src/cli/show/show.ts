// `posthorn show`: reads a message and prints the view that is asked for.
import { writeFile } from 'node:fs/promises';
import { OptionError } from '../../base/index.ts';
import { MailMessage } from '../../message/index.ts';
import { decompose, type ParsedEntity } from '../../mime/index.ts';
import { readInput } from '../input.ts';
import type { CliIo } from '../io.ts';
import { paintFor, plainPaint } from '../paint.ts';
import { isPathError, isSystemError, systemErrorText } from '../system-error.ts';
import { formatSize, printableLine, printableText } from '../text.ts';
import { shownFields } from './headers.ts';
import { overview } from './overview.ts';
import { findPart, numberParts, type Part, walk } from './parts.ts';
import { toJson } from './to-json.ts';

/** The options of `posthorn show` as the parser gives them; at most one of the views is set. */
export interface ShowFlags {
  readonly headers?: boolean;
  readonly text?: boolean;
  readonly html?: boolean;
  readonly raw?: boolean;
  readonly part?: string;
  readonly json?: boolean;
  readonly out?: string;
}

/** Prints the message in `file` as the flags say. */
export async function runShow(file: string, flags: ShowFlags, io: CliIo): Promise<void> {
  const bytes = await readInput(file, io);
  const content = flags.raw ? bytes : view((await MailMessage.load(bytes)).root, flags, io);
  if (flags.out !== undefined) {
    await writeOutput(flags.out, content);
    return;
  }
  if (!io.stdout.isTTY || isForTerminal(flags)) {
    io.stdout.write(content);
    return;
  }
  // Text from a mail on a terminal: what could move the cursor or reorder lines is made visible.
  io.stdout.write(endLine(printableText(textForTerminal(content))));
}

async function writeOutput(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(path, content);
  } catch (error) {
    // A wrong path to write to is a wrong option, not a missing input.
    if (!isSystemError(error) || !isPathError(error)) throw error;
    throw new OptionError('out', `--out ${systemErrorText(error)}`);
  }
}

/** Views that are ours, made safe while they were put together. */
function isForTerminal(flags: ShowFlags): boolean {
  return (
    flags.raw !== true && flags.text !== true && flags.html !== true && flags.part === undefined
  );
}

function view(root: ParsedEntity, flags: ShowFlags, io: CliIo): string | Uint8Array {
  if (flags.part !== undefined) return partContent(numberParts(root), flags.part);
  if (flags.text) return bodyOf(root, 'text', 'html');
  if (flags.html) return bodyOf(root, 'html', 'text');
  if (flags.json) return `${JSON.stringify(toJson(root))}\n`;
  // Into a file go no colours, wherever the command runs.
  const paint = flags.out === undefined ? paintFor(io.stdout, io.env) : plainPaint;
  if (flags.headers) {
    const lines = shownFields(root.headers).map(
      ({ name, value }) =>
        `${paint.bold(`${printableLine(name)}:`)} ${printableLine(value, Number.POSITIVE_INFINITY)}\n`,
    );
    return lines.join('');
  }
  return overview(root, paint);
}

function bodyOf(root: ParsedEntity, kind: 'text' | 'html', other: 'text' | 'html'): string {
  const wanted = kind === 'text' ? 'text/plain' : 'text/html';
  const bodies = decompose(root)[kind].filter(({ contentType }) => contentType.value === wanted);
  if (bodies.length > 0) return bodies.map((body) => body.text()).join('\n');
  throw new OptionError(
    kind,
    `the message has no ${wanted} body; try --${other}, or --part with a number`,
  );
}

function partContent(root: Part, number: string): Uint8Array {
  const part = findPart(root, number);
  if (part && number !== '')
    return part.entity.parts.length > 0 ? part.entity.raw : part.entity.content();
  const numbers = [...walk(root)].map((one) => one.number).filter((one) => one !== '');
  throw new OptionError('part', `there is no part '${number}'; there are: ${numbers.join(', ')}`);
}

function textForTerminal(content: string | Uint8Array): string {
  if (typeof content === 'string') return content;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw new OptionError(
      'out',
      `this is not text but ${formatSize(content.length)} of octets; use --out FILE, or a pipe`,
    );
  }
}

function endLine(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
