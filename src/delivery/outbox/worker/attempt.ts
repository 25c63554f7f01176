// One attempt to hand one message to a transport: from the claim to what became of it, noted in the store.
import { OutboxError, PosthornError, printable } from '../../../base/index.ts';
import type { SendOptions, SendReceipt, Transport } from '../../../client/index.ts';
import type { FinalNotice } from '../../../smtp/index.ts';
import { readRecord, writeRecord } from '../read-record.ts';
import type { DeliveryMode, DotMark, StoredRecord } from '../record.ts';
import { afterAttempt, changeOf, type TakenUp, takeUp } from '../states.ts';
import type { Change, Claim, OutboxStore } from '../store.ts';
import { type Judgement, judge, type Lessons } from './judge.ts';
import { type StoredMessage, storedMessage } from './stored-message.ts';
import type { WorkSettings } from './work-settings.ts';

// Recipients who are due that much later go along.
const SLACK_MS = 1000;

const NOTHING: Lessons = { destination: undefined, pause: undefined, retryAfterMs: undefined };

/** What an attempt needs of its worker. */
export interface AttemptHome {
  readonly store: OutboxStore;
  readonly transport: Transport;
  readonly settings: WorkSettings;
  readonly delivery: DeliveryMode;
}

/** What is to be noted, and what it means. */
export interface AttemptEnd {
  readonly change: Change;
  /** The record as it will be. */
  readonly record: StoredRecord | undefined;
  /** The record as it was when the attempt began. */
  readonly before: StoredRecord | undefined;
  readonly judgement: Judgement | undefined;
  readonly lessons: Lessons;
  readonly error: PosthornError | undefined;
  readonly durationMs: number;
  readonly damage: PosthornError | undefined;
}

/** A message that a worker has in hand. */
export class Attempt {
  readonly claim: Claim;
  readonly #home: AttemptHome;
  #isLost = false;
  // On the monotonic clock: after that somebody else may have it.
  #leaseEnd: number;
  #hasMarked = false;

  /** @param askedAt When the claim was asked for, on the monotonic clock. */
  constructor(claim: Claim, home: AttemptHome, askedAt: number) {
    this.claim = claim;
    this.#home = home;
    this.#leaseEnd = askedAt + home.settings.leaseMs;
  }

  /** The lease is as long again, counted from when that was asked for. */
  renewed(askedAt: number): void {
    this.#leaseEnd = Math.max(this.#leaseEnd, askedAt + this.#home.settings.leaseMs);
  }

  /** Somebody else has the message: nothing that makes it the server's is written any more. */
  lose(): void {
    this.#isLost = true;
  }

  /**
   * Sends the message to whom it is due for. Never throws: what goes wrong is in what is to be noted.
   *
   * @param begins Called when there is somebody to send it to.
   */
  async run(begins: (taken: TakenUp) => void): Promise<AttemptEnd> {
    const { claim } = this;
    const { store, settings } = this.#home;
    let before: StoredRecord;
    try {
      before = readRecord(claim.record, claim.id);
    } catch (error) {
      return held(undefined, error as PosthornError);
    }
    const delivery = before.delivery ?? this.#home.delivery;
    const now = store.now();
    const taken = takeUp(before, claim.interruption, { now, delivery, slackMs: SLACK_MS });
    // A mark is forgotten when the entry is settled: what it means has to be on record before there can be another one.
    // Should this worker end as well, the next one finds either the mark or the record.
    if (taken.open.length === 0 || claim.interruption?.mark !== undefined) {
      const change = changeOf(taken.record, writeRecord(taken.record), now);
      return { ...quiet(before), change, record: taken.record };
    }
    begins(taken);
    const begin = performance.now();
    const outcome = await this.#send(taken);
    const durationMs = performance.now() - begin;
    const error = outcome instanceof PosthornError ? outcome : undefined;
    const endedAt = store.now();
    const judgement = judge(
      {
        ...taken,
        outcome,
        startedAt: now,
        now: endedAt,
        durationMs,
        transport: this.#home.transport.name,
        delivery,
      },
      settings,
      Math.random,
    );
    const { attempt, fates, lessons } = judgement;
    const record = afterAttempt(taken.record, attempt, fates, endedAt);
    const whole = changeOf(record, writeRecord(record), endedAt);
    const change: Change = judgement.isHeld
      ? { ...whole, state: 'damaged', dueAt: undefined, settledAt: undefined }
      : whole;
    const damage = judgement.isHeld ? error : undefined;
    return { change, record, before, judgement, lessons, error, durationMs, damage };
  }

