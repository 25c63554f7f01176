// Whether the disk has room: asked before a message is accepted, so that what becomes of those accepted can still be noted.
import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { OutboxError, printable } from '../../../base/index.ts';

// What has to stay free.
const RESERVE_BYTES = 33_554_432;
const ASK_EVERY_MS = 1000;

/** Tells when there is no room for another message. */
export interface FreeSpace {
  /** Throws an `OutboxError` `OUTBOX_STORE_FULL` when there is none. */
  check(): void;
}

/** The room on the disk of a file. */
export function freeSpaceAt(path: string): FreeSpace {
  let askedAt = -Infinity;
  let free = Infinity;
  return {
    check: () => {
      const now = performance.now();
      if (now - askedAt > ASK_EVERY_MS) {
        askedAt = now;
        free = freeBytes(dirname(path));
      }
      if (free >= RESERVE_BYTES) return;
      // Room may have been made since.
      askedAt = -Infinity;
      throw new OutboxError(
        'OUTBOX_STORE_FULL',
        `The disk of the outbox ${printable(path)} has only ${free} octets left, and what becomes of the messages in it needs some; the message was not accepted: make room and enqueue it again`,
        { retryable: true },
      );
    },
  };
}

function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    // Not every file system tells.
    return Infinity;
  }
}
