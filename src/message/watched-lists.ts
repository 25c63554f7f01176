// Lists that a caller may change in place although the change could not be written: told from unchanged ones.

interface WatchedList {
  readonly property: string;
  readonly list: readonly unknown[];
  readonly asRead: readonly unknown[];
}

/** Remembers lists as they were handed out. */
export class WatchedLists {
  readonly #lists: WatchedList[] = [];

  /** The list itself, remembered as the value of `property`. */
  watch<T>(property: string, list: T[]): T[] {
    this.#lists.push({ property, list, asRead: [...list] });
    return list;
  }

  /** The first property whose list is not what it was; `undefined` when all are. */
  changed(): string | undefined {
    return this.#lists.find(
      ({ list, asRead }) =>
        list.length !== asRead.length || list.some((item, at) => item !== asRead[at]),
    )?.property;
  }
}