  /** The message goes back as it was, to be looked at again at `dueAt`. */
  putBack(dueAt: number): Change {
    const { claim } = this;
    try {
      const record = readRecord(claim.record, claim.id);
      // What its last worker left undone is for whoever takes it up.
      if (claim.interruption) {
        const delivery = record.delivery ?? this.#home.delivery;
        const now = this.#home.store.now();
        const taken = takeUp(record, claim.interruption, { now, delivery, slackMs: SLACK_MS });
        const change = changeOf(taken.record, writeRecord(taken.record), now);
        return change.dueAt === undefined ? change : { ...change, dueAt };
      }
      return { ...changeOf(record, claim.record, dueAt), dueAt };
    } catch {
      return { state: 'damaged', dueAt: undefined, settledAt: undefined };
    }
  }

  async #send(taken: TakenUp): Promise<SendReceipt | PosthornError> {
    const { store, transport } = this.#home;
    let stored: StoredMessage | undefined;
    try {
      stored = await storedMessage(store, this.claim, taken.record);
      const options = this.#options(taken);
      if (transport.callsBeforeFinal !== true) await this.#mark(taken, undefined);
      return await transport.send(stored.message, options);
    } catch (error) {
      return error instanceof PosthornError ? error : this.#foreign(error);
    } finally {
      await stored?.release().catch(() => undefined);
    }
  }

  #options(taken: TakenUp): SendOptions {
    const { record, open } = taken;
    const { from, wishes = {} } = record;
    const to = open.map((place) => record.recipients[place]?.address ?? '');
    const { dsn, requireTls, mtPriority } = wishes;
    const hears = this.#home.transport.callsBeforeFinal === true;
    return {
      envelope: { from, to, ...(dsn && { dsn }) },
      ...(requireTls !== undefined && { requireTls }),
      ...(mtPriority !== undefined && { mtPriority }),
      ...(hears && { beforeFinal: this.#marker(taken) }),
    };
  }

  // A message may need several transactions: of those that are neither accepted nor refused by the next, nobody knows.
  #marker(taken: TakenUp): (notice: FinalNotice) => Promise<void> {
    const told = new Set<string>();
    return async ({ recipients, accepted }) => {
      for (const address of recipients) told.add(address);
      for (const address of accepted) told.delete(address);
      const isWhole = accepted.length === 0 && told.size === taken.open.length;
      await this.#mark(taken, isWhole ? undefined : { told, accepted });
    };
  }

  async #mark(
    { record, open }: TakenUp,
    some: { readonly told: ReadonlySet<string>; readonly accepted: readonly string[] } | undefined,
  ): Promise<void> {
    let mark: DotMark = open.length === record.recipients.length ? {} : { recipients: open };
    if (some) {
      const accepted = new Set(some.accepted);
      const of = (addresses: ReadonlySet<string>): number[] =>
        open.filter((place) => addresses.has(record.recipients[place]?.address ?? ''));
      mark = { recipients: of(some.told), accepted: of(accepted) };
    }
    this.#mustHaveIt();
    const isOurs = await this.#home.store.mark(this.claim, JSON.stringify(mark));
    if (!isOurs) this.#isLost = true;
    this.#mustHaveIt();
    this.#hasMarked = true;
  }

  #mustHaveIt(): void {
    if (!this.#isLost && performance.now() < this.#leaseEnd) return;
    throw new OutboxError(
      'OUTBOX_LEASE_LOST',
      `Message ${this.claim.id} was cancelled, or another worker has it because this one stalled; nothing was sent by this one`,
    );
  }

  // A transport of somebody else's threw what is no error of ours: once marked, nobody knows.
  #foreign(error: unknown): PosthornError {
    const reason = printable(error instanceof Error ? error.message : String(error));
    const { transport } = this.#home;
    return new PosthornError(
      'CONNECTION_CLOSED',
      `The transport '${printable(transport.name)}' failed: ${reason}`,
      { cause: error, retryable: true, delivered: this.#hasMarked ? 'unknown' : 'no' },
    );
  }
}

function quiet(before: StoredRecord): Omit<AttemptEnd, 'change' | 'record'> {
  return {
    before,
    judgement: undefined,
    lessons: NOTHING,
    error: undefined,
    durationMs: 0,
    damage: undefined,
  };
}

function held(record: StoredRecord | undefined, damage: PosthornError): AttemptEnd {
  return {
    change: { state: 'damaged', dueAt: undefined, settledAt: undefined },
    record,
    before: record,
    judgement: undefined,
    lessons: NOTHING,
    error: undefined,
    durationMs: 0,
    damage,
  };
}
