// What users of the outbox see: options, messages, events. Types only.
import type {
  Delivered,
  PosthornError,
  RecipientFailure,
  SmtpReply,
  Stage,
} from '../../base/index.ts';
import type { EnvelopeOptions } from '../../client/index.ts';
import type { BounceReport, Priority } from '../../message/index.ts';
import type { FailureClass } from './classification.data.ts';
import type { DeliveryMode, OutboxState, StoredBounce, StoredOutcome } from './record.ts';
import type { EntryState } from './store.ts';

/** How an outbox is opened. */
export interface OutboxOptions {
  /**
   * What is done with a message of which nobody knows whether it arrived, because the connection or the process died between
   * the final dot and the reply: `'at-least-once'` sends it again, marked as a possible duplicate; `'at-most-once'` leaves
   * it as `'unknown'` until `resolve`. `enqueue` can say otherwise for its message. Default: `'at-least-once'`.
   */
  readonly delivery?: DeliveryMode;
  /** How long messages are kept once there is nothing left to do. Default: see each. */
  readonly retention?: RetentionOptions;
  /** Told what happens; what it throws is ignored. The same events are published on `diagnostics_channel`. Default: none. */
  readonly onEvent?: (event: OutboxEvent) => void;
}

/** How long messages are kept once there is nothing left to do. `Infinity` keeps them. */
export interface RetentionOptions {
  /** Those that were sent to everybody, in milliseconds. Default: 7 days. */
  readonly sentMs?: number;
  /** Those that failed or expired for somebody, in milliseconds. Default: 30 days. */
  readonly failedMs?: number;
}

/** How a message is enqueued. */
export interface EnqueueOptions {
  /**
   * The caller's own key, at most 500 characters: enqueueing again with the same key gives the id of the first message and
   * stores nothing. It is remembered as long as the message is kept. Default: none.
   */
  readonly idempotencyKey?: string | undefined;
  /** Not sent before. Default: at once. */
  readonly sendAt?: Date | number | undefined;
  /** Not sent after: recipients who have not got it by then are `'expired'`. Default: the worker's `maxAgeMs`. */
  readonly expiresAt?: Date | number | undefined;
  /** Which messages go first: `'high'` is 4, `'low'` is -4, and anything from -9 to 9. Default: `'normal'`, which is 0. */
  readonly priority?: Priority | number | undefined;
  /** Who it goes from and to. Default: by the message's header. */
  readonly envelope?: EnvelopeOptions | undefined;
  /** As for the outbox, for this message. Default: the outbox's. */
  readonly delivery?: DeliveryMode | undefined;
  /** Every server on the way must pass the message on over verified TLS (RFC 8689). Default: the transport's. */
  readonly requireTls?: boolean | undefined;
  /** How soon servers handle it, from -9 to 9 (RFC 6710), where that is offered. Default: the transport's. */
  readonly mtPriority?: number | undefined;
  /** Words of the caller's own, given back with the message; at most 4096 characters as JSON. Default: none. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /**
   * The caller's own transaction (PostgreSQL: a client of `pg` after `BEGIN`): the message is there when it is committed,
   * and never was when it is rolled back. Default: none.
   */
  readonly transaction?: unknown;
}

/** What `enqueue` gives once the message is on disk. */
export interface Enqueued {
  /** The id of the message in the outbox. */
  readonly id: string;
  /** Its Message-ID, with angle brackets; of a message enqueued before with the same key, that message's. */
  readonly messageId: string;
  /** `false` when a message with the same key was there before, and nothing was stored. */
  readonly isNew: boolean;
}

/** When a message is tried again. */
export interface RetryOptions {
  /**
   * How long to wait after the first failure, the second, and so on, in milliseconds; the last is for all that follow.
   * Default: 1, 5, 15, 30 minutes, 1, 2 and 4 hours.
   */
  readonly schedule?: readonly number[];
  /** How much each wait varies, as a part of it: 0.2 is from 80 % to 120 %. Default: `0.2`. */
  readonly jitter?: number;
  /**
   * How old a message may get, from `sendAt` or else from when it was enqueued, in milliseconds; a failure after that
   * is the last, unless it was the first. Default: 5 days.
   */
  readonly maxAgeMs?: number;
}

/** A failure, to be classified. */
export interface FailureFacts {
  /** What went wrong; `undefined` for one recipient refused by a reply while others were accepted. */
  readonly error: PosthornError | undefined;
  /** The reply, when there was one. */
  readonly reply: SmtpReply | undefined;
  /** Where in the dialogue it happened, when that is known. */
  readonly stage: Stage | undefined;
  /** The recipient; `undefined` when it is about all of them. */
  readonly recipient: string | undefined;
}

