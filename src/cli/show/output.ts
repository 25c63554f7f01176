// Where a view goes: a file, a pipe, or a terminal, which must not obey what stands in mail.
import { open } from 'node:fs/promises';
import { OptionError } from '../../base/index.ts';
import type { CliIo } from '../io.ts';
import { isPathError, isSystemError, systemErrorText } from '../system-error.ts';
import { printableText } from '../text.ts';

/** Text or octets, whole or piece by piece. */
export type ViewContent = string | Uint8Array | AsyncIterable<Uint8Array>;

/** Writes content of a mail: into a file or a pipe as it is, on a terminal with control characters made visible. */
export async function writeContent(
  content: ViewContent,
  io: CliIo,
  path: string | undefined,
): Promise<void> {
  if (path !== undefined) await writeFile(path, content);
  else if (io.stdout.isTTY) await writeToTerminal(content, io);
  else for await (const piece of pieces(content)) await io.stdout.write(piece);
}

/** Writes what was put together for people or programs, safe to print as it is. */
export async function writeView(text: string, io: CliIo, path: string | undefined): Promise<void> {
  if (path === undefined) await io.stdout.write(text);
  else await writeFile(path, text);
}

async function writeFile(path: string, content: ViewContent): Promise<void> {
  try {
    const file = await open(path, 'w');
    try {
      for await (const piece of pieces(content)) await file.appendFile(piece);
    } finally {
      await file.close();
    }
  } catch (error) {
    // A wrong path to write to is a wrong option, not a missing input.
    if (!isSystemError(error) || !isPathError(error)) throw error;
    throw new OptionError('out', `--out ${systemErrorText(error)}`);
  }
}

async function writeToTerminal(content: ViewContent, io: CliIo): Promise<void> {
  const decoder = new TextDecoder();
  let held = '';
  let last = '';
  const show = async (text: string): Promise<void> => {
    if (text === '') return;
    last = text;
    await io.stdout.write(printableText(text));
  };
  for await (const piece of pieces(content)) {
    const text =
      held + (typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true }));
    // CRLF may be cut between two pieces.
    held = text.endsWith('\r') ? '\r' : '';
    await show(held === '' ? text : text.slice(0, -1));
  }
  await show(held + decoder.decode());
  if (!last.endsWith('\n')) await io.stdout.write('\n');
}

async function* pieces(content: ViewContent): AsyncGenerator<string | Uint8Array> {
  if (typeof content === 'string' || content instanceof Uint8Array) yield content;
  else yield* content;
}
