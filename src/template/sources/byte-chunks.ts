// The octets of a table, chunk by chunk: from a file, from memory, from a stream.
import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InvalidMessageError, OptionError, printable } from '../../base/index.ts';
import { utf8Bytes } from '../../base/internal.ts';
import { kindOf } from '../../message/internal.ts';

/** Where a table is read from: a string is a path, never the table itself. */
export type TableSource =
  | string
  | URL
  | Uint8Array
  | ArrayBuffer
  | Blob
  | AsyncIterable<Uint8Array | string>
  | ReadableStream<Uint8Array>;

/** The octets of a source, as they are read. */
export async function* byteChunks(source: TableSource): AsyncGenerator<Uint8Array> {
  if (typeof source === 'string' || source instanceof URL) yield* fileChunks(source);
  else if (source instanceof Uint8Array) yield source;
  else if (source instanceof ArrayBuffer) yield new Uint8Array(source);
  else if (source instanceof Blob) yield* webChunks(source.stream());
  else if (isObject(source) && Symbol.asyncIterator in source) yield* textOrBytes(source);
  else if (isObject(source) && 'getReader' in source) yield* webChunks(source);
  else {
    throw new OptionError(
      'source',
      `A table is read from a path, a URL, bytes, a Blob or a stream, got ${kindOf(source)}`,
    );
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

async function* fileChunks(path: string | URL): AsyncGenerator<Uint8Array> {
  const file = path instanceof URL ? fileURLToPath(path) : path;
  if (/[\r\n]/.test(file)) {
    throw new OptionError(
      'source',
      'A string is the path of a table; give the table itself as bytes: Buffer.from(text)',
    );
  }
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 262_144 })) {
      yield chunk as Uint8Array;
    }
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    throw new InvalidMessageError(
      'FILE_INACCESSIBLE',
      `The file '${printable(file, 200)}' can't be read (${printable(message, 200)}); check the path and its permissions`,
      { cause },
    );
  }
}

async function* textOrBytes(source: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    if (chunk instanceof Uint8Array) yield chunk;
    else if (typeof chunk === 'string') yield utf8Bytes(chunk);
    else
      throw new OptionError('source', `The stream gave ${kindOf(chunk)} instead of bytes or text`);
  }
}

async function* webChunks(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel();
  }
}
