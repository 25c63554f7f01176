// How many entries there are in each state, kept in the database itself: counting them anew would read them all. What the
// steps of one commit change is written once, before it.
import type { EntryState } from '../store.ts';
import type { Driver, Statement } from './driver.ts';

/** Keeps the counts. */
export class StateCounts {
  readonly #add: Statement;
  readonly #all: Statement;
  readonly #changes = new Map<EntryState, number>();

  constructor(driver: Driver) {
    this.#add = driver.prepare(
      'INSERT INTO tally (state, entries) VALUES (?, ?) ON CONFLICT (state) DO UPDATE SET entries = entries + excluded.entries',
    );
    this.#all = driver.prepare('SELECT state, entries FROM tally WHERE entries <> 0');
  }

  /** An entry goes from one state to another; `undefined`: it was not there before, or is not there any more. */
  move(from: EntryState | undefined, to: EntryState | undefined): void {
    if (from === to) return;
    if (from !== undefined) this.#changes.set(from, (this.#changes.get(from) ?? 0) - 1);
    if (to !== undefined) this.#changes.set(to, (this.#changes.get(to) ?? 0) + 1);
  }

  /** To be called before each commit. */
  write(): void {
    for (const [state, change] of this.#changes) if (change !== 0) this.#add.run(state, change);
    this.#changes.clear();
  }

  /** To be called when a transaction was rolled back. */
  forget(): void {
    this.#changes.clear();
  }

  read(): Map<EntryState, number> {
    return new Map(this.#all.all().map(([state, n]) => [String(state) as EntryState, Number(n)]));
  }
}
