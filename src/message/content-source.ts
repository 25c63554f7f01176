// Where the bytes of a part come from: memory, a file, or a stream. Only here is a file of the caller's opened.
import { Buffer } from 'node:buffer';
import { accessSync, closeSync, constants, open, read } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { InvalidMessageError, PosthornError, printable } from '../base/index.ts';
import { collectBytes, utf8Bytes } from '../base/internal.ts';
import type { Rendered } from '../mime/index.ts';
import { fieldError, kindOf } from './field-checks.ts';

/** A stream of content: a Node `Readable`, a web `ReadableStream`, an async generator. */
export type ContentStream = AsyncIterable<Uint8Array | string> | ReadableStream<Uint8Array>;

/**
 * The content of an attachment. A stream can be read once; a function that opens a fresh one each time
 * lets the same message be sent again.
 */
export type ContentInput =
  | string
  | Uint8Array
  | ArrayBuffer
  | Blob
  | ContentStream
  | (() => ContentStream | Promise<ContentStream>);

/** Content that can be measured and read. */
export interface ContentSource {
  /** The octets, when they are in memory. */
  readonly bytes: Uint8Array | undefined;
  /** How many octets, when that is known. */
  readonly size: number | undefined;
  /** Whether `prepare` has to be called each time before the content is written. */
  readonly needsPreparing: boolean;
  /** Whether it can be read a single time: a stream that is given as such. Default: `false`. */
  readonly isOnce?: boolean;
  /** Makes sure the content can be read, and measures it; `outer` are the messages that it is being written into. */
  prepare(outer?: readonly ContentSource[]): Promise<void> | undefined;
  /** The octets as they are read; what is yielded belongs to the caller. */
  open(): AsyncIterable<Uint8Array>;
  /** The same in memory that is written over when the next chunk is asked for. Default: as `open`. */
  readonly pass?: () => AsyncIterable<Uint8Array>;
  /** All octets in one array. Default: `open`, collected. */
  readonly whole?: () => Promise<Uint8Array>;
}

// Each read is a round trip to another thread: 1 MiB costs half of what 256 KiB does, and more gains nothing.
const READ_BYTES = 1_048_576;

/** Octets in memory; not copied, so they must not change until the message is sent. */
function memorySource(bytes: Uint8Array): ContentSource {
  return {
    bytes,
    size: bytes.length,
    needsPreparing: false,
    prepare: () => undefined,
    open: async function* () {
      yield bytes;
    },
  };
}

/** A file, read as it is sent; a relative path is resolved now. */
export function fileSource(path: string | URL): ContentSource {
  const file = path instanceof URL ? filePathOf(path) : resolve(path);
  let size: number | undefined;
  return {
    bytes: undefined,
    get size() {
      return size;
    },
    needsPreparing: true,
    prepare: async () => {
      size = await measure(file);
    },
    open: async function* () {
      for await (const block of readFile(file, size)) yield Buffer.from(block);
    },
    pass: () => readFile(file, size),
  };
}

/** A stream that can be read once, or a function that opens a fresh one; `name` tells the part in errors. */
function streamSource(
  content: ContentStream | (() => ContentStream | Promise<ContentStream>),
  size: number | undefined,
  name: string,
): ContentSource {
  let used = false;
  let broken: unknown;
  // A stream that breaks before it is read must end this message, not the process.
  if (typeof content === 'object' && 'once' in content && typeof content.once === 'function') {
    content.once('error', (error: unknown) => {
      broken = error;
    });
  }
  const check = (): void => {
    if (typeof content === 'function') return;
    if (broken !== undefined) throw streamBroken(name, broken);
    if (used || isSpent(content)) throw alreadyRead(name);
  };
  const take = (): ContentStream | Promise<ContentStream> => {
    if (typeof content === 'function') return content();
    check();
    used = true;
    return content;
  };
  return {
    bytes: undefined,
    size,
    needsPreparing: true,
    isOnce: typeof content !== 'function',
    // A stream that was used up or broke is found out before the message is on its way.
    prepare: () => {
      check();
      return undefined;
    },
    open: () => readStream(take, name),
  };
}

/**
 * A message that is not in memory is read into it up to this size, since RFC 2046 section 5.2.1 wants it
 * unencoded; a larger one is streamed as base64.
 */
export const MESSAGE_IN_MEMORY_BYTES = 16_777_216;

/** A whole message, written anew each time it is needed; `outer` are the messages that it is being written into. */
export function renderedSource(
  write: (outer: readonly ContentSource[]) => Promise<Rendered>,
): ContentSource {
  let bytes: Uint8Array | undefined;
  let size: number | undefined;
  const source: ContentSource = {
    get bytes() {
      return bytes;
    },
    get size() {
      return size;
    },
    needsPreparing: true,
    prepare: async (outer = []) => {
      // Without this, a message that holds itself would be written for ever.
      if (outer.includes(source)) {
        throw fieldError(
          'attachment',
          'is a message that holds itself; attach a copy: MailMessage.parse(await message.toBytes())',
        );
      }
      const rendered = await write([...outer, source]);
      size = octetsOf(rendered);
      const isSmall = (size ?? 0) <= MESSAGE_IN_MEMORY_BYTES;
      bytes = isSmall ? await collectBytes(rendered.chunks()) : undefined;
      size = bytes?.length ?? size;
    },
    open: async function* () {
      yield* (await write([source])).chunks();
    },
  };
  return source;
}

