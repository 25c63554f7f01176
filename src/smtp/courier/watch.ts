// One timer for a connection, however many messages pass: it is set when it rings too early, not for each reply.

/** Rings when what is awaited has taken too long. */
export class Watch {
  readonly #ring: () => void;
  #endsAt = Infinity;
  #ringsAt = Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** Waiting begins anew, for `ms` at most. */
  start(ms: number): void {
    this.#endsAt = performance.now() + ms;
    if (this.#endsAt < this.#ringsAt) this.#arm(ms);
  }

  /** Nothing is awaited. */
  stop(): void {
    this.#endsAt = Infinity;
  }

  /** Nothing will be awaited any more. */
  end(): void {
    this.stop();
    clearTimeout(this.#timer);
  }

  #arm(ms: number): void {
    clearTimeout(this.#timer);
    this.#ringsAt = this.#endsAt;
    this.#timer = setTimeout(() => this.#expire(), Math.min(Math.ceil(ms), LONGEST_TIMER_MS));
    this.#timer.unref();
  }

  #expire(): void {
    this.#ringsAt = Infinity;
    const left = this.#endsAt - performance.now();
    if (left === Infinity) return;
    if (left > 0) {
      this.#arm(left);
      return;
    }
    // One turn of the event loop more: what has arrived while the program was busy still counts.
    setImmediate(() => {
      if (this.#endsAt <= performance.now()) this.#ring();
      else if (this.#endsAt < Infinity) this.start(this.#endsAt - performance.now());
    });
  }
}

// Longer waits overflow Node's timers and would end at once.
const LONGEST_TIMER_MS = 2 ** 31 - 1;
