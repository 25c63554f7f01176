// Progress of what no client counts: rows put into files or an outbox.
import type { BulkProgress } from '../../client/index.ts';
import type { CliIo } from '../io.ts';
import { type ManyProgress, manyProgress } from '../send/many/many-progress.ts';

const EVERY_MS = 200;

/** A line on standard error that tells how many rows are done, five times a second at most. */
export function rowMeter(io: CliIo, total: number | undefined): RowMeter {
  return new RowMeter(manyProgress(io), total);
}

/** Counts rows. */
export class RowMeter {
  readonly #line: ManyProgress;
  readonly #total: number | undefined;
  readonly #begunAt = performance.now();
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(line: ManyProgress, total: number | undefined) {
    this.#line = line;
    this.#total = total;
  }

  /** So many are done by now. */
  tell(sent: number, failed: number): void {
    const now = performance.now();
    if (now - this.#toldAt < EVERY_MS) return;
    this.#toldAt = now;
    const elapsedMs = now - this.#begunAt;
    const perMs = (sent + failed) / elapsedMs;
    const total = this.#total;
    const left = total === undefined ? 0 : Math.max(0, total - sent - failed) / perMs;
    const progress: BulkProgress = {
      ...{ sent, failed, elapsedMs, messagesPerSecond: perMs * 1000 },
      ...(total !== undefined && { total, timeLeftMs: left }),
    };
    this.#line.onProgress(progress);
  }

  /** Takes the line away. */
  clear(): void {
    this.#line.clear();
  }
}
