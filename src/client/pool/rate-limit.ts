// How many messages may begin in a stretch of time. A clock is all it knows.

/** So many messages in so many milliseconds. */
export interface Rate {
  /** How many messages may begin in `perMs`. */
  readonly messages: number;
  /** The stretch of time, in milliseconds. */
  readonly perMs: number;
}

/** Holds in every stretch of `perMs`, wherever it begins: no burst at the border of two seconds. */
export class RateLimit {
  readonly #perMs: number;
  // The last `messages` beginnings, as a ring: the oldest is overwritten by the next.
  readonly #begun: Float64Array;
  #next = 0;

  constructor({ messages, perMs }: Rate) {
    this.#perMs = perMs;
    this.#begun = new Float64Array(messages).fill(-Infinity);
  }

  /** Milliseconds until another message may begin; 0 when it may now. */
  waitMs(now: number): number {
    const oldest = this.#begun[this.#next] ?? -Infinity;
    return Math.max(0, oldest + this.#perMs - now);
  }

  /** A message begins. */
  count(now: number): void {
    this.#begun[this.#next] = now;
    this.#next = (this.#next + 1) % this.#begun.length;
  }
}
