// The outbox: messages in, durably; workers that take them to a transport; and what became of each.
import { OptionError, OutboxError } from '../../base/index.ts';
import type { Sendable, Transport } from '../../client/index.ts';
import type { BounceReport } from '../../message/index.ts';
import { checkNames, type KnownNames } from '../../message/internal.ts';
import { checkMode, prepareEntry } from './enqueue.ts';
import { OutboxListing } from './listing.ts';
import { openStore } from './open-store.ts';
import { Teller } from './outbox-events.ts';
import { readRecord, writeRecord } from './read-record.ts';
import type { StoredRecord } from './record.ts';
import { type Retention, readRetention } from './retention.ts';
import { changeOf } from './states.ts';
import type { Entry, EntryState, OutboxStore } from './store.ts';
import type {
  Enqueued,
  EnqueueOptions,
  ListOptions,
  OutboxMessage,
  OutboxOptions,
  OutboxStats,
  WorkOptions,
} from './types.ts';
import { viewOf } from './view.ts';
import { bounced, bouncesOf, cancelled, dropped, resent, retried } from './wishes.ts';
import { OutboxWorker } from './worker/outbox-worker.ts';

const known: KnownNames = {
  of: 'an outbox',
  names: new Set<keyof OutboxOptions>(['delivery', 'retention', 'onEvent']),
  habits: new Map([
    ['concurrency', 'give it to the worker: outbox.work(client, { concurrency })'],
    ['retry', 'give it to the worker: outbox.work(client, { retry })'],
  ]),
};

const STATES: readonly EntryState[] = [
  'queued',
  'sending',
  'deferred',
  'sent',
  'failed',
  'expired',
  'unknown',
  'damaged',
];
// Somebody else may be faster that often.
const MOST_RACES = 20;

/** How an `'unknown'` is settled: sent again, or left alone for good. */
export type Resolution = 'retry' | 'drop';

/**
 * A durable queue of messages. A message for which `enqueue` resolved survives the crash of the process, and a loss of
 * power if the disk honours fsync. Workers hand each recipient to a server that accepts it, unless a server refuses it for
 * good or it expires; every attempt is on record. Close it at the end: `await using outbox = …`, or `await outbox.close()`.
 */
export class Outbox {
  readonly #store: OutboxStore;
  readonly #options: OutboxOptions;
  readonly #teller: Teller;
  readonly #retention: Retention;
  readonly #workers = new Set<OutboxWorker>();
  #closing: Promise<void> | undefined;

  private constructor(store: OutboxStore, options: OutboxOptions) {
    this.#store = store;
    this.#options = options;
    this.#teller = new Teller(options.onEvent);
    this.#retention = readRetention(options.retention);
  }

  /**
   * Opens an outbox, and makes it when it is not there.
   *
   * @param url `'sqlite:outbox.db'` (a file, relative or absolute), `'postgres://user@host/database'` or `'redis://host'`.
   * @throws {@link MissingDependencyError} The package of the store is not installed.
   * @throws {@link OutboxError} The store can't be opened.
   */
  static async open(url: string | URL, options: OutboxOptions = {}): Promise<Outbox> {
    checkNames(options, known);
    checkMode(options.delivery);
    readRetention(options.retention);
    return new Outbox(await openStore(url), options);
  }

