// Messages from and to files and streams.
import { ReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  InvalidMessageError,
  LimitError,
  limits,
  OptionError,
  PosthornError,
  printable,
} from '../base/index.ts';
import { type ByteSource, concatBytes } from '../base/internal.ts';
import type { ParseOptions } from '../mime/index.ts';
import { randomToken } from '../mime/internal.ts';
import { type ContentStream, contentSource } from './content-source.ts';
import { checkChoice } from './field-checks.ts';
import { checkNames } from './known-names.ts';
import { checkFormat, formatOfPath, type MessageFormat } from './message-format.ts';
import { StoredFile } from './stored-file.ts';

/** How a message is loaded. */
export interface LoadOptions extends ParseOptions {
  /** The format of the source. Default: found out from its bytes. */
  readonly format?: MessageFormat | undefined;
  /**
   * What becomes of a mail that Outlook packed as TNEF (winmail.dat): `'open'` shows the text, HTML and attachments inside,
   * and it is written as it came until it is changed, then as a normal message; `'keep'` leaves winmail.dat an attachment.
   * Signed and encrypted mail and reports are kept. Default: `'open'`.
   */
  readonly tnef?: 'open' | 'keep' | undefined;
}

/** How a message is saved. */
export interface SaveOptions {
  /** The format. Default: by the path's extension. */
  readonly format?: MessageFormat | undefined;
  /**
   * Where the pictures of an HTML file go: into the file itself (`'embed'`), or with the attachments into a folder beside
   * it (`'folder'`). Default: `'embed'`.
   */
  readonly resources?: 'embed' | 'folder' | undefined;
  /** Whether HTML and MHT begin with a table of From, To, Date and Subject. Default: `false`. */
  readonly headerTable?: boolean | undefined;
}

/** Where a message is read from: a string is a path, never the message itself. */
export type MessageSource = string | URL | Uint8Array | ArrayBuffer | Blob | ContentStream;

/** The format to load from; `undefined` when it is to be found out. */
export function loadFormat(options: LoadOptions): MessageFormat | undefined {
  checkNames(options, { of: 'loading', names: loadNames, habits: new Map() });
  if (options.tnef !== undefined) checkChoice(options.tnef, ['open', 'keep'], 'tnef');
  return options.format && checkFormat(options.format);
}

/** The format to save in: the one that is asked for, or that the path's extension stands for. */
export function saveFormat(path: string, options: SaveOptions): MessageFormat {
  checkNames(options, { of: 'saving', names: saveNames, habits: new Map() });
  const { resources } = options;
  if (resources !== undefined) checkChoice(resources, ['embed', 'folder'], 'resources');
  return options.format === undefined ? formatOfPath(path) : checkFormat(options.format);
}

const saveNames: ReadonlySet<string> = new Set<keyof SaveOptions>([
  'format',
  'resources',
  'headerTable',
]);
const loadNames: ReadonlySet<string> = new Set<keyof LoadOptions>([
  'format',
  'tnef',
  'limits',
  'utf7',
  'fallbackCharset',
]);

/**
 * A file up to this size is read whole. Measured: reading it by ranges takes 2.6 times the time of reading it whole at
 * 1 MiB, 1.4 times at 4 MiB, and 1.2 times at 16 MiB; nearly all mail is smaller, and 4 MiB are memory to spare.
 */
const WHOLE_FILE_BYTES = 4_194_304;

/** The bytes of a source; of a large file, only what is asked for later. */
export async function openSource(source: MessageSource): Promise<Uint8Array | ByteSource> {
  if (typeof source === 'string' || source instanceof URL) return await openPath(source);
  if (typeof source === 'function') {
    throw new OptionError(
      'source',
      'A message is loaded from a path, bytes or a stream; call the function and give what it returns',
    );
  }
  return await collectBounded(contentSource(source, undefined, 'the message').open());
}

