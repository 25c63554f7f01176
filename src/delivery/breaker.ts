// When to leave a road alone, and when to try it again. No clock of its own.

/** How soon a road counts as dead, and for how long. */
export interface BreakerOptions {
  /** After how many failures in a row. Default: `3`. */
  readonly failures?: number | undefined;
  /** For how long at first, in milliseconds; each probe that fails doubles it. Default: `30_000`. */
  readonly pauseMs?: number | undefined;
  /** The longest it gets, in milliseconds. Default: `900_000`, a quarter of an hour. */
  readonly maxPauseMs?: number | undefined;
}

/** Open after failures in a row; then one call at a time finds out whether it works again. */
export class Breaker {
  readonly #failures: number;
  readonly #pauseMs: number;
  readonly #maxPauseMs: number;
  #inARow = 0;
  #pauses = 0;
  #openUntil = 0;
  #isProbing = false;

  constructor({ failures = 3, pauseMs = 30_000, maxPauseMs = 900_000 }: BreakerOptions) {
    this.#failures = failures;
    this.#pauseMs = pauseMs;
    this.#maxPauseMs = maxPauseMs;
  }

  /** Until when it is open; 0 when it is not. */
  get openUntil(): number {
    return this.#openUntil;
  }

  /** Whether a call may go there at `now`. After a pause it is a probe, and there is one at a time. */
  isUsable(now: number): boolean {
    if (this.#openUntil === 0) return true;
    return now >= this.#openUntil && !this.#isProbing;
  }

  /** A call goes there. */
  begin(): void {
    if (this.#openUntil !== 0) this.#isProbing = true;
  }

  /** It worked, or failed by the message's own fault. */
  succeed(): void {
    this.#inARow = 0;
    this.#pauses = 0;
    this.#openUntil = 0;
    this.#isProbing = false;
  }

  /** It failed by the road's fault. */
  fail(now: number): void {
    this.#inARow += 1;
    const wasOpen = this.#openUntil !== 0;
    this.#isProbing = false;
    if (this.#inARow < this.#failures && !wasOpen) return;
    const pause = Math.min(this.#pauseMs * 2 ** this.#pauses, this.#maxPauseMs);
    this.#pauses += 1;
    this.#openUntil = now + pause;
  }
}