  /**
   * Stores a message to be sent. When the promise resolves the message is on disk; its octets, Message-ID and Date do not
   * change any more.
   *
   * @throws {@link InvalidMessageError} The message can't be sent as it is; nothing is stored.
   * @throws {@link OutboxError} `OUTBOX_STORE_FULL`, `OUTBOX_STORE_FAILED`: it was not accepted.
   */
  async enqueue(message: Sendable, options: EnqueueOptions = {}): Promise<Enqueued> {
    this.#mustBeOpen();
    const begin = performance.now();
    const { transaction } = options;
    if (transaction !== undefined && !this.#store.takesTransactions) {
      throw new OptionError(
        'transaction',
        `Option 'transaction' needs an outbox in PostgreSQL; this one is in ${this.#store.name}`,
      );
    }
    const { entry, messageId, size } = await prepareEntry(
      message,
      options,
      this.#options.delivery,
      this.#store.now(),
    );
    const added = await this.#store.add(entry, transaction === undefined ? {} : { transaction });
    const { id, isNew } = added;
    if (!isNew) {
      const earlier = await this.#store.read(id);
      return { id, messageId: earlier ? viewOf(earlier).messageId : messageId, isNew };
    }
    this.#teller.tell('enqueued', () => ({
      id,
      messageId,
      size: size(),
      durationMs: performance.now() - begin,
    }));
    return { id, messageId, isNew };
  }

  /**
   * Starts a worker: it sends what is due over the transport until it is closed. As many workers on as many machines as the
   * store can be reached from; no message is with two of them.
   *
   * @throws {@link OptionError} An option is not known or has a value it can't have.
   */
  work(transport: Transport, options: WorkOptions = {}): OutboxWorker {
    this.#mustBeOpen();
    const worker = new OutboxWorker(this.#store, transport, options, {
      delivery: this.#options.delivery ?? 'at-least-once',
      teller: this.#teller,
      cleanUp: () => this.cleanUp(),
      closed: () => this.#workers.delete(worker),
    });
    this.#workers.add(worker);
    return worker;
  }

  /** One message; `undefined` when there is none with this id. */
  async get(id: string): Promise<OutboxMessage | undefined> {
    this.#mustBeOpen();
    const entry = await this.#store.read(id);
    return entry && viewOf(entry);
  }

  /** The octets of a message, as they are sent, in pieces; throws `OUTBOX_NOT_FOUND` when there is no such message. */
  async *content(id: string): AsyncGenerator<Uint8Array, void, undefined> {
    this.#mustBeOpen();
    await this.#entry(id);
    yield* this.#store.content(id);
  }

  /** Messages, oldest first: in a loop (`for await`) in constant memory, or all of them with `await`. */
  list(options: ListOptions = {}): OutboxListing {
    this.#mustBeOpen();
    const { limit, after } = options;
    if (limit !== undefined && !(limit >= 0)) throw wrong('limit', 'a number from 0');
    if (after !== undefined && typeof after !== 'string') throw wrong('after', 'an id');
    for (const state of [options.state ?? []].flat()) {
      if (!STATES.includes(state)) throw wrong('state', `one of ${STATES.join(', ')}`);
    }
    return new OutboxListing(this.#store, options);
  }

  /**
   * Tries everybody who has not got the message now, also those who were refused for good or whose time ran out. Those of
   * whom nobody knows are not meant: see {@link Outbox.resolve}.
   *
   * @throws {@link OutboxError} `OUTBOX_NOT_FOUND`; `OUTBOX_CONFLICT`: there is nobody to try, or it is being sent.
   */
  async retry(id: string): Promise<OutboxMessage> {
    return await this.#edit(id, retried, 'There is nobody left to try it for');
  }

  /**
   * Nobody who has not got the message yet gets it: they become `'failed'` with the code `OUTBOX_CANCELLED`.
   *
   * @throws {@link OutboxError} `OUTBOX_NOT_FOUND`; `OUTBOX_CONFLICT`: everybody is settled, or a server has it just now.
   */
  async cancel(id: string): Promise<OutboxMessage> {
    const message = await this.#edit(id, cancelled, 'There is nobody left to spare', true);
    this.#teller.tell('cancelled', () => ({
      id,
      messageId: message.messageId,
      recipients: message.recipients
        .filter(({ outcome }) => outcome?.code === 'OUTBOX_CANCELLED')
        .map(({ address }) => address),
    }));
    return message;
  }

  /**
   * Settles recipients of whom nobody knows whether they have the message: `'retry'` sends it again (they may get it twice),
   * `'drop'` leaves them alone for good.
   *
   * @throws {@link OutboxError} `OUTBOX_NOT_FOUND`; `OUTBOX_CONFLICT`: none of them is `'unknown'`.
   */
  async resolve(id: string, resolution: Resolution): Promise<OutboxMessage> {
    if (resolution !== 'retry' && resolution !== 'drop') {
      throw wrong('resolution', "'retry' or 'drop'");
    }
    const change = resolution === 'retry' ? resent : dropped;
    return await this.#edit(id, change, "None of its recipients is 'unknown'");
  }

  /** How many messages there are in each state, and how far behind the workers are. */
  async stats(): Promise<OutboxStats> {
    this.#mustBeOpen();
    const { byState, oldestDueAt } = await this.#store.count();
    const of = (state: EntryState): number => byState.get(state) ?? 0;
    return {
      queued: of('queued'),
      sending: of('sending'),
      deferred: of('deferred'),
      sent: of('sent'),
      failed: of('failed'),
      expired: of('expired'),
      unknown: of('unknown'),
      damaged: of('damaged'),
      total: STATES.reduce((sum, state) => sum + of(state), 0),
      lagMs: oldestDueAt === undefined ? 0 : Math.max(0, this.#store.now() - oldestDueAt),
    };
  }

  /**
   * Notes what a bounce says with the messages it is about, and tells by the event `'bounced'`. For whoever reads the mailbox
   * that bounces come to: `outbox.onBounce(report.originalMessageId, report)`.
   *
   * @param messageId The Message-ID of the message that bounced, with or without angle brackets.
   * @returns The messages it is about; empty when the outbox has none of them any more.
   */
  async onBounce(messageId: string, report: BounceReport): Promise<OutboxMessage[]> {
    const wanted = `<${messageId.trim().replace(/^<|>$/g, '')}>`;
    const bounces = bouncesOf(report, this.#store.now());
    const about: OutboxMessage[] = [];
    for (const { id } of await this.list({ messageId: wanted })) {
      const message = await this.#note(id, (record) => bounced(record, bounces));
      if (!message) continue;
      about.push(message);
      this.#teller.tell('bounced', () => ({
        id,
        messageId: wanted,
        recipients: [...bounces.keys()],
        report,
      }));
    }
    return about;
  }

  /** Removes the messages that were settled long enough ago, as workers do now and then. Gives how many. */
  async cleanUp(): Promise<number> {
    this.#mustBeOpen();
    const messages = await this.#retention.cleanUp(this.#store);
    if (messages > 0) this.#teller.tell('cleaned', () => ({ messages }));
    return messages;
  }

  /** Closes the workers, each after what it has in hand, and then the store. */
  async close(): Promise<void> {
    // Called again, by `await using` perhaps, it waits for the same end.
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.close()));
    await this.#store.close();
  }

  /** The same as {@link Outbox.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #edit(
    id: string,
    edit: (record: StoredRecord, now: number) => StoredRecord | undefined,
    otherwise: string,
    takesAway = false,
  ): Promise<OutboxMessage> {
    for (let race = 0; race < MOST_RACES; race += 1) {
      const entry = await this.#entry(id);
      const now = this.#store.now();
      if (entry.lease) mustBeFree(entry, entry.lease, takesAway, now);
      const record = edit(readRecord(entry.record, id), now);
      if (!record) throw conflict(`${otherwise}: message ${id} is '${entry.state}'`);
      const text = writeRecord(record);
      if (await this.#store.change(entry, changeOf(record, text, now))) {
        return viewOf(await this.#entry(id));
      }
    }
    throw conflict(`Message ${id} is changed by others all the time; try again`);
  }

  // What is only noted waits until nobody has the message.
  async #note(
    id: string,
    edit: (record: StoredRecord) => StoredRecord | undefined,
  ): Promise<OutboxMessage | undefined> {
    for (let race = 0; race < MOST_RACES; race += 1) {
      const entry = await this.#store.read(id);
      if (!entry) return undefined;
      if (entry.lease) {
        await new Promise((resolve) => setTimeout(resolve, 50 * (race + 1)));
        continue;
      }
      const record = edit(readRecord(entry.record, id));
      if (!record) return undefined;
      const { state, dueAt, settledAt } = entry;
      const change = { state, dueAt, settledAt, record: writeRecord(record) };
      if (await this.#store.change(entry, change)) return viewOf(await this.#entry(id));
    }
    throw conflict(`Message ${id} is being sent; note the bounce again later`);
  }

  async #entry(id: string): Promise<Entry> {
    this.#mustBeOpen();
    const entry = await this.#store.read(id);
    if (entry) return entry;
    throw new OutboxError(
      'OUTBOX_NOT_FOUND',
      `The outbox has no message ${JSON.stringify(id)}; it may have been cleaned up`,
    );
  }

  #mustBeOpen(): void {
    if (!this.#closing) return;
    throw new OutboxError(
      'OUTBOX_CLOSED',
      'The outbox has been closed by this program; open it again, or close it later',
    );
  }
}

// A message whose last octet may be on its way is nobody's to change; one that a worker has can be taken away before that.
function mustBeFree(
  { id }: Entry,
  { until, mark }: NonNullable<Entry['lease']>,
  takesAway: boolean,
  now: number,
): void {
  if (mark !== undefined) {
    throw conflict(
      until > now
        ? `A server is being given message ${id} just now; try again when it is settled`
        : `The worker that gave message ${id} to a server has not been heard of since; another one settles that when its lease is taken over`,
    );
  }
  if (!takesAway && until > now) {
    throw conflict(`Message ${id} is being sent just now; try again when it is settled`);
  }
}

const conflict = (message: string): OutboxError => new OutboxError('OUTBOX_CONFLICT', message);

const wrong = (option: string, expected: string): OptionError =>
  new OptionError(option, `Option '${option}' must be ${expected}`);
