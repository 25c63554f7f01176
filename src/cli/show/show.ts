// `posthorn show`: reads a message and prints the view that is asked for.
import { writeFile } from 'node:fs/promises';
import { OptionError, printable } from '../../base/index.ts';
import { MailMessage } from '../../message/index.ts';
import { decompose, type ParsedEntity } from '../../mime/index.ts';
import { readInput } from '../input.ts';
import type { CliIo } from '../io.ts';
import { paintFor, plainPaint } from '../paint.ts';
import { isPathError, isSystemError, systemErrorText } from '../system-error.ts';
import { formatSize, jsonLine, printableLine, printableText } from '../text.ts';
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
  if (flags.out !== undefined) await writeOutput(flags.out, content);
  else if (isForPeople(flags) || !io.stdout.isTTY) io.stdout.write(content);
  // Content of a mail on a terminal: what could move the cursor or reorder lines is made visible.
  else io.stdout.write(endLine(printableText(textOf(content))));
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

/** Views that are put together for people, safe to print; the others are content of the mail. */
function isForPeople({ raw, text, html, part }: ShowFlags): boolean {
  return !raw && !text && !html && part === undefined;
}

function view(root: ParsedEntity, flags: ShowFlags, io: CliIo): string | Uint8Array {
  if (flags.part !== undefined) {
    const { entity } = partOf(numberParts(root), flags.part);
    if (flags.out === undefined && io.stdout.isTTY) return partForTerminal(entity);
    return entity.parts.length > 0 ? entity.raw : entity.content();
  }
  if (flags.text) return bodyOf(root, 'text', 'html');
  if (flags.html) return bodyOf(root, 'html', 'text');
  if (flags.json) return jsonLine(toJson(root));
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

function partOf(root: Part, number: string): Part {
  const part = number === '' ? undefined : findPart(root, number);
  if (part) return part;
  const numbers = [...walk(root)].map((one) => one.number).filter((one) => one !== '');
  throw new OptionError('part', `there is no part '${number}'; there are: ${numbers.join(', ')}`);
}

function partForTerminal(entity: ParsedEntity): string | Uint8Array {
  const { type } = entity.contentType;
  if (type === 'text') return entity.text();
  if (type === 'multipart' || type === 'message') return entity.raw;
  throw new OptionError(
    'out',
    `this part is ${printable(entity.contentType.value, 80)}, ${formatSize(entity.content().length)}; ` +
      'use --out FILE, or a pipe',
  );
}

function textOf(content: string | Uint8Array): string {
  return typeof content === 'string' ? content : new TextDecoder().decode(content);
}

function endLine(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
