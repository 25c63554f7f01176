// The messages of the outbox: one after the other, or all in an array.
import type { Entry, EntryQuery, OutboxStore } from './store.ts';
import type { ListOptions, OutboxMessage } from './types.ts';
import { viewOf } from './view.ts';

const PAGE = 100;

/** Messages, oldest first: in a loop (`for await`) in constant memory, or all at once by `await`. Read when asked for. */
export class OutboxListing implements AsyncIterable<OutboxMessage>, PromiseLike<OutboxMessage[]> {
  readonly #store: OutboxStore;
  readonly #options: ListOptions;

  constructor(store: OutboxStore, options: ListOptions) {
    this.#store = store;
    this.#options = options;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<OutboxMessage, void, undefined> {
    let left = this.#options.limit ?? Infinity;
    let after = this.#options.after;
    while (left > 0) {
      const limit = Math.min(PAGE, left);
      const entries = await this.#store.list(queryOf(this.#options, after, limit));
      for (const entry of entries) yield viewOf(entry);
      if (entries.length < limit) return;
      left -= entries.length;
      after = (entries.at(-1) as Entry).id;
    }
  }

  /** All of them, as an array. */
  // biome-ignore lint/suspicious/noThenProperty: awaiting a listing gives all of it.
  then<A = OutboxMessage[], B = never>(
    fulfilled?: ((messages: OutboxMessage[]) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#all().then(fulfilled, rejected);
  }

  async #all(): Promise<OutboxMessage[]> {
    const messages: OutboxMessage[] = [];
    for await (const message of this) messages.push(message);
    return messages;
  }
}

function queryOf(
  { state, idempotencyKey, messageId }: ListOptions,
  after: string | undefined,
  limit: number,
): EntryQuery {
  return {
    limit,
    ...(state !== undefined && { states: typeof state === 'string' ? [state] : state }),
    ...(idempotencyKey !== undefined && { key: idempotencyKey }),
    ...(messageId !== undefined && { messageId }),
    ...(after !== undefined && { after }),
  };
}
