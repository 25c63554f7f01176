// A list of parts that were read, which a caller may change in place.
import type { ParsedEntity } from '../mime/index.ts';

/** A list, and which of its items stand for which part. */
export class PartList<T extends object> {
  /** The list as it is now. */
  items: T[];
  readonly #stored: Map<ParsedEntity, T>;
  readonly #parts = new Map<T, ParsedEntity>();
  /** The items when it was last found out what is gone: lists are asked far more often than they change. */
  #seen: readonly T[];
  #gone: readonly ParsedEntity[] = [];

  constructor(stored: readonly (readonly [ParsedEntity, T])[]) {
    this.items = stored.map(([, item]) => item);
    this.#seen = [...this.items];
    this.#stored = new Map(stored);
    for (const [part, item] of stored) this.#parts.set(item, part);
  }

  /** What there was, but for what was forgotten. */
  stored(): [ParsedEntity, T][] {
    return [...this.#stored];
  }

  /** The part that an item stands for. */
  storedOf(item: T): ParsedEntity | undefined {
    return this.#parts.get(item);
  }

  /** Items that stand for no part. */
  added(): T[] {
    return this.items.filter((item) => !this.#parts.has(item));
  }

  /** Parts that were in the list and are not any more. */
  removed(): readonly ParsedEntity[] {
    if (!isSameList(this.items, this.#seen)) {
      const items = new Set(this.items);
      this.#gone = this.stored().flatMap(([part, item]) => (items.has(item) ? [] : [part]));
      this.#seen = [...this.items];
    }
    return this.#gone;
  }

  /** Takes parts out that were taken out of another list: put in here again, they are new ones. */
  forget(parts: readonly ParsedEntity[]): void {
    for (const part of parts) {
      const item = this.#stored.get(part);
      const at = item === undefined ? -1 : this.items.indexOf(item);
      if (item === undefined || at < 0) continue;
      this.items.splice(at, 1);
      this.#stored.delete(part);
      this.#parts.delete(item);
    }
  }

  /** Whether the items are in the order of the message, each once. */
  isInOrder(): boolean {
    let latest = -1;
    return this.items.every((item) => {
      const start = this.#parts.get(item)?.range.start ?? -1;
      const isNext = start > latest;
      latest = start;
      return isNext;
    });
  }
}

function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
