// What ends a call before it reaches a connection.
import { ConnectionError, PosthornError } from '../base/index.ts';

/** The error of a call whose signal was aborted before anything was sent. */
export function aborted(signal: AbortSignal): PosthornError {
  return new PosthornError(
    'ABORTED',
    "The caller's signal ended the call before a connection was ready; nothing was sent",
    { cause: signal.reason },
  );
}

/** What ended the sending of many messages when a signal did. */
export function endedBySignal(signal: AbortSignal): PosthornError {
  return new PosthornError(
    'ABORTED',
    "The caller's signal ended the sending; what was under way has its outcome, the rest was not attempted",
    { cause: signal.reason },
  );
}

/** The error of messages whose outcome nobody waits for any more. */
export function leftEarly(): PosthornError {
  return new PosthornError(
    'ABORTED',
    'The caller left the loop over the outcomes; nothing was sent',
  );
}

/** The error of a call that came after `close`. */
export function clientClosed(): ConnectionError {
  return new ConnectionError(
    'CLIENT_CLOSED',
    'The client has been closed by this program; make a new one, or close it after the last message',
  );
}
