// Many messages through the pool, in constant memory: the next one is asked for when a connection has begun one before
// it, and each is forgotten when it has its outcome.
import type { PosthornError } from '../../base/index.ts';
import type { DeliveryOptions } from '../../smtp/index.ts';
import type { Deliverer } from '../deliverer.ts';
import { aborted, clientClosed, endedBySignal, leftEarly } from '../failures.ts';
import { prepareMessage } from '../message-delivery.ts';
import { tellFailed, tellSent } from '../outcome-events.ts';
import { CappedLane } from '../pool/capped-lane.ts';
import { DeliveryJob } from '../pool/delivery-job.ts';
import type { SendOptions, SendReceipt } from '../transport.ts';
import type { Delivery } from '../wire-content.ts';
import { BulkEntry, type EntryOwner, readGiven } from './entry.ts';
import type { BulkPlan } from './plan.ts';
import { messageError, Source, type SourceListener } from './source.ts';
import { Strikes } from './strikes.ts';
import type { BulkMessage, BulkOutcome } from './types.ts';

// How many messages are ready for each connection before it asks.
const AHEAD = 2;
// How many for each connection are under way: more than a long way to the server needs, and few enough that they are
// forgotten before the collector of garbage takes them for lasting.
const MOST_UNDER_WAY = 32;
// How many are taken in one turn of the event loop, when each of them is wrong.
const MOST_IN_A_TURN = 256;

/** Who is told. */
export interface RunListener {
  /** Whether it takes more outcomes. */
  readonly hasRoom: boolean;
  /** A message has its outcome; `recipients` are those of its envelope. */
  settled(outcome: BulkOutcome, recipients: readonly string[]): void;
  /** Every message that was taken has its outcome. */
  over(): void;
}

/** What holds up the closing of the client, and is held up by it. */
export interface Gate {
  readonly isClosed: boolean;
  enter(): void;
  exit(): void;
}

