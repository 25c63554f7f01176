// Lists that a caller may change in place although the change could not be written: told from unchanged ones.

interface WatchedList {
  readonly list: readonly unknown[];
  readonly asRead: readonly unknown[];
}

/** Remembers lists as they were first handed out. */
export class WatchedLists {
  readonly #lists = new Map<string, WatchedList>();

  /** Remembers the value of `property` as it is now, the first time. */
  watch(property: string, list: readonly unknown[]): void {
    if (!this.#lists.has(property)) this.#lists.set(property, { list, asRead: [...list] });
  }

  /** The first property whose list is not what it was; `undefined` when all are. */
  changed(): string | undefined {
    for (const [property, { list, asRead }] of this.#lists) {
      const isSame = list.length === asRead.length && list.every((item, at) => item === asRead[at]);
      if (!isSame) return property;
    }
    return undefined;
  }
}