/** Octets as they are, not as they are counted on the wire; `undefined` when a part's size is not known. */
function octetsOf({ segments }: Rendered): number | undefined {
  let octets = 0;
  for (const segment of segments) {
    const more = segment instanceof Uint8Array ? segment.length : segment.size;
    if (more === undefined) return undefined;
    octets += more;
  }
  return octets;
}

/** The source that `content` stands for; `name` tells the part in errors. */
export function contentSource(
  content: ContentInput,
  size: number | undefined,
  name: string,
): ContentSource {
  if (typeof content === 'string') return memorySource(utf8Bytes(content));
  if (content instanceof Uint8Array) return memorySource(content);
  if (content instanceof ArrayBuffer) return memorySource(new Uint8Array(content));
  if (content instanceof Blob) return streamSource(() => content.stream(), content.size, name);
  if (typeof content === 'function' || isStream(content)) return streamSource(content, size, name);
  throw fieldError(
    name,
    `has content that can't be read (${kindOf(content)}); give a string, Uint8Array, Blob, stream, ` +
      'or a function that opens a stream',
  );
}

function isStream(value: unknown): value is ContentStream {
  if (typeof value !== 'object' || value === null) return false;
  return Symbol.asyncIterator in value || 'getReader' in value;
}

/** Whether a Node stream has ended or was destroyed, or a web stream is being read by another. */
function isSpent(stream: ContentStream): boolean {
  const state = stream as { destroyed?: unknown; readableEnded?: unknown; locked?: unknown };
  return state.destroyed === true || state.readableEnded === true || state.locked === true;
}

function filePathOf(url: URL): string {
  if (url.protocol === 'file:') return fileURLToPath(url);
  throw fieldError(
    'attachment path',
    `must be a file, got a ${url.protocol} URL; fetch it first and give the response's body as content`,
  );
}

async function measure(file: string): Promise<number | undefined> {
  let complaint = 'is a directory; attach the files in it';
  try {
    const found = await stat(file);
    // Its directory and the file's own entry were read just now.
    accessSync(file, constants.R_OK);
    if (found.isFile()) return found.size;
    if (!found.isDirectory()) return undefined;
  } catch (cause) {
    const reason = printable((cause as Error).message);
    complaint = `can't be read (${reason}); check the path and its permissions`;
    throw unreadable(`The attachment file '${printable(file)}' ${complaint}`, cause);
  }
  throw unreadable(`The attachment file '${printable(file)}' ${complaint}`);
}

const openFile = promisify(open);
const readInto = promisify(read);

/** The file in blocks, `size` being what it was measured to have; each is written over by the next. */
async function* readFile(file: string, size = READ_BYTES): AsyncGenerator<Uint8Array> {
  let handle: number | undefined;
  try {
    handle = await openFile(file, 'r');
    // Files of the system (/proc) say 0 and hold something.
    const length = size === 0 ? READ_BYTES : Math.min(READ_BYTES, size + 1);
    const block = Buffer.allocUnsafeSlow(length);
    for (let read = 0; ; ) {
      const { bytesRead } = await readInto(handle, block, 0, length, null);
      if (bytesRead === 0) return;
      yield block.subarray(0, bytesRead);
      read += bytesRead;
      // There was room for one octet more, and none came.
      if (read === size && bytesRead < length) return;
    }
  } catch (cause) {
    throw contentFailed(`the file '${printable(file)}'`, cause);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

async function* readStream(
  take: () => ContentStream | Promise<ContentStream>,
  name: string,
): AsyncGenerator<Uint8Array> {
  try {
    const stream = await take();
    const chunks = Symbol.asyncIterator in stream ? stream : readWebStream(stream);
    for await (const chunk of chunks) yield bytesOf(chunk, name);
  } catch (cause) {
    throw contentFailed(name, cause);
  }
}

async function* readWebStream(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel();
  }
}

function bytesOf(chunk: unknown, name: string): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk === 'string') return utf8Bytes(chunk);
  throw contentFailed(name, new TypeError(`The stream yielded ${kindOf(chunk)} instead of bytes`));
}

function contentFailed(name: string, cause: unknown): PosthornError {
  if (cause instanceof PosthornError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new InvalidMessageError(
    'MESSAGE_CONTENT_FAILED',
    `Reading ${name} failed (${printable(reason)}), so the message is not complete`,
    { cause },
  );
}

function streamBroken(name: string, cause: unknown): InvalidMessageError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return unreadable(`The stream of ${name} can't be read (${reason}); open it again`, cause);
}

function alreadyRead(name: string): InvalidMessageError {
  return unreadable(
    `The stream of ${name} was read before and can't be read again; ` +
      'give a path, bytes, or a function that opens a fresh stream',
  );
}

function unreadable(message: string, cause?: unknown): InvalidMessageError {
  return new InvalidMessageError('MESSAGE_ATTACHMENT_UNREADABLE', message, { cause });
}
