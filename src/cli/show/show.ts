// `posthorn show`: reads a message and prints the view that is asked for.
import { createReadStream } from 'node:fs';
import { InvalidMessageError, OptionError, printable } from '../../base/index.ts';
import { MailMessage } from '../../message/index.ts';
import { decompose, type ParsedEntity } from '../../mime/index.ts';
import type { CliIo } from '../io.ts';
import { paintFor, plainPaint } from '../paint.ts';
import { isSystemError } from '../system-error.ts';
import { jsonLine, printableLine } from '../text.ts';
import { shownFields } from './headers.ts';
import { type ViewContent, writeContent, writeView } from './output.ts';
import { overview } from './overview.ts';
import { numberParts, sizeLabel } from './parts.ts';
import { octetsOf, type Selection, select } from './select.ts';
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
  if (flags.raw) return await writeContent(source(file, io), io, flags.out);
  const message = await load(file, io);
  const content = contentView(message.root, flags, io);
  if (content !== undefined) await writeContent(content, io, flags.out);
  else await writeView(await textView(message, flags, io), io, flags.out);
}

function source(file: string, io: CliIo): AsyncIterable<Uint8Array> {
  return file === '-' ? io.stdin : createReadStream(file);
}

async function load(file: string, io: CliIo): Promise<MailMessage> {
  try {
    return await MailMessage.load(file === '-' ? io.stdin : file);
  } catch (error) {
    // The reason why something can't be read is told in the command's own words.
    if (!(error instanceof InvalidMessageError && error.cause instanceof Error)) throw error;
    throw isSystemError(error.cause) ? Object.assign(error.cause, { path: file }) : error.cause;
  }
}

/** The views that are content of the mail; `undefined` for the others. */
function contentView(root: ParsedEntity, flags: ShowFlags, io: CliIo): ViewContent | undefined {
  if (flags.text) return bodyOf(root, 'text', 'html');
  if (flags.html) return bodyOf(root, 'html', 'text');
  if (flags.part === undefined) return undefined;
  const selection = select(numberParts(root), flags.part);
  const isForTerminal = flags.out === undefined && io.stdout.isTTY;
  return isForTerminal ? textOf(selection) : octetsOf(selection);
}

/** The views that are put together for people or programs. */
async function textView(message: MailMessage, flags: ShowFlags, io: CliIo): Promise<string> {
  if (flags.json) return jsonLine(await toJson(message));
  // Into a file go no colours, wherever the command runs.
  const paint = flags.out === undefined ? paintFor(io.stdout, io.env) : plainPaint;
  if (!flags.headers) return overview(message, paint);
  const lines = shownFields(message.root.headers).map(
    ({ name, value }) =>
      `${paint.bold(`${printableLine(name)}:`)} ${printableLine(value, Number.POSITIVE_INFINITY)}\n`,
  );
  return lines.join('');
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

/** A selection for a terminal: text in its charset, the rest as transmitted, unless it is no text at all. */
function textOf(selection: Selection): ViewContent {
  const { entity, section } = selection;
  const { type, value } = entity.contentType;
  if (section !== 'content') return octetsOf(selection);
  if (type === 'text') return entity.text();
  if (type === 'multipart' || type === 'message') return entity.rawStream();
  throw new OptionError(
    'out',
    `this part is ${printable(value, 80)}, ${sizeLabel(entity)}; use --out FILE, or a pipe`,
  );
}
