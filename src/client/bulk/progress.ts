// How fast many messages go, and how long the rest will take.
import type { BulkPlan } from './plan.ts';
import type { BulkProgress } from './types.ts';

const EVERY_MS = 200;
// The rate is that of about the last three seconds: it follows the server, and does not jump with each reply.
const MEMORY_MS = 3_000;

/** Tells the caller, not more often than anybody can read. */
export class BulkMeter {
  readonly #listener: BulkPlan['onProgress'];
  readonly #total: number | undefined;
  readonly #begunAt = performance.now();
  #toldAt = this.#begunAt;
  #toldDone = 0;
  #perMs: number | undefined;

  constructor({ onProgress, total }: BulkPlan) {
    this.#listener = onProgress;
    this.#total = total;
  }

  /** Milliseconds since the beginning. */
  get elapsedMs(): number {
    return performance.now() - this.#begunAt;
  }

  /** A message has its outcome. */
  count(sent: number, failed: number): void {
    if (this.#listener && performance.now() - this.#toldAt >= EVERY_MS) this.tell(sent, failed);
  }

  /** Tells it now. */
  tell(sent: number, failed: number): void {
    if (!this.#listener) return;
    const now = performance.now();
    const elapsedMs = now - this.#begunAt;
    const perMs = this.#rate(sent + failed, now - this.#toldAt);
    this.#toldAt = now;
    this.#toldDone = sent + failed;
    const rate = { messagesPerSecond: perMs * 1000, elapsedMs };
    this.#call({ sent, failed, ...rate, ...this.#left(sent + failed, perMs) });
  }

  #left(done: number, perMs: number): Pick<BulkProgress, 'total' | 'timeLeftMs'> {
    const total = this.#total;
    if (total === undefined) return {};
    const left = Math.max(0, total - done);
    if (left > 0 && perMs === 0) return { total };
    return { total, timeLeftMs: left === 0 ? 0 : left / perMs };
  }

  #rate(done: number, ms: number): number {
    const now = ms > 0 ? (done - this.#toldDone) / ms : 0;
    if (this.#perMs === undefined) this.#perMs = now;
    else this.#perMs += (now - this.#perMs) * (1 - Math.exp(-ms / MEMORY_MS));
    return this.#perMs;
  }

  #call(progress: BulkProgress): void {
    try {
      this.#listener?.(progress);
    } catch {
      // A listener only watches; its fault must not become a message's.
    }
  }
}
