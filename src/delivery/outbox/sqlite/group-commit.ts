// Writers that share commits: all steps that are asked for in one turn of the event loop are one transaction, so that the
// disk is waited for once for all of them. Each is told after the commit, and each happens whole or not at all.
import type { Driver } from './driver.ts';
import { isBusy } from './sqlite-error.ts';

// More would make those who wait for the commit wait long.
const MOST_STEPS = 1000;
const MOST_BYTES = 8_388_608;
// How long another process may have the lock in all, and between two looks at it.
const BUSY_MS = 15_000;
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 100;

/** Told around each commit. */
export interface CommitHooks {
  /** Before a commit, in its transaction. */
  before(): void;
  /** After a transaction was rolled back. */
  rolledBack(): void;
}

interface Step {
  readonly work: () => unknown;
  readonly bytes: number;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/** Runs steps in transactions. */
export class GroupCommit {
  readonly #driver: Driver;
  readonly #hooks: CommitHooks;
  #steps: Step[] = [];
  #isScheduled = false;
  #busySince: number | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #onIdle: (() => void)[] = [];

  constructor(driver: Driver, hooks: CommitHooks) {
    this.#driver = driver;
    this.#hooks = hooks;
  }

  /** Runs `work` in a transaction, with others; resolves when that is on disk. `work` must not be asynchronous. */
  run<T>(work: () => T, bytes = 0): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#steps.push({ work, bytes, resolve, reject });
      this.#schedule();
    });
  }

  /** Waits for the steps under way. */
  async idle(): Promise<void> {
    if (this.#steps.length === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle.push(resolve);
    });
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#isScheduled = false;
    const group = this.#next();
    try {
      this.#driver.exec('BEGIN IMMEDIATE');
    } catch (error) {
      if (isBusy(error) && this.#mayWait()) return;
      this.#done(group);
      for (const { reject } of group) reject(error);
      this.#goOn();
      return;
    }
    this.#busySince = undefined;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#done(group);
    this.#runAll(group);
    this.#goOn();
  }

  #runAll(group: readonly Step[]): void {
    const results: unknown[] = [];
    try {
      for (const { work } of group) results.push(work());
      this.#hooks.before();
      this.#driver.exec('COMMIT');
    } catch (error) {
      this.#rollBack();
      // One of them is to blame, and the others must not suffer.
      if (group.length === 1 || isBusy(error)) for (const { reject } of group) reject(error);
      else for (const step of group) this.#runAlone(step);
      return;
    }
    for (const [index, { resolve }] of group.entries()) resolve(results[index] as never);
  }

  #runAlone(step: Step): void {
    try {
      this.#driver.exec('BEGIN IMMEDIATE');
      const result = step.work();
      this.#hooks.before();
      this.#driver.exec('COMMIT');
      step.resolve(result as never);
    } catch (error) {
      this.#rollBack();
      step.reject(error);
    }
  }

  #rollBack(): void {
    this.#hooks.rolledBack();
    try {
      this.#driver.exec('ROLLBACK');
    } catch {
      // It has been rolled back already.
    }
  }

  #next(): Step[] {
    let bytes = 0;
    const end = this.#steps.findIndex((step, index) => {
      bytes += step.bytes;
      return index >= MOST_STEPS || (index > 0 && bytes > MOST_BYTES);
    });
    return end === -1 ? this.#steps : this.#steps.slice(0, end);
  }

  #done(group: readonly Step[]): void {
    this.#steps = group === this.#steps ? [] : this.#steps.slice(group.length);
  }

  #goOn(): void {
    if (this.#steps.length > 0) this.#schedule();
    else for (const tell of this.#onIdle.splice(0)) tell();
  }

  // SQLite's own waiting would stop the whole program meanwhile.
  #mayWait(): boolean {
    const now = performance.now();
    this.#busySince ??= now;
    if (now - this.#busySince > BUSY_MS) {
      this.#busySince = undefined;
      return false;
    }
    this.#isScheduled = true;
    const pause = this.#pauseMs * (0.5 + Math.random());
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2);
    setTimeout(() => this.#turn(), pause);
    return true;
  }
}
