// Many messages, and one report at the end.
import type { Deliverer } from '../deliverer.ts';
import { type BulkPlan, planBulk } from './plan.ts';
import { BulkMeter } from './progress.ts';
import { BulkRun, type Gate, type RunListener } from './run.ts';
import type {
  BulkFailure,
  BulkMessages,
  BulkOutcome,
  BulkReport,
  BulkSendOptions,
} from './types.ts';

// Enough to see what is wrong; a million would not be read.
const MOST_FAILURES = 100;

// The whole call holds the client open, so that no message has to.
const open: Gate = { isClosed: false, enter: () => undefined, exit: () => undefined };

/** Sends them all. Throws when the client is closed; whatever happens later is in the report. */
export async function bulkSend(
  messages: BulkMessages,
  options: BulkSendOptions,
  deliverer: Deliverer,
): Promise<BulkReport> {
  const plan = planBulk(messages, options);
  const { pool } = deliverer;
  pool.enter();
  try {
    return await new Promise<BulkReport>((resolve) => {
      const tally = new Tally(plan, (): void => resolve(tally.report(run)));
      const run = new BulkRun(plan, deliverer, open, tally);
      run.start();
    });
  } finally {
    pool.exit();
  }
}

/** Counts what came of them. */
class Tally implements RunListener {
  readonly hasRoom = true;
  readonly #plan: BulkPlan;
  readonly #onOver: () => void;
  readonly #meter: BulkMeter;
  readonly #startedAt = new Date();
  readonly #failures: BulkFailure[] = [];
  #sent = 0;
  #failed = 0;
  #unknown = 0;
  #notAttempted = 0;
  #rejectedRecipients = 0;

  constructor(plan: BulkPlan, onOver: () => void) {
    this.#plan = plan;
    this.#onOver = onOver;
    this.#meter = new BulkMeter(plan);
  }

  settled(outcome: BulkOutcome, recipients: readonly string[]): void {
    if (outcome.status === 'sent') {
      this.#sent += 1;
      this.#rejectedRecipients += outcome.receipt.rejected.length;
    } else if (outcome.status === 'failed') {
      const { index, error } = outcome;
      this.#failed += 1;
      if (error.delivered === 'unknown') this.#unknown += 1;
      if (this.#failures.length < MOST_FAILURES) {
        this.#failures.push({ index, to: [...recipients], error });
      }
    } else this.#notAttempted += 1;
    this.#tell(outcome);
    this.#meter.count(this.#sent, this.#failed);
  }

  over(): void {
    this.#meter.tell(this.#sent, this.#failed);
    this.#onOver();
  }

  report({ taken, error }: BulkRun): BulkReport {
    const { total } = this.#plan;
    const notAskedFor = error && total !== undefined ? Math.max(0, total - taken) : 0;
    return {
      sent: this.#sent,
      failed: this.#failed,
      unknown: this.#unknown,
      notAttempted: this.#notAttempted + notAskedFor,
      taken,
      rejectedRecipients: this.#rejectedRecipients,
      failures: this.#failures,
      error,
      startedAt: this.#startedAt,
      durationMs: this.#meter.elapsedMs,
    };
  }

  #tell(outcome: BulkOutcome): void {
    try {
      this.#plan.onOutcome?.(outcome);
    } catch {
      // A listener only watches; its fault must not become a message's.
    }
  }
}
