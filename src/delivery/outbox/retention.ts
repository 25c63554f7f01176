// How long messages are kept once there is nothing left to do.
import { OptionError } from '../../base/index.ts';
import type { EntryState, OutboxStore } from './store.ts';
import type { RetentionOptions } from './types.ts';

const DAY_MS = 86_400_000;
// A transaction that removes more would keep others waiting.
const BATCH = 200;

/** Removes what has been kept long enough. Messages of which nobody knows are kept until they are resolved. */
export class Retention {
  readonly #rules: readonly { readonly states: readonly EntryState[]; readonly ms: number }[];

  constructor(sentMs: number, failedMs: number) {
    this.#rules = [
      { states: ['sent'], ms: sentMs },
      { states: ['failed', 'expired'], ms: failedMs },
    ];
  }

  /** Gives how many messages were removed. */
  async cleanUp(store: OutboxStore): Promise<number> {
    let sum = 0;
    for (const { states, ms } of this.#rules) {
      if (ms === Infinity) continue;
      const settledBefore = store.now() - ms;
      let removed = BATCH;
      while (removed >= BATCH) {
        removed = await store.prune({ states, settledBefore, limit: BATCH });
        sum += removed;
      }
    }
    return sum;
  }
}

/** The rules that options stand for. */
export function readRetention(options: RetentionOptions = {}): Retention {
  const { sentMs = 7 * DAY_MS, failedMs = 30 * DAY_MS } = options;
  return new Retention(positive(sentMs, 'sentMs'), positive(failedMs, 'failedMs'));
}

function positive(ms: number, name: string): number {
  if (typeof ms === 'number' && ms >= 0) return ms;
  throw new OptionError(
    `retention.${name}`,
    `Option 'retention.${name}' must be milliseconds from 0, or Infinity`,
  );
}
