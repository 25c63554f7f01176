// A file on disk, read by ranges. It is opened for each reading and closed again, so that a message that is
// kept needs no descriptor; a file that is not the one that was first looked at is an error.
import { Buffer } from 'node:buffer';
import { type BigIntStats, closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { InvalidMessageError, PosthornError, printable } from '../base/index.ts';
import { type ByteSource, checkRange } from '../base/internal.ts';

// Each read is a round trip to another thread: larger ones gain nothing, smaller ones cost more.
const READ_BYTES = 524_288;

/** The octets of a file. */
export class StoredFile implements ByteSource {
  readonly size: number;
  readonly bytes: undefined = undefined;
  readonly #path: string;
  readonly #seen: BigIntStats;

  /** @param seen What the file was when it was first opened. */
  constructor(path: string, seen: BigIntStats) {
    this.#path = path;
    this.#seen = seen;
    this.size = Number(seen.size);
  }

  read(start: number, end: number): Uint8Array {
    checkRange(start, end);
    const target = Buffer.allocUnsafe(Math.max(0, Math.min(end, this.size) - start));
    if (target.length === 0) return target;
    return this.#reading(() => {
      const file = openSync(this.#path, 'r');
      try {
        let length = 0;
        while (length < target.length) {
          const got = readSync(file, target, length, chunkOf(target, length), start + length);
          if (got === 0) throw changed(this.#path);
          length += got;
        }
        this.#check(fstatSync(file, { bigint: true }));
      } finally {
        closeSync(file);
      }
      return target;
    });
  }

  stream(start: number, end: number): AsyncIterable<Uint8Array> {
    return this.#blocks(start, end, (length) => Buffer.allocUnsafeSlow(length));
  }

  pass(start: number, end: number): AsyncIterable<Uint8Array> {
    // Two in turn: while one is looked at, the other is read.
    const memory: Buffer[] = [];
    return this.#blocks(start, end, (length) => {
      const next = memory.length < 2 ? Buffer.allocUnsafeSlow(length) : memory.shift();
      if (next === undefined) throw new RangeError('two buffers take turns');
      memory.push(next);
      return next;
    });
  }

  async *#blocks(
    start: number,
    end: number,
    memory: (length: number) => Buffer,
  ): AsyncGenerator<Uint8Array> {
    let file: FileHandle | undefined;
    let next: Promise<Uint8Array> | undefined;
    try {
      file = await open(this.#path, 'r');
      const from = file;
      const readAt = (at: number): Promise<Uint8Array> | undefined => {
        if (at >= end) return undefined;
        const reading = this.#readBlock(from, at, Math.min(end - at, READ_BYTES), memory);
        // It may fail while the block before is still being looked at.
        reading.catch(() => {});
        return reading;
      };
      let at = start;
      next = readAt(at);
      while (next !== undefined) {
        const block: Uint8Array = await next;
        at += block.length;
        next = readAt(at);
        yield block;
      }
      this.#check(await file.stat({ bigint: true }));
    } catch (cause) {
      throw failed(this.#path, cause);
    } finally {
      await next?.catch(() => {});
      await file?.close();
    }
  }

  async #readBlock(
    file: FileHandle,
    at: number,
    length: number,
    memory: (length: number) => Buffer,
  ): Promise<Uint8Array> {
    const block = memory(length);
    const { bytesRead } = await file.read(block, 0, length, at);
    if (bytesRead === 0) throw changed(this.#path);
    return block.subarray(0, bytesRead);
  }

  #reading<T>(read: () => T): T {
    try {
      return read();
    } catch (cause) {
      throw failed(this.#path, cause);
    }
  }

  #check(now: BigIntStats): void {
    const { dev, ino, size, mtimeNs } = this.#seen;
    const isSame =
      now.dev === dev && now.ino === ino && now.size === size && now.mtimeNs === mtimeNs;
    if (!isSame) throw changed(this.#path);
  }
}

// The largest length that the system call takes is below 2 GiB.
const MOST_AT_ONCE = 1_073_741_824;

const chunkOf = (target: Buffer, done: number): number =>
  Math.min(target.length - done, MOST_AT_ONCE);

function changed(path: string): InvalidMessageError {
  return new InvalidMessageError(
    'FILE_CHANGED',
    `The file '${printable(path)}' is not the one that was loaded: it was changed or replaced meanwhile; load it again`,
  );
}

function failed(path: string, cause: unknown): PosthornError {
  if (cause instanceof PosthornError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const isGone = (cause as { code?: unknown } | undefined)?.code === 'ENOENT';
  if (isGone) return changed(path);
  return new InvalidMessageError(
    'FILE_INACCESSIBLE',
    `The file '${printable(path)}' can't be read (${printable(reason)}); check the path and its permissions`,
    { cause },
  );
}
