// What the outbox knows of a message, as it is stored: JSON that every store keeps as text and none looks into. Times are
// milliseconds since 1970.
import type { Delivered, SmtpReply, Stage } from '../../base/index.ts';
import type { DsnOptions } from '../../smtp/index.ts';
import type { FailureClass } from './classification.data.ts';

/**
 * Where a recipient stands. `'queued'`: not tried yet. `'sending'`: a worker has it. `'sent'`: a server accepted it.
 * `'deferred'`: it is tried again at `retryAt`. `'failed'`: refused for good, or cancelled. `'expired'`: its time ran out.
 * `'unknown'`: the connection or the process died between the final dot and the reply, and it is not tried again unless
 * `resolve` says so.
 */
export type OutboxState =
  | 'queued'
  | 'sending'
  | 'sent'
  | 'deferred'
  | 'failed'
  | 'expired'
  | 'unknown';

/** What the outbox promises about messages of which nobody knows whether they arrived. */
export type DeliveryMode = 'at-least-once' | 'at-most-once';

/** What ended a recipient, or put it off, last. */
export interface StoredOutcome {
  readonly reply?: SmtpReply;
  /** The code of the error. */
  readonly code?: string;
  /** Its message: what is wrong and what to do. */
  readonly message?: string;
}

/** One recipient. */
export interface StoredRecipient {
  readonly address: string;
  /** Never `'sending'`: that a worker has it is known by the store's lease. */
  readonly state: Exclude<OutboxState, 'sending'>;
  /** Attempts that failed for it; what the back-off counts. */
  readonly failures: number;
  /** When it is tried again. */
  readonly retryAt?: number;
  /** When it was settled. */
  readonly settledAt?: number;
  readonly outcome?: StoredOutcome;
  /** What came back about it after a server had taken it (RFC 3464). */
  readonly bounce?: StoredBounce;
  /** `resolve` has said that it is not sent again, though nobody knows whether it arrived. */
  readonly isDropped?: true;
}

/** What a bounce said of a recipient. */
export interface StoredBounce {
  readonly at: number;
  /** `'failed'`, `'delayed'`, … (RFC 3464 section 2.3.3). */
  readonly action: string;
  /** The status code (RFC 3463). */
  readonly status: string;
  readonly isPermanent: boolean;
  /** Why, in one word. */
  readonly reason: string;
  /** What the server that refused said. */
  readonly diagnostic?: string;
}

/** What came of one recipient in one attempt. */
export interface StoredResult {
  /** Which recipient, by its place in the list. */
  readonly recipient: number;
  readonly state: Exclude<OutboxState, 'sending'>;
  readonly outcome?: StoredOutcome;
}

/** One attempt to hand the message to a server. */
export interface StoredAttempt {
  readonly at: number;
  readonly durationMs: number;
  /** Which worker made it. */
  readonly worker: string;
  readonly transport: string;
  readonly host?: string;
  readonly port?: number;
  readonly stage?: Stage;
  readonly reply?: SmtpReply;
  readonly code?: string;
  readonly message?: string;
  readonly class?: FailureClass;
  /** Whether a server has the message; `'yes'` for some recipient at least. */
  readonly delivered: Delivered | 'yes';
  /** An attempt before this one may have delivered the same message to one of its recipients. */
  readonly isPossibleDuplicate?: true;
  /** The server's own number for it. */
  readonly queueId?: string;
  readonly results: readonly StoredResult[];
}

/** How a message is handed over, as `enqueue` was told. */
export interface StoredWishes {
  readonly dsn?: DsnOptions;
  readonly requireTls?: boolean;
  readonly mtPriority?: number;
}

/** The record of one message. */
export interface StoredRecord {
  /** Of the shape of the record. */
  readonly version: 1;
  readonly messageId: string;
  readonly from: string;
  readonly subject?: string;
  /** Octets of the content. */
  readonly size: number;
  /** CRC-32 of the content. */
  readonly crc: number;
  readonly enqueuedAt: number;
  /** When somebody last asked for it to be tried again; its age counts from then. */
  readonly retriedAt?: number;
  readonly sendAt?: number;
  readonly expiresAt?: number;
  readonly delivery?: DeliveryMode;
  readonly wishes?: StoredWishes;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly recipients: readonly StoredRecipient[];
  readonly attempts: readonly StoredAttempt[];
  /** Attempts that are no longer listed, because there were too many. */
  readonly forgottenAttempts?: number;
}

/** What a worker notes before the last octet is written: whom it is about, and who has it already. */
export interface DotMark {
  /** Recipients of the transaction about to be finished, by their places; left out for all that were open. */
  readonly recipients?: readonly number[];
  /** Those that were accepted in an earlier transaction of the same attempt. */
  readonly accepted?: readonly number[];
}
