// Finds out when the wall clock jumps: was set, or the machine slept. Leases seem to have run out then that have not.

// What clocks differ by anyway.
const LEAST_JUMP_MS = 5000;

/** Compares the wall clock with the monotonic one. */
export class ClockWatch {
  readonly #wall: () => number;
  readonly #steady: () => number;
  #offset: number;
  #shyUntil = -Infinity;

  constructor(wall: () => number, steady: () => number = () => performance.now()) {
    this.#wall = wall;
    this.#steady = steady;
    this.#offset = wall() - steady();
  }

  /** By how much the clock has jumped since the last look, in milliseconds; 0: it has not. After a jump nobody is taken over for `shyMs`. */
  look(shyMs: number): number {
    const offset = this.#wall() - this.#steady();
    const by = offset - this.#offset;
    this.#offset = offset;
    if (Math.abs(by) < LEAST_JUMP_MS) return 0;
    this.#shyUntil = this.#steady() + shyMs;
    return by;
  }

  /** Whether a lease that seems to have run out has. */
  get isTrusted(): boolean {
    return this.#steady() >= this.#shyUntil;
  }
}