/** How a worker works. */
export interface WorkOptions {
  /** How many messages at once, to all destinations. Default: `5`. */
  readonly concurrency?: number;
  /** When a message is tried again. Default: see each. */
  readonly retry?: RetryOptions;
  /** What a failure means; `undefined` leaves it as the table has it, and so does throwing. Default: the table. */
  readonly classify?: (failure: FailureFacts, usual: FailureClass) => FailureClass | undefined;
  /**
   * Which messages share a destination, which has its own bound of concurrency and its own circuit breaker. Default: one
   * for all, because a client talks to one server.
   */
  readonly destination?: (message: OutboxMessage) => string;
  /** What is known of a destination that fails. Default: see each. */
  readonly circuit?: CircuitOptions;
  /**
   * How long a worker may say nothing before others take its messages over, in milliseconds. It says something three times
   * as often. Default: 60 seconds.
   */
  readonly leaseMs?: number;
  /** What the worker is called in attempts. Default: host name, process id and a number. */
  readonly name?: string;
  /** How long a transport that was paused for its credentials waits before one message tries it, in milliseconds. Default: 5 minutes. */
  readonly pauseMs?: number;
  /** The longest a server may ask to wait (Retry-After), in milliseconds. Default: 1 hour. */
  readonly maxRetryAfterMs?: number;
  /** Ends the worker, as `close` does. Default: none. */
  readonly signal?: AbortSignal;
}

/** When a destination is left alone. */
export interface CircuitOptions {
  /** How many failures of the host in a row open the circuit. Default: `5`. */
  readonly failures?: number;
  /** How long until one message tries it again, in milliseconds; doubled after each that fails, up to 16 times. Default: 30 seconds. */
  readonly openMs?: number;
}

/** What ended a recipient, or put it off, last. */
export type OutboxOutcome = StoredOutcome;

/** A recipient of a message in the outbox. */
export interface OutboxRecipient {
  /** The address, as RCPT has it. */
  readonly address: string;
  /** Where it stands. */
  readonly state: OutboxState;
  /** When it is tried again. */
  readonly retryAt: Date | undefined;
  /** When it was settled. */
  readonly settledAt: Date | undefined;
  /** The last reply or error. */
  readonly outcome: OutboxOutcome | undefined;
  /** What came back about it later. */
  readonly bounce: (Omit<StoredBounce, 'at'> & { readonly at: Date }) | undefined;
  /** The attempts it was part of. */
  readonly attempts: readonly OutboxAttempt[];
}

/** One attempt to hand a message to a server. */
export interface OutboxAttempt {
  /** When it began. */
  readonly at: Date;
  /** How long it took. */
  readonly durationMs: number;
  /** Which worker made it. */
  readonly worker: string;
  /** The name of the transport. */
  readonly transport: string;
  /** The host spoken to, when there was one. */
  readonly host: string | undefined;
  /** Its port. */
  readonly port: number | undefined;
  /** Where in the dialogue it ended; `undefined` when it went well. */
  readonly stage: Stage | undefined;
  /** The reply that ended it, when there was one. */
  readonly reply: SmtpReply | undefined;
  /** The code of the error; `undefined` when it went well. */
  readonly code: string | undefined;
  /** The message of the error. */
  readonly message: string | undefined;
  /** What kind of failure it was taken for. */
  readonly class: FailureClass | undefined;
  /** `'yes'`: for some recipient at least. `'unknown'`: it may be delivered or not. */
  readonly delivered: Delivered | 'yes';
  /** Whether an attempt before this one may have delivered the same message to one of its recipients. */
  readonly isPossibleDuplicate: boolean;
  /** The server's own number for it. */
  readonly queueId: string | undefined;
  /** What came of each recipient. */
  readonly results: readonly OutboxResult[];
}

/** What came of one recipient in one attempt. */
export interface OutboxResult {
  /** The recipient. */
  readonly address: string;
  /** Where it stood afterwards. */
  readonly state: OutboxState;
  /** The reply or error that was its own; `undefined` when it is that of the attempt. */
  readonly outcome: OutboxOutcome | undefined;
}

/** A message in the outbox. */
export interface OutboxMessage {
  /** Its id in the outbox. */
  readonly id: string;
  /** That of the recipient with the most to do; `'damaged'` when what is stored of it can't be read. */
  readonly state: EntryState;
  /** The Message-ID, with angle brackets. */
  readonly messageId: string;
  /** The subject, at most 200 characters of it. */
  readonly subject: string;
  /** Who it goes from and to. */
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  /** Octets. */
  readonly size: number;
  /** From -9 to 9. */
  readonly priority: number;
  /** What was asked for it; `undefined`: whatever the outbox of the worker has. */
  readonly delivery: DeliveryMode | undefined;
  /** The caller's own key. */
  readonly idempotencyKey: string | undefined;
  /** The caller's own words. */
  readonly metadata: Readonly<Record<string, string>>;
  /** When it was enqueued. */
  readonly enqueuedAt: Date;
  /** It is not sent before. */
  readonly sendAt: Date | undefined;
  /** It is not sent after. */
  readonly expiresAt: Date | undefined;
  /** When it is next looked at; `undefined` when there is nothing left to do. */
  readonly dueAt: Date | undefined;
  /** When there was nothing left to do. */
  readonly settledAt: Date | undefined;
  /** Everybody it is for. */
  readonly recipients: readonly OutboxRecipient[];
  /** Every attempt, oldest first; the first and the last hundred when there are more. */
  readonly attempts: readonly OutboxAttempt[];
}

