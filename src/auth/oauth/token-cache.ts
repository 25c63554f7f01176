// Keeps a token as long as it is good, and replaces it once for everybody who waits.
import { PosthornError } from '../../base/index.ts';
import type { AccessToken, TokenRequest } from './token-provider.ts';

interface Kept {
  readonly token: AccessToken;
  /** When it should be replaced, by `Date.now()`. */
  readonly refreshAt: number;
}

interface Pending {
  readonly work: Promise<AccessToken>;
  readonly abandoned: AbortController;
  waiters: number;
}

/** One token and at most one request for the next. */
export class TokenCache {
  readonly #obtain: (abandoned: AbortSignal) => Promise<AccessToken>;
  readonly #earlyMs: number;
  #kept: Kept | undefined;
  #pending: Pending | undefined;

  /** @param obtain Gets a new token; its signal says that nobody waits for it any more. */
  constructor(obtain: (abandoned: AbortSignal) => Promise<AccessToken>, earlyMs = 60_000) {
    this.#obtain = obtain;
    this.#earlyMs = earlyMs;
  }

  /** A token that is good now. One waiter's signal does not end the work of the others. */
  async get({ forceRefresh = false, signal }: TokenRequest = {}): Promise<AccessToken> {
    if (signal?.aborted) throw aborted(signal);
    const kept = this.#kept;
    if (kept && !forceRefresh && Date.now() < kept.refreshAt) return kept.token;
    try {
      return await this.#join(signal);
    } catch (error) {
      // A server that can't be reached just now is no reason to stop before the old token's end.
      const mayKeep = kept && !forceRefresh && !signal?.aborted && isTemporary(error);
      if (mayKeep && isGood(kept.token)) return kept.token;
      throw error;
    }
  }

  async #join(signal: AbortSignal | undefined): Promise<AccessToken> {
    const pending = this.#pending ?? this.#start();
    pending.waiters++;
    let onAbort: (() => void) | undefined;
    try {
      if (!signal) return await pending.work;
      const ended = new Promise<never>((_, reject) => {
        onAbort = (): void => reject(aborted(signal));
        signal.addEventListener('abort', onAbort);
      });
      return await Promise.race([pending.work, ended]);
    } finally {
      if (onAbort) signal?.removeEventListener('abort', onAbort);
      pending.waiters--;
      if (pending.waiters === 0) pending.abandoned.abort();
    }
  }

  #start(): Pending {
    const abandoned = new AbortController();
    const work = this.#obtain(abandoned.signal).then((token) => {
      this.#kept = { token, refreshAt: refreshTime(token, this.#earlyMs) };
      return token;
    });
    const pending: Pending = { work, abandoned, waiters: 0 };
    const done = (): void => {
      if (this.#pending === pending) this.#pending = undefined;
    };
    // Also when everybody has left before it failed.
    work.then(done, done);
    this.#pending = pending;
    return pending;
  }
}

function refreshTime({ expiresAt }: AccessToken, earlyMs: number): number {
  if (!expiresAt) return Number.POSITIVE_INFINITY;
  const life = expiresAt.getTime() - Date.now();
  return expiresAt.getTime() - Math.min(earlyMs, life / 2);
}

function isGood({ expiresAt }: AccessToken): boolean {
  return expiresAt !== undefined && Date.now() < expiresAt.getTime();
}

function isTemporary(error: unknown): boolean {
  return error instanceof PosthornError && error.retryable;
}

function aborted(signal: AbortSignal): PosthornError {
  return new PosthornError(
    'ABORTED',
    "The caller's signal ended the call (stage 'auth'); nothing was delivered",
    { stage: 'auth', cause: signal.reason },
  );
}
