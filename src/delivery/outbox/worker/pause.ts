// Whether the transport is left alone: on request, or because its credentials or options have to be seen to.
import type { PosthornError } from '../../../base/index.ts';

/** A pause of one transport. Times are of the monotonic clock. */
export class Pause {
  #isByRequest = false;
  #error: PosthornError | undefined;
  #until = 0;

  /** Why it waits; `undefined`: it does not. */
  get reason(): PosthornError | 'by request' | undefined {
    return this.#isByRequest ? 'by request' : this.#error;
  }

  /** Until `end` is called. */
  byRequest(): void {
    this.#isByRequest = true;
  }

  /** For so long; after that, one message finds out. `false`: it was so already. */
  begin(error: PosthornError, now: number, ms: number): boolean {
    if (this.#error && now < this.#until) return false;
    this.#error = error;
    this.#until = now + ms;
    return true;
  }

  /** A message got through. Whether there was something to get through. */
  passed(): boolean {
    const wasPaused = this.#error !== undefined;
    this.#error = undefined;
    return wasPaused;
  }

  /** Ends it in any case. Whether there was one. */
  end(): boolean {
    const wasPaused = this.reason !== undefined;
    this.#isByRequest = false;
    this.#error = undefined;
    return wasPaused;
  }

  /** How many more may be begun when `active` are under way. */
  room(now: number, most: number, active: number): number {
    if (this.#isByRequest) return 0;
    if (!this.#error) return Math.max(0, most - active);
    return now >= this.#until && active === 0 ? 1 : 0;
  }

  /** How long until there may be room. */
  wait(now: number): number {
    return this.#error && !this.#isByRequest ? Math.max(0, this.#until - now) : 0;
  }
}