/** Which messages are wanted; all conditions hold. */
export interface ListOptions {
  /** One state, or several. Default: any. */
  readonly state?: EntryState | readonly EntryState[];
  /** Only those behind the one with this id. Default: from the oldest. */
  readonly after?: string;
  /** How many at most. Default: all. */
  readonly limit?: number;
  /** Only the one with this key. */
  readonly idempotencyKey?: string;
  /** Only those with this Message-ID. */
  readonly messageId?: string;
}

/** How many messages there are in each state. */
export interface OutboxStats extends Readonly<Record<EntryState, number>> {
  /** All of them. */
  readonly total: number;
  /** How long the message that waits longest has been due, in milliseconds; 0 when none is due. The figure to watch. */
  readonly lagMs: number;
}

interface EventBase {
  readonly at: Date;
}

interface MessageEvent extends EventBase {
  readonly id: string;
  readonly messageId: string;
}

/** What happens in the outbox; published on `node:diagnostics_channel` as `posthorn:outbox:<type>`. */
export type OutboxEvent =
  | (MessageEvent & {
      readonly type: 'enqueued';
      readonly size: number;
      readonly durationMs: number;
    })
  /** An attempt begins. */
  | (MessageEvent & {
      readonly type: 'attempt';
      readonly worker: string;
      readonly recipients: readonly string[];
      readonly isPossibleDuplicate: boolean;
    })
  | (MessageEvent & {
      readonly type: 'sent';
      readonly recipients: readonly string[];
      readonly durationMs: number;
      readonly queueId: string | undefined;
    })
  | (MessageEvent & {
      readonly type: 'deferred';
      readonly recipients: readonly string[];
      readonly retryAt: Date;
      readonly class: FailureClass;
      readonly error: PosthornError | undefined;
    })
  | (MessageEvent & {
      readonly type: 'failed' | 'expired' | 'unknown';
      readonly recipients: readonly string[];
      readonly rejected: readonly RecipientFailure[];
      readonly error: PosthornError | undefined;
    })
  | (MessageEvent & { readonly type: 'cancelled'; readonly recipients: readonly string[] })
  | (MessageEvent & {
      readonly type: 'bounced';
      readonly recipients: readonly string[];
      readonly report: BounceReport;
    })
  /** Its word came too late: another worker has the message. */
  | (MessageEvent & { readonly type: 'lease-lost'; readonly worker: string })
  | (EventBase & { readonly type: 'damaged'; readonly id: string; readonly error: PosthornError })
  /** The transport is left alone until somebody has looked; no message suffers. */
  | (EventBase & {
      readonly type: 'paused';
      readonly worker: string;
      readonly error: PosthornError | undefined;
      readonly until: Date | undefined;
    })
  | (EventBase & { readonly type: 'resumed'; readonly worker: string })
  | (EventBase & {
      readonly type: 'circuit';
      readonly worker: string;
      readonly destination: string;
      readonly state: 'open' | 'probing' | 'closed';
      readonly error: PosthornError | undefined;
    })
  /** The store can't be read or written; the worker goes on trying. */
  | (EventBase & {
      readonly type: 'store-failed';
      readonly worker: string;
      readonly error: PosthornError;
    })
  | (EventBase & { readonly type: 'clock-jump'; readonly worker: string; readonly byMs: number })
  | (EventBase & { readonly type: 'cleaned'; readonly messages: number });

/** What a worker has done and is doing. */
export interface WorkerStats {
  /** Messages it has in hand. */
  readonly active: number;
  /** Attempts it has finished. */
  readonly attempts: number;
  /** Recipients who were accepted. */
  readonly sent: number;
  /** How often a recipient was put off. */
  readonly deferred: number;
  /** Recipients who were refused for good, or whose time ran out. */
  readonly failed: number;
  /** Recipients of whom nobody knows. */
  readonly unknown: number;
  /** Why it waits, when it does. */
  readonly paused: PosthornError | 'by request' | undefined;
  /** The bound of concurrency and the state of the circuit of each destination. */
  readonly destinations: ReadonlyMap<
    string,
    {
      readonly concurrency: number;
      readonly active: number;
      readonly circuit: 'open' | 'probing' | 'closed';
    }
  >;
}
