// The clock of a store's server, so that machines whose own clocks differ agree.

/** Follows it; never ahead of it. */
export class ServerClock {
  #offsetMs = 0;

  /** What the server says, asked at `before` and heard at `after` on this machine's clock. */
  hear(serverMs: number, after: number = Date.now()): void {
    // When it said so is not known; taking it for the moment at which it was heard can only be late.
    this.#offsetMs = serverMs - after;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return Math.floor(Date.now() + this.#offsetMs);
  }
}