/** The bytes of a file; of a large one, only what is asked for later. */
export async function openPath(source: string | URL): Promise<Uint8Array | ByteSource> {
  const path = pathOf(source);
  try {
    const file = await open(path);
    try {
      const seen = await file.stat({ bigint: true });
      // Pipes and files of the system say that they have no size.
      const isLarge = seen.isFile() && seen.size > WHOLE_FILE_BYTES;
      return isLarge ? new StoredFile(path, seen) : await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw inaccessible('read', path, cause);
  }
}

/**
 * The path of a file stream that has not been opened yet, from beginning to end, in its place: the file itself can be read
 * faster. `undefined` for any other stream.
 */
export function takePath(stream: object): string | undefined {
  if (!(stream instanceof ReadStream) || !stream.pending || stream.destroyed) return undefined;
  const { start, end, flags } = stream as { start?: unknown; end?: unknown; flags?: unknown };
  const isWhole = start === undefined && end === Infinity && flags === 'r';
  const isUntouched = stream.readableEncoding === null && stream.readableFlowing === null;
  if (!isWhole || !isUntouched || typeof stream.path !== 'string') return undefined;
  // Whoever reads the file will tell when it can't be opened.
  stream.on('error', () => undefined).destroy();
  return resolve(stream.path);
}

/** A stream has no ranges: it is collected, as far as memory should go for it. */
async function collectBounded(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const kept: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > limits.streamBytes) {
      throw new LimitError(
        'streamBytes',
        limits.streamBytes,
        `The message from a stream is over the limit 'streamBytes' of ${limits.streamBytes}; ` +
          'write it to a file and load its path, which takes no memory',
      );
    }
    kept.push(chunk);
  }
  return concatBytes(kept);
}

function inaccessible(
  wish: 'read' | 'written',
  path: string | URL,
  cause: unknown,
): InvalidMessageError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new InvalidMessageError(
    'FILE_INACCESSIBLE',
    `The file '${printable(String(path))}' can't be ${wish} (${printable(reason)}); check the path and its permissions`,
    { cause },
  );
}

/** The path of a source that is a file. */
export function pathOfSource(source: MessageSource): string | undefined {
  return typeof source === 'string' || source instanceof URL ? pathOf(source) : undefined;
}

function pathOf(source: string | URL): string {
  if (source instanceof URL) {
    if (source.protocol === 'file:') return fileURLToPath(source);
    throw new OptionError(
      'source',
      `A message is loaded from a file: URL, not ${source.protocol}; fetch it first and load the response's body`,
    );
  }
  if (/[\n\0]/.test(source)) {
    throw new OptionError(
      'source',
      'A string is a path; read message text with MailMessage.parse(text)',
    );
  }
  return resolve(source);
}

/**
 * Writes a file whole or not at all: beside its place first, then renamed. Each chunk is written before the
 * next is asked for.
 */
export async function writeFileWhole(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
): Promise<void> {
  const temporary = `${resolve(path)}.${randomToken()}.tmp`;
  const file = await open(temporary, 'wx').catch((cause: unknown) => {
    throw inaccessible('written', path, cause);
  });
  try {
    for await (const chunk of chunks) await file.writeFile(chunk);
    await file.close();
    await rename(temporary, resolve(path));
  } catch (error) {
    await file.close();
    await rm(temporary, { force: true });
    throw error instanceof PosthornError ? error : inaccessible('written', path, error);
  }
}

/** A web stream of chunks; reading pulls them, cancelling stops their source. Nothing is opened before it is read. */
export function webStream(chunks: () => AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  let iterator: AsyncIterator<Uint8Array> | undefined;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        iterator ??= chunks()[Symbol.asyncIterator]();
        const next = await iterator.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel() {
        await iterator?.return?.();
      },
    },
    // Without it the first chunk is pulled at once: a file would stay open when nobody reads.
    { highWaterMark: 0 },
  );
}
