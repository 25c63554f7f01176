// What PostgreSQL says when something goes wrong, as an error of the outbox.
import { OutboxError, PosthornError, printable } from '../../../base/index.ts';

// SQLSTATE classes and codes of what passes: connection, resources, shutdown, a lock or conflict.
const PASSING = /^(?:08|53|57P|40|55P03|25006)/;
const FULL = '53100';

/** The error of a step that failed. Errors of ours, and of a caller's content, stay as they are. */
export function storeFailure(cause: unknown): unknown {
  if (cause instanceof PosthornError || !(cause instanceof Error)) return cause;
  const { code } = cause as NodeJS.ErrnoException;
  const reason = printable(cause.message === '' ? (code ?? cause.name) : cause.message);
  if (code === FULL) {
    return new OutboxError(
      'OUTBOX_STORE_FULL',
      `The outbox's database has no room (${reason}); make room and enqueue again`,
      { cause, retryable: true },
    );
  }
  const isState = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
  const retryable = isState ? PASSING.test(code) : true;
  return new OutboxError(
    'OUTBOX_STORE_FAILED',
    `The outbox's database failed (${reason}); ${
      retryable ? 'the same call may succeed later' : 'check the URL, the user and its rights'
    }`,
    { cause, retryable },
  );
}
