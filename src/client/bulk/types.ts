// What many messages are given as, and what is told of them. Types only.
import type { PosthornError } from '../../base/index.ts';
import type { DeliverOptions, Sendable, SendOptions, SendReceipt } from '../transport.ts';

/** A message with options of its own, such as an envelope: what `send` takes as two arguments. */
export interface BulkItem {
  /** The message, or the fields of one. */
  readonly message: Sendable;
  /** Overrules the options of the whole call, one by one. */
  readonly options?: SendOptions | undefined;
}

/** What one of many messages is given as. */
export type BulkMessage = Sendable | BulkItem;

/**
 * Many messages: an array, a generator, any iterable or async iterable. It is asked for the next message when there is
 * room for it, so that it may be endless. A promise among them is waited for beside the others.
 */
export type BulkMessages =
  | Iterable<BulkMessage | Promise<BulkMessage>>
  | AsyncIterable<BulkMessage | Promise<BulkMessage>>;

/** How many messages are sent; `partial`, `requireTls` and so on hold for each. */
export interface BulkOptions extends Omit<DeliverOptions, 'signal' | 'onProgress'> {
  /** Whether each goes packed for Outlook (TNEF); see {@link SendOptions}. Default: the client's. */
  readonly tnef?: boolean | undefined;
  /**
   * How many connections these messages may use at once. More than the client has otherwise are had for the time.
   * Default: as many as the client's `connections` allows.
   */
  readonly connections?: number | undefined;
  /** How many messages there are, for the time left and for `notAttempted`. Default: the `length` or `size` of `messages`. */
  readonly total?: number | undefined;
  /**
   * Ends it: what no connection has begun is not attempted, what is under way gets its true outcome. Default: none.
   */
  readonly signal?: AbortSignal | undefined;
  /** Called five times a second at most, and at the end. What it throws is ignored. Default: none. */
  readonly onProgress?: ((progress: BulkProgress) => void) | undefined;
}

/** How `bulkSend` sends many messages. */
export interface BulkSendOptions extends BulkOptions {
  /** Called for each message when it has an outcome. What it throws is ignored. Default: none. */
  readonly onOutcome?: ((outcome: BulkOutcome) => void) | undefined;
}

/** How far it has come. */
export interface BulkProgress {
  /** How many messages the server has taken. */
  readonly sent: number;
  /** How many failed. */
  readonly failed: number;
  /** How many there are, when known. */
  readonly total?: number;
  /** Messages per second that had an outcome, over the last few seconds. */
  readonly messagesPerSecond: number;
  /** Milliseconds until all have an outcome at that rate; only when `total` is known. */
  readonly timeLeftMs?: number;
  /** Milliseconds since the call. */
  readonly elapsedMs: number;
}

interface OutcomeBase {
  /** Which message, counted from 0 as they were given. */
  readonly index: number;
  /** The message as it was given; `undefined` when the promise of it was rejected. */
  readonly message: Sendable | undefined;
}

/** What became of one of many messages. */
export type BulkOutcome =
  | (OutcomeBase & {
      readonly status: 'sent';
      /** Its `rejected` names recipients that were refused. */
      readonly receipt: SendReceipt;
    })
  | (OutcomeBase & {
      readonly status: 'failed';
      /** Its `delivered` is `'unknown'` when the server may have the message all the same. */
      readonly error: PosthornError;
    })
  | (OutcomeBase & { readonly status: 'not-attempted' });

/** One that failed. */
export interface BulkFailure {
  /** Which message, counted from 0. */
  readonly index: number;
  /** Its recipients, where they could be read. */
  readonly to: readonly string[];
  /** Why. */
  readonly error: PosthornError;
}

/** What became of many messages. */
export interface BulkReport {
  /** How many messages the server has taken, for some recipient at least. */
  readonly sent: number;
  /** How many failed: they are wrong, were refused, or nobody knows. */
  readonly failed: number;
  /** How many of those that failed the server may have all the same. */
  readonly unknown: number;
  /** How many were not attempted, because something ended the call; of those not asked for, only when `total` is known. */
  readonly notAttempted: number;
  /** How many messages were taken from `messages`; those from this index on it was not asked for. */
  readonly taken: number;
  /** How many recipients were refused of the messages that were sent. */
  readonly rejectedRecipients: number;
  /** The first 100 that failed; `onOutcome` is told of each. */
  readonly failures: readonly BulkFailure[];
  /**
   * What ended the call early: no connection could be had, `messages` threw (`MESSAGE_SOURCE_FAILED`), the signal
   * (`ABORTED`). `undefined` when every message has been attempted.
   */
  readonly error: PosthornError | undefined;
  /** When the call began. */
  readonly startedAt: Date;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
}
