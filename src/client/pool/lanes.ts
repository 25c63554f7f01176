// The queue of a pool: each caller has a lane, and the lanes take turns, so that a long one does not hold up the rest.

/** First in, first out within a lane; one from each lane in turn. */
export class Lanes<T> {
  // The lane whose turn it is comes first.
  readonly #lanes = new Map<unknown, Lane<T>>();
  #size = 0;

  /** How many wait in all lanes. */
  get size(): number {
    return this.#size;
  }

  /** Joins the end of its lane. */
  push(lane: unknown, item: T): void {
    this.#laneOf(lane).push(item);
    this.#size += 1;
  }

  /** Goes to the head of its lane: it had its turn before. */
  putBack(lane: unknown, item: T): void {
    this.#laneOf(lane).putBack(item);
    this.#size += 1;
  }

  /** The lanes in which somebody waits; the one whose turn it is comes first. */
  turns(): Iterable<unknown> {
    return this.#lanes.keys();
  }

  /** How many wait in a lane. */
  sizeOf(lane: unknown): number {
    return this.#lanes.get(lane)?.size ?? 0;
  }

  /** Takes the next of a lane out, whose turn comes after the others then; `undefined` when nobody waits in it. */
  shift(lane: unknown): T | undefined {
    const found = this.#lanes.get(lane);
    const item = found?.shift();
    if (!found || item === undefined) return undefined;
    this.#size -= 1;
    // A single lane is always the next.
    if (found.size === 0 || this.#lanes.size > 1) this.#lanes.delete(lane);
    if (found.size > 0) this.#lanes.set(lane, found);
    return item;
  }

  /** Takes out one that will not wait any more; whether it was there. */
  remove(lane: unknown, item: T): boolean {
    const found = this.#lanes.get(lane);
    if (!found?.remove(item)) return false;
    if (found.size === 0) this.#lanes.delete(lane);
    this.#size -= 1;
    return true;
  }

  /** Takes all out, one from each lane in turn. */
  drain(): T[] {
    const all: T[] = [];
    while (this.#size > 0) {
      for (const lane of [...this.#lanes.keys()]) {
        const item = this.shift(lane);
        if (item !== undefined) all.push(item);
      }
    }
    return all;
  }

  /** Takes all of a lane out. */
  drainLane(lane: unknown): T[] {
    const all: T[] = [];
    for (let item = this.shift(lane); item !== undefined; item = this.shift(lane)) all.push(item);
    return all;
  }

  #laneOf(key: unknown): Lane<T> {
    let lane = this.#lanes.get(key);
    if (!lane) {
      lane = new Lane();
      this.#lanes.set(key, lane);
    }
    return lane;
  }
}

// Few arrays shift quickly when they are long: what was taken is cut off now and then, not each time.
const CUT_AT = 1024;

class Lane<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  putBack(item: T): void {
    if (this.#head === 0) this.#items.unshift(item);
    else this.#items[--this.#head] = item;
  }

  shift(): T | undefined {
    const item = this.#items[this.#head];
    if (this.#head < this.#items.length) this.#items[this.#head++] = undefined;
    if (this.#head >= CUT_AT && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  remove(item: T): boolean {
    const at = this.#items.indexOf(item, this.#head);
    if (at === -1) return false;
    this.#items.splice(at, 1);
    return true;
  }
}
