// How long a job may take and who may end it. Every wait on a connection goes through here.
import type { ErrorContext, Stage } from '../base/index.ts';
import { PosthornError, TimeoutError } from '../base/index.ts';
import { timeoutMessage } from './timeout-message.ts';

const noContext = (): ErrorContext => ({});
// Longer waits overflow Node's timers and would end at once.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * A point on the monotonic clock and an `AbortSignal`, handed down from the call to every wait on its
 * way. Bytes that arrive do not move it.
 */
export class Deadline {
  /** Ends the job from outside; `undefined` when the caller gave none. */
  readonly signal: AbortSignal | undefined;
  #endsAt: number;
  readonly #timeoutMs: number;
  readonly #option: string;

  /** Without a limit of its own: only `signal` ends it. Use {@link Deadline.within} to set a bound. */
  constructor(signal?: AbortSignal, timeoutMs: number = Infinity, option = '') {
    this.signal = signal;
    this.#timeoutMs = timeoutMs;
    this.#option = option;
    this.#endsAt = performance.now() + timeoutMs;
  }

  /** The same job with `timeoutMs` from now at most; `option` is the name of the setting that says so. */
  within(timeoutMs: number, option: string): Deadline {
    return timeoutMs < this.remainingMs ? new Deadline(this.signal, timeoutMs, option) : this;
  }

  /** The same job, which `signal` may end as well. */
  or(signal: AbortSignal): Deadline {
    const either = this.signal ? AbortSignal.any([this.signal, signal]) : signal;
    const same = new Deadline(either, this.#timeoutMs, this.#option);
    same.#endsAt = this.#endsAt;
    return same;
  }

  /** Milliseconds left; `Infinity` without a bound, never negative. */
  get remainingMs(): number {
    return Math.max(0, this.#endsAt - performance.now());
  }

  /** Throws when the signal has been aborted; call it before doing what can't be undone. */
  check(stage: Stage, context: () => ErrorContext = noContext): void {
    if (this.signal?.aborted) throw abortedError(stage, this.signal, context());
  }

  /**
   * Settles as `work` does, or rejects with a {@link TimeoutError} or an `ABORTED` error that names
   * `stage`. It can't stop `work`: the caller destroys what `work` waits for.
   */
  wait<T>(stage: Stage, work: Promise<T>, context: () => ErrorContext = noContext): Promise<T> {
    const { signal } = this;
    if (signal === undefined && this.#timeoutMs === Infinity) return work;
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      let isOver = false;
      const end = (): void => {
        isOver = true;
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      const onAbort = (): void => {
        end();
        reject(abortedError(stage, signal, context()));
      };
      const onExpired = (): void => {
        if (isOver) return;
        end();
        reject(timeoutError(stage, this.#timeoutMs, this.#option, context()));
      };
      work.then(
        (value) => {
          end();
          resolve(value);
        },
        (error: unknown) => {
          end();
          reject(error);
        },
      );
      if (signal?.aborted) return onAbort();
      signal?.addEventListener('abort', onAbort);
      if (this.#timeoutMs === Infinity) return;
      // One turn of the event loop more: what has arrived while the program was busy still counts.
      const expire = (): unknown => setImmediate(onExpired);
      timer = setTimeout(expire, Math.min(Math.ceil(this.remainingMs), LONGEST_TIMER_MS));
    });
  }
}

/** A step took longer than the option named `option` allows. */
export function timeoutError(
  stage: Stage,
  timeoutMs: number,
  option: string,
  known: ErrorContext,
): TimeoutError {
  // Once the server may have the message, only the caller can say whether to try again.
  const details = { ...known, retryable: known.delivered !== 'unknown', stage };
  const message = timeoutMessage(stage, timeoutMs, option, details);
  return new TimeoutError('TIMEOUT', message, details);
}

/** The caller's signal ended the call. */
export function abortedError(
  stage: Stage,
  signal: AbortSignal | undefined,
  details: ErrorContext,
): PosthornError {
  const fate =
    details.delivered === 'unknown'
      ? 'the message may have been delivered'
      : 'nothing was delivered';
  return new PosthornError(
    'ABORTED',
    `The caller's signal ended the call (stage '${stage}'); ${fate}`,
    { ...details, retryable: false, stage, cause: signal?.reason },
  );
}
