import type { Transport } from '../../../client/index.ts';
import type { Teller } from '../outbox-events.ts';
import type { DeliveryMode } from '../record.ts';
import type { OutboxStore } from '../store.ts';
import type { WorkerStats, WorkOptions } from '../types.ts';

/** What a worker needs of its outbox. */
export interface WorkerHome {
  readonly delivery: DeliveryMode;
  readonly teller: Teller;
  cleanUp(): Promise<number>;
  closed(): void;
}

/** Sends what is due, until it is closed. */
export class OutboxWorker {
  constructor(
    _store: OutboxStore,
    _transport: Transport,
    _options: WorkOptions,
    _home: WorkerHome,
  ) {}

  /** What it has done and is doing. */
  get stats(): WorkerStats {
    throw new Error('soon');
  }

  /** Takes no more messages until `resume`; those in hand are finished. */
  pause(): void {}

  /** Goes on, also after a pause for credentials. */
  resume(): void {}

  /** Waits until nothing is due and nothing is in hand. */
  async idle(): Promise<void> {}

  /** Takes no more messages and waits for those in hand. */
  async close(): Promise<void> {}

  /** The same as {@link OutboxWorker.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
