// Files that are there whole or not at all, also after a loss of power.
import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
import { PosthornError, printable } from '../base/index.ts';

/** Who writes the file. */
export interface DurableFile {
  /** Where it will be; nothing may be there. */
  readonly path: string;
  /** Where it is written first, on the same disk. */
  readonly temporary: string;
  /** Its permissions. */
  readonly mode: number;
  /** What it holds; each chunk is written before the next is asked for. */
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
// Worth another try later without a change: no room, no descriptors, a disk that failed, quota.
const PASSING: ReadonlySet<string> = new Set([
  'ENOSPC',
  'EDQUOT',
  'EIO',
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'EAGAIN',
  'EBUSY',
  'ESTALE',
]);

/**
 * Writes the file, makes it durable, then gives it its name, and makes that durable.
 *
 * @throws {@link PosthornError} `FILE_INACCESSIBLE`: with `delivered: 'unknown'` when the file has its name and nobody
 * knows whether it would have it after a loss of power; what `chunks` throws.
 */
export async function writeDurably(plan: DurableFile): Promise<void> {
  const { path, temporary, mode, chunks } = plan;
  const file = await open(temporary, CREATE | (constants.O_NOFOLLOW ?? 0), mode).catch(
    (cause: unknown) => {
      throw notWritten(path, cause);
    },
  );
  try {
    await writeAll(file, chunks);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error instanceof PosthornError ? error : notWritten(path, error);
  }
  await syncFolder(dirname(path)).catch((cause: unknown) => {
    throw notWritten(path, cause, 'unknown');
  });
}

async function writeAll(file: FileHandle, chunks: DurableFile['chunks']): Promise<void> {
  try {
    for await (const chunk of chunks) await file.writeFile(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

// A name is durable when its directory is; Windows has no such thing to ask for.
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The file can't be written. */
function notWritten(
  path: string,
  cause: unknown,
  delivered: 'no' | 'unknown' = 'no',
): PosthornError {
  const { code = '', message = String(cause) } = (cause ?? {}) as NodeJS.ErrnoException;
  const fate =
    delivered === 'unknown'
      ? "the message may be there all the same: look before it's written again"
      : 'check the directory, its permissions and the room on its disk';
  return new PosthornError(
    'FILE_INACCESSIBLE',
    `The file '${printable(path)}' can't be written (${printable(message)}); ${fate}`,
    { cause, delivered, retryable: delivered === 'no' && PASSING.has(code) },
  );
}
