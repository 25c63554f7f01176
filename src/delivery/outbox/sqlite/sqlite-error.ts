// What SQLite's result codes mean for the outbox.
import { OutboxError, PosthornError, printable } from '../../../base/index.ts';

/** Whether another connection has the lock just now. */
export function isBusy(error: unknown): boolean {
  return /^SQLITE_(?:BUSY|LOCKED)/.test(codeOf(error));
}

/** The error as those who wait see it. */
export function storeError(error: unknown, path: string): PosthornError {
  if (error instanceof PosthornError) return error;
  const code = codeOf(error);
  const reason = printable(error instanceof Error ? error.message : String(error));
  const file = `the outbox ${printable(path)}`;
  if (code.startsWith('SQLITE_FULL')) {
    return new OutboxError(
      'OUTBOX_STORE_FULL',
      `There is no room in ${file}; the message was not accepted: make room on the disk and enqueue it again`,
      { cause: error, retryable: true },
    );
  }
  if (/^SQLITE_(?:CORRUPT|NOTADB)/.test(code)) {
    return new OutboxError(
      'OUTBOX_DAMAGED',
      `${file} is damaged (${reason}); nothing of it was deleted: keep the file, and recover it with sqlite3's .recover`,
      { cause: error },
    );
  }
  if (isBusy(error)) {
    return new OutboxError(
      'OUTBOX_STORE_FAILED',
      `Another process has kept ${file} locked for too long; try again, or look who holds it`,
      { cause: error, retryable: true },
    );
  }
  const isRetryable = code.startsWith('SQLITE_IOERR');
  return new OutboxError(
    'OUTBOX_STORE_FAILED',
    `${file} can't be read or written (${reason}); look at its folder's permissions and at the disk`,
    { cause: error, retryable: isRetryable },
  );
}

function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : '';
}
