// How many connections a server bears: fewer after it has refused one, and more again as time goes by.

// Long enough for a server that counts connections by the minute, short enough for a user who waits.
const RECOVERY_MS = 10_000;

/** The bound on open connections, at least one. */
export class PoolSize {
  #max: number;
  #bound: number;
  #changedAt = 0;

  constructor(max: number) {
    this.#max = max;
    this.#bound = max;
  }

  /** The bound when the server has refused none. */
  get max(): number {
    return this.#max;
  }

  /** Callers want another bound. What the server has refused stays refused. */
  set max(max: number) {
    const isWhole = this.#bound === this.#max;
    this.#max = max;
    this.#bound = isWhole ? max : Math.min(this.#bound, max);
  }

  /** How many connections may be open at `now`. Each stretch of ten seconds without a refusal allows one more. */
  at(now: number): number {
    if (this.#bound === this.#max) return this.#max;
    const regained = Math.floor((now - this.#changedAt) / RECOVERY_MS);
    if (regained > 0) {
      this.#bound = Math.min(this.#max, this.#bound + regained);
      this.#changedAt += regained * RECOVERY_MS;
    }
    return this.#bound;
  }

  /** Milliseconds until one more is allowed; `Infinity` when all are. */
  waitMs(now: number): number {
    if (this.at(now) === this.#max) return Infinity;
    return this.#changedAt + RECOVERY_MS - now;
  }

  /** The server wants fewer than it has: `open` are left. */
  refused(open: number, now: number): void {
    this.#bound = Math.max(1, Math.min(this.#bound, open));
    this.#changedAt = now;
  }
}