/** Takes messages and sees to it that each has its outcome. */
export class BulkRun implements EntryOwner, SourceListener {
  readonly lane: unknown;
  readonly #plan: BulkPlan;
  readonly #deliverer: Deliverer;
  readonly #gate: Gate;
  readonly #listener: RunListener;
  readonly #source: Source;
  readonly #strikes: Strikes;
  readonly #mostAhead: number;
  readonly #mostUnderWay: number;
  readonly #options: DeliveryOptions;
  readonly #onAbort = (): void => {
    const { signal } = this.#plan;
    if (signal) this.stop(endedBySignal(signal));
  };
  #taken = 0;
  #underWay = 0;
  // Taken, and not begun by a connection.
  #ahead = 0;
  #isPulling = false;
  #isStopped = false;
  #isExhausted = false;
  #isOver = false;
  #error: PosthornError | undefined;
  #leaving: Promise<void> = Promise.resolve();

  constructor(plan: BulkPlan, deliverer: Deliverer, gate: Gate, listener: RunListener) {
    const { connections, messages, common } = plan;
    this.#plan = plan;
    this.#deliverer = deliverer;
    this.#gate = gate;
    this.#listener = listener;
    this.#options = deliverer.optionsFor(common);
    this.lane = connections === undefined ? this : new CappedLane(connections);
    const most = deliverer.pool.maxFor(this.lane);
    this.#mostAhead = AHEAD * most;
    this.#mostUnderWay = MOST_UNDER_WAY * most;
    this.#strikes = new Strikes(most);
    this.#source = new Source(messages, this);
  }

  /** What ended it early. */
  get error(): PosthornError | undefined {
    return this.#error;
  }

  /** How many messages were taken. */
  get taken(): number {
    return this.#taken;
  }

  /** Begins. */
  start(): void {
    const { signal } = this.#plan;
    if (this.lane instanceof CappedLane) this.#deliverer.pool.join(this.lane);
    signal?.addEventListener('abort', this.#onAbort);
    if (signal?.aborted) this.#onAbort();
    this.pull();
  }

  /** Takes as many messages as there is room for. */
  pull(): void {
    if (this.#isPulling) return;
    this.#isPulling = true;
    for (let count = 1; this.#hasRoom; count += 1) {
      this.#source.ask();
      if (count < MOST_IN_A_TURN) continue;
      setImmediate(() => this.pull());
      break;
    }
    this.#isPulling = false;
    this.#lookOver();
  }

  get #hasRoom(): boolean {
    if (this.#isStopped || this.#isExhausted || this.#ahead >= this.#mostAhead) return false;
    if (this.#underWay >= this.#mostUnderWay) return false;
    if (!this.#source.isReady || !this.#listener.hasRoom) return false;
    if (this.#gate.isClosed) this.stop(clientClosed());
    return !this.#isStopped;
  }

  /** Takes no more; what no connection has begun is not attempted. */
  stop(error?: PosthornError): void {
    if (this.#isStopped || this.#isOver) return;
    this.#isStopped = true;
    this.#error ??= error;
    this.#leaving = this.#source.leave();
    const why = error ?? leftEarly();
    for (const job of this.#deliverer.pool.withdrawAll(this.lane)) job.fail(why);
    this.#lookOver();
  }

  given(given: BulkMessage | Promise<BulkMessage>): void {
    if (this.#gate.isClosed) this.stop(clientClosed());
    const entry = new BulkEntry(this.#taken, this);
    if (this.#isStopped) this.#leave(entry, given);
    else {
      this.#taken += 1;
      this.#underWay += 1;
      this.#ahead += 1;
      this.#gate.enter();
      if (given instanceof Promise) {
        given.then(
          (message) => this.#prepare(entry, message),
          (error: unknown) => this.failed(entry, error),
        );
      } else this.#prepare(entry, given);
    }
    // One that came later than it was asked for.
    this.pull();
  }

  // It was asked for before the end, and came after it.
  #leave({ index }: BulkEntry, given: BulkMessage | Promise<BulkMessage>): void {
    if (given instanceof Promise) given.catch(() => undefined);
    if (this.#isOver) return;
    this.#taken += 1;
    this.#listener.settled({ index, message: undefined, status: 'not-attempted' }, []);
  }

  ended(error?: PosthornError): void {
    this.#isExhausted = true;
    this.#error ??= error;
    this.pull();
  }

  begun(): void {
    this.#ahead -= 1;
    this.pull();
  }

  sent(entry: BulkEntry, receipt: SendReceipt): void {
    this.#strikes.clear();
    tellSent(this.#deliverer.home.onEvent, receipt, entry.connectionId);
    const { index, message } = entry;
    this.#settle(entry, { index, message, status: 'sent', receipt });
  }

  failed(entry: BulkEntry, cause: unknown): void {
    const { index, message, connectionId } = entry;
    const error = messageError(cause);
    tellFailed(this.#deliverer.home.onEvent, error, connectionId);
    if (this.#strikes.isOut(error, connectionId)) this.stop(error);
    this.#settle(entry, { index, message, status: 'failed', error });
  }

  unreached(entry: BulkEntry, cause: unknown): void {
    this.stop(messageError(cause));
    const { index, message } = entry;
    this.#settle(entry, { index, message, status: 'not-attempted' });
  }

  #prepare(entry: BulkEntry, given: BulkMessage): void {
    try {
      const { message, options } = readGiven(given, this.#plan.common);
      entry.message = message;
      const delivery = prepareMessage(message, options, this.#deliverer);
      if (delivery instanceof Promise) {
        delivery.then(
          (ready) => this.#submit(entry, ready, options),
          (error: unknown) => this.failed(entry, error),
        );
      } else this.#submit(entry, delivery, options);
    } catch (error) {
      this.failed(entry, error);
    }
  }

  #submit(entry: BulkEntry, delivery: Delivery, options: SendOptions): void {
    const isCommon = options === this.#plan.common;
    entry.prepared(delivery, isCommon ? this.#options : this.#deliverer.optionsFor(options));
    const { signal } = options;
    if (this.#isStopped) entry.unreached(this.#error);
    else if (signal?.aborted) entry.failed(aborted(signal));
    else new DeliveryJob(entry, this.#deliverer.home).submit();
  }

  #settle(entry: BulkEntry, outcome: BulkOutcome): void {
    if (!entry.hasBegun) this.#ahead -= 1;
    this.#underWay -= 1;
    this.#gate.exit();
    this.#listener.settled(outcome, entry.recipients);
    this.pull();
  }

  #lookOver(): void {
    if (this.#isOver || this.#underWay > 0 || !(this.#isStopped || this.#isExhausted)) return;
    this.#isOver = true;
    this.#plan.signal?.removeEventListener('abort', this.#onAbort);
    if (this.lane instanceof CappedLane) this.#deliverer.pool.part(this.lane);
    void this.#leaving.then(() => this.#listener.over());
  }
}
