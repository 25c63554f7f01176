// What Redis says when something goes wrong, as an error of the outbox.
import { OutboxError, PosthornError, printable } from '../../../base/index.ts';

/** The error of a step that failed. Errors of ours, and of a caller's content, stay as they are. */
export function storeFailure(given: unknown): unknown {
  if (given instanceof PosthornError || !(given instanceof Error)) return given;
  const cause = bare(given);
  const { message, name } = cause;
  const reason = printable(message === '' ? name : message);
  if (/\bOOM\b|MISCONF/.test(message)) {
    return new OutboxError(
      'OUTBOX_STORE_FULL',
      `Redis has no room, or can't write to its disk (${reason}); make room and enqueue again`,
      { cause, retryable: true },
    );
  }
  const isWrong = /NOAUTH|WRONGPASS|NOPERM|WRONGTYPE|unknown command|ERR invalid/i.test(message);
  return new OutboxError(
    'OUTBOX_STORE_FAILED',
    `Redis failed (${reason}); ${
      isWrong ? 'check the URL, the user and its rights' : 'the same call may succeed later'
    }`,
    { cause, retryable: !isWrong },
  );
}

// The client's errors carry the command with its arguments: passwords, and messages.
function bare({ name, message, stack }: Error): Error {
  return Object.assign(new Error(message), { name, ...(stack !== undefined && { stack }) });
}
