// Calls that come while another is under way share the next statement, and so its commit.

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

const MOST_IN_ONE = 200;

/** Gathers calls; each is done alone when nothing else is under way. */
export class Batches<Item, Result> {
  readonly #run: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly #most: number;
  #waiting: Waiting<Item, Result>[] = [];
  #underWay = 0;

  /**
   * @param run Does several at once, and gives a result for each in order.
   * @param most How many runs are under way at a time.
   */
  constructor(run: (items: readonly Item[]) => Promise<readonly Result[]>, most: number) {
    this.#run = run;
    this.#most = most;
  }

  /** Does one, alone or with others. */
  add(item: Item): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      // What is called in the same turn of the event loop goes together.
      if (this.#waiting.length === 1) setImmediate(() => this.#next());
    });
  }

  #next(): void {
    while (this.#waiting.length > 0 && this.#underWay < this.#most) {
      this.#underWay += 1;
      void this.#do(this.#waiting.splice(0, MOST_IN_ONE)).finally(() => {
        this.#underWay -= 1;
        this.#next();
      });
    }
  }

  async #do(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#run(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result);
    } catch (error) {
      // One of them may be the reason: the others must not fail with it.
      if (batch.length > 1 && isAboutData(error)) for (const one of batch) await this.#do([one]);
      else for (const { reject } of batch) reject(error);
    }
  }
}

// SQLSTATE: data exceptions, constraints, limits of the program.
function isAboutData(error: unknown): boolean {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return typeof code === 'string' && /^(?:22|23|54)/.test(code);
}
