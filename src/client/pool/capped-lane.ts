// A caller that may use some of the connections only, however many there are.

interface Busy {
  /** How much it has to do; nothing, when it is at rest. */
  readonly load: number;
}

/** The lane of a call with a bound of its own. */
export class CappedLane {
  /** The most connections that its jobs may use at once. */
  readonly max: number;
  readonly #links = new Set<Busy>();

  constructor(max: number) {
    this.max = max;
  }

  /** How many more connections it may use. One that has come to rest is used no more, whoever used it beside this lane. */
  get room(): number {
    for (const link of this.#links) if (link.load === 0) this.#links.delete(link);
    return this.max - this.#links.size;
  }

  /** Whether the connection is in use for it. */
  uses(link: Busy): boolean {
    return this.#links.has(link);
  }

  /** A connection begins a job of it. */
  begin(link: Busy): void {
    this.#links.add(link);
  }

  /** The connection has ended. */
  forget(link: Busy): void {
    this.#links.delete(link);
  }
}
