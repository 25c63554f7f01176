// One message to all its recipients, over as many transactions as the server wants for them (RFC 9422, RFC 5321 section
// 4.5.3.1.10).
import {
  ConnectionError,
  type ErrorContext,
  InvalidMessageError,
  PosthornError,
  type RecipientFailure,
  type SmtpReply,
  SmtpReplyError,
  type Stage,
  type UnsettledRecipient,
} from '../base/index.ts';
import { takeBatch } from './batches.ts';
import type { SmtpLimits } from './capabilities.ts';
import { Flight, type FlightReport, type Manner } from './courier/flight.ts';
import type { Parcel } from './courier/parcel.ts';
import type { DeliveryReport } from './envelope.ts';
import { peerOf, recipientsRefused } from './failure.ts';
import { type Link, type Plan, planOf, type Recipient } from './parameters.ts';
import { reportProgress } from './progress.ts';
import { queueIdOf } from './queue-id.ts';

/** The connection as a delivery sees it. */
export interface DeliveryLink extends Link {
  readonly isLmtp: boolean;
  /** What every error carries. */
  context(stage: Stage): ErrorContext;
  /** How a transaction with this content is to be held. */
  manner(content: Parcel['content'], needsAll: boolean): Manner;
}

/** Cuts one message into transactions and puts together what came of them. */
export class Delivery {
  readonly parcel: Parcel;
  readonly #link: DeliveryLink;
  readonly #plan: Plan;
  readonly #accepted: string[] = [];
  readonly #rejected: RecipientFailure[] = [];
  readonly #unsettled: UnsettledRecipient[] = [];
  #batch: readonly Recipient[] = [];
  #waiting: readonly Recipient[];
  #reply: SmtpReply | undefined;
  #size = 0;

  /** Throws what can be known before the first command. */
  constructor(parcel: Parcel, link: DeliveryLink) {
    this.parcel = parcel;
    this.#link = link;
    const { envelope, content, options } = parcel;
    this.#plan = planOf(envelope, content, options, link, () => link.context('mail'));
    this.#waiting = this.#plan.recipients;
    this.#mustFit();
  }

  get #needsAll(): boolean {
    return this.parcel.options.partial === 'all-or-nothing';
  }

  get #isSplittable(): boolean {
    return this.parcel.content.isRepeatable === true && !this.#needsAll;
  }

  /** Who has the message. */
  get accepted(): readonly string[] {
    return this.#accepted;
  }

  /** Whether some recipient has the message. */
  get hasAccepted(): boolean {
    return this.#accepted.length > 0;
  }

  /** The content has been written, all of it at once. */
  passed(bytesSent: number): void {
    const { onProgress } = this.parcel.options;
    if (onProgress) reportProgress(onProgress, bytesSent, this.parcel.content.size);
  }

  /** The same transaction once more: nothing was said of its recipients. */
  again(): Flight | undefined {
    this.#waiting = [...this.#batch, ...this.#waiting];
    return this.next();
  }

  /** The next transaction; `undefined` when every recipient has had one. */
  next(): Flight | undefined {
    if (this.#waiting.length === 0) return undefined;
    const { batch, rest } = takeBatch(this.#waiting, this.#limits);
    this.#batch = batch;
    this.#waiting = rest;
    const { content } = this.parcel;
    return new Flight({
      mail: this.#plan.mail,
      recipients: batch,
      content,
      needsAll: this.#needsAll,
      mayPostpone: () => this.#isSplittable,
      isLmtp: this.#link.isLmtp,
      manner: this.#link.manner(content, this.#needsAll),
    });
  }

  /** Takes what came of the transaction. */
  add(outcome: FlightReport | PosthornError): void {
    if (outcome instanceof PosthornError) {
      // Until somebody has the message, the failure is the message's.
      if (this.#accepted.length === 0) throw outcome;
      this.#giveUp(outcome);
      return;
    }
    this.#accepted.push(...outcome.accepted);
    this.#rejected.push(...outcome.rejected);
    this.#unsettled.push(...outcome.unsettled);
    if (outcome.postponed.length > 0) this.#waiting = [...outcome.postponed, ...this.#waiting];
    this.#reply ??= outcome.reply;
    this.#size = outcome.size || this.#size;
  }

  // Some have the message, so it is a success; a reply that refused the others refused each of them.
  #giveUp(error: PosthornError): void {
    const { reply } = error;
    for (const { address } of this.#batch) {
      if (reply && error instanceof SmtpReplyError) this.#rejected.push({ address, reply });
      else this.#unsettled.push({ address, error });
    }
    const untouched = error.delivered === 'no' ? error : noMoreMails(this.#link.context('mail'));
    for (const { address } of this.#waiting) this.#unsettled.push({ address, error: untouched });
    this.#waiting = [];
  }

  // Content that can be read once, or that all or nobody must get, has one transaction.
  #mustFit(): void {
    const { batch, rest } = takeBatch(this.#waiting, this.#limits);
    if (rest.length === 0 || this.#isSplittable) return;
    const context = this.#link.context('mail');
    const cure = this.#needsAll
      ? "several transactions can't be all or nothing: leave out 'partial', or send it to fewer at a time"
      : 'this content can be read once only: give bytes, a path or a function that opens a stream, or send it to fewer at a time';
    throw new InvalidMessageError(
      'FEATURE_NOT_OFFERED',
      `${peerOf(context)} takes ${batch.length} of the ${this.#waiting.length} recipients in one transaction, and ${cure}; nothing was sent`,
      context,
    );
  }

  /** What came of the whole message; throws when nobody was accepted. */
  report(): DeliveryReport {
    const reply = this.#reply;
    this.#leaveWaiting(reply !== undefined);
    if (!reply) {
      const all = this.#plan.recipients.length;
      throw recipientsRefused(this.#rejected, all, false, this.#link.context('rcpt'));
    }
    const queueId = queueIdOf(reply);
    const report = {
      accepted: this.#accepted,
      rejected: this.#rejected,
      unsettled: this.#unsettled,
      reply,
      size: this.#size,
    };
    return queueId === undefined ? report : { ...report, queueId };
  }

  // The connection ended before their turn came.
  #leaveWaiting(isDelivered: boolean): void {
    if (this.#waiting.length === 0) return;
    const error = noMoreMails(this.#link.context('mail'));
    if (!isDelivered) throw error;
    for (const { address } of this.#waiting) this.#unsettled.push({ address, error });
    this.#waiting = [];
  }

  get #limits(): SmtpLimits {
    return this.#link.capabilities.limits;
  }
}

/** RFC 9422 section 4.1: MAILMAX. */
export function noMoreMails(context: ErrorContext): ConnectionError {
  return new ConnectionError(
    'CONNECTION_CLOSED',
    `${peerOf(context)} takes no more messages over this connection; send the rest over a new one`,
    { ...context, retryable: true },
  );
}
