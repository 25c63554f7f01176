// Several ways at once, the better ones with a head start: who sets out when, and who wins. Knows nothing of SMTP.

/** How a race is run. */
export interface RaceRules<Way, Arrival> {
  /** Goes one way; fails soon after `signal` is aborted. */
  readonly go: (way: Way, signal: AbortSignal, runner: RunnerSigns) => Promise<Arrival>;
  /** Milliseconds without a sign of life from anybody, after which the next way is tried beside. */
  readonly headStartMs: { readonly beforeFirstSign: number; readonly afterwards: number };
  /** Milliseconds for which a better way that lives may still arrive after a lesser one. */
  readonly graceMs: number;
  /** Is told of each failure; `'stop'` ends the race with it. */
  readonly onFailure: (way: Way, error: unknown, durationMs: number) => 'stop' | 'go on';
  /** Takes what arrives when the race is over. */
  readonly onLate: (arrival: Arrival) => void;
}

/** What a runner says on its way. */
export interface RunnerSigns {
  /** The other side lives. */
  alive(): void;
  /** This is the right way, come what may: the others give up. */
  claim(): void;
}

/** The way that won. */
export interface RaceResult<Way, Arrival> {
  readonly way: Way;
  readonly arrival: Arrival;
}

/** The best way that arrives; `undefined` when all fail. `ways`: best first. Rejects when `onFailure` says so. */
export function race<Way, Arrival>(
  ways: readonly Way[],
  rules: RaceRules<Way, Arrival>,
): Promise<RaceResult<Way, Arrival> | undefined> {
  return new Promise((resolve, reject) => {
    new Race(ways, rules, { resolve, reject }).start();
  });
}

interface Runner<Way, Arrival> {
  readonly way: Way;
  readonly controller: AbortController;
  state: 'running' | 'arrived' | 'failed';
  isAlive: boolean;
  result?: RaceResult<Way, Arrival>;
}

interface Settle<T> {
  resolve(value: T): void;
  reject(error: unknown): void;
}

class Race<Way, Arrival> {
  readonly #waiting: Way[];
  readonly #rules: RaceRules<Way, Arrival>;
  readonly #settle: Settle<RaceResult<Way, Arrival> | undefined>;
  // In the order in which they set out, which is that of preference.
  readonly #runners: Runner<Way, Arrival>[] = [];
  #isOver = false;
  #headStart: NodeJS.Timeout | undefined;
  #grace: NodeJS.Timeout | undefined;

  constructor(
    ways: readonly Way[],
    rules: RaceRules<Way, Arrival>,
    settle: Settle<RaceResult<Way, Arrival> | undefined>,
  ) {
    this.#waiting = [...ways];
    this.#rules = rules;
    this.#settle = settle;
  }

  /** Sends the first way out. */
  start(): void {
    this.#next();
    this.#look();
  }

  #next(): void {
    const [way] = this.#waiting.splice(0, 1);
    if (way === undefined) return;
    const runner: Runner<Way, Arrival> = {
      way,
      controller: new AbortController(),
      state: 'running',
      isAlive: false,
    };
    this.#runners.push(runner);
    this.#waitFor(this.#rules.headStartMs.beforeFirstSign);
    void this.#follow(runner);
  }

  async #follow(runner: Runner<Way, Arrival>): Promise<void> {
    const { way, controller } = runner;
    const startedAt = performance.now();
    const signs: RunnerSigns = {
      alive: () => {
        runner.isAlive = true;
        this.#waitFor(this.#rules.headStartMs.afterwards);
      },
      claim: () => this.#claim(runner),
    };
    try {
      const arrival = await this.#rules.go(way, controller.signal, signs);
      if (this.#isOver || controller.signal.aborted) {
        this.#rules.onLate(arrival);
        return;
      }
      runner.state = 'arrived';
      runner.result = { way, arrival };
    } catch (error) {
      runner.state = 'failed';
      // Given up by us: no story of its own.
      if (this.#isOver || controller.signal.aborted) return;
      if (this.#rules.onFailure(way, error, performance.now() - startedAt) === 'stop') {
        this.#end();
        this.#settle.reject(error);
        return;
      }
      this.#next();
    }
    this.#look();
  }

  #claim(claimant: Runner<Way, Arrival>): void {
    if (this.#isOver) return;
    this.#waiting.length = 0;
    for (const runner of this.#runners) if (runner !== claimant) this.#giveUp(runner);
  }

  #look(): void {
    if (this.#isOver) return;
    const left = this.#runners.filter(({ state }) => state !== 'failed');
    if (left.some(({ state }) => state === 'arrived')) {
      this.#waiting.length = 0;
      const leader = left.find(({ state, isAlive }) => state === 'arrived' || isAlive);
      if (leader?.state === 'arrived') this.#win();
      else this.#grace ??= setTimeout(() => this.#win(), this.#rules.graceMs);
    } else if (left.length === 0) {
      this.#end();
      this.#settle.resolve(undefined);
    }
  }

  /** The best of those that have arrived. */
  #win(): void {
    const result = this.#runners.find(({ state }) => state === 'arrived')?.result;
    if (this.#isOver || !result) return;
    this.#end();
    for (const { result: late } of this.#runners) {
      if (late && late !== result) this.#rules.onLate(late.arrival);
    }
    this.#settle.resolve(result);
  }

  #end(): void {
    this.#isOver = true;
    clearTimeout(this.#headStart);
    clearTimeout(this.#grace);
    for (const runner of this.#runners) this.#giveUp(runner);
  }

  #giveUp(runner: Runner<Way, Arrival>): void {
    if (runner.state !== 'running') return;
    runner.state = 'failed';
    runner.controller.abort();
  }

  #waitFor(ms: number): void {
    clearTimeout(this.#headStart);
    if (this.#isOver || this.#waiting.length === 0 || ms === Infinity) return;
    this.#headStart = setTimeout(() => this.#next(), ms);
  }
}
