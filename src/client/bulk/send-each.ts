// Many messages, and the outcome of each as it happens.
import type { Deliverer } from '../deliverer.ts';
import { type BulkPlan, planBulk } from './plan.ts';
import { BulkMeter } from './progress.ts';
import { BulkRun, type RunListener } from './run.ts';
import type { BulkMessages, BulkOptions, BulkOutcome } from './types.ts';

// With so many that nobody has looked at, no further messages are taken.
const MOST_UNSEEN = 256;

/** Sends them as their outcomes are looked at. Throws what ended it early, after the last outcome. */
export function sendEach(
  messages: BulkMessages,
  options: BulkOptions,
  deliverer: Deliverer,
): AsyncGenerator<BulkOutcome, void, undefined> {
  return outcomesOf(planBulk(messages, options), deliverer);
}

async function* outcomesOf(
  plan: BulkPlan,
  deliverer: Deliverer,
): AsyncGenerator<BulkOutcome, void, undefined> {
  const outcomes = new Outcomes(plan);
  const run = new BulkRun(plan, deliverer, deliverer.pool, outcomes);
  run.start();
  try {
    for (;;) {
      const outcome = outcomes.take();
      if (outcome) {
        yield outcome;
        if (outcomes.isEmpty) run.pull();
      } else if (outcomes.isOver) break;
      else await outcomes.more();
    }
  } finally {
    // Whoever leaves the loop waits for what is under way: nothing goes on behind the back.
    run.stop();
    while (!outcomes.isOver) {
      outcomes.clear();
      await outcomes.more();
    }
  }
  if (run.error) throw run.error;
}

/** Outcomes that wait to be looked at. */
class Outcomes implements RunListener {
  readonly #meter: BulkMeter;
  #unseen: BulkOutcome[] = [];
  #next = 0;
  #sent = 0;
  #failed = 0;
  #isOver = false;
  #wake: (() => void) | undefined;

  constructor(plan: BulkPlan) {
    this.#meter = new BulkMeter(plan);
  }

  get hasRoom(): boolean {
    return this.#unseen.length < MOST_UNSEEN;
  }

  get isEmpty(): boolean {
    return this.#next === this.#unseen.length;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The next one; `undefined` when there is none yet. */
  take(): BulkOutcome | undefined {
    const outcome = this.#unseen[this.#next];
    if (outcome) this.#next += 1;
    if (this.isEmpty) this.clear();
    return outcome;
  }

  /** Nobody wants those that have come. */
  clear(): void {
    this.#unseen = [];
    this.#next = 0;
  }

  /** Waits for another, or the end. */
  async more(): Promise<void> {
    if (!this.isEmpty || this.#isOver) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  settled(outcome: BulkOutcome): void {
    this.#unseen.push(outcome);
    if (outcome.status === 'sent') this.#sent += 1;
    else if (outcome.status === 'failed') this.#failed += 1;
    this.#meter.count(this.#sent, this.#failed);
    this.#wake?.();
  }

  over(): void {
    this.#isOver = true;
    this.#meter.tell(this.#sent, this.#failed);
    this.#wake?.();
  }
}
