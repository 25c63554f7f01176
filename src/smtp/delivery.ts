// One message to all its recipients, over as many transactions as the server wants for them (RFC 9422, RFC 5321 section
// 4.5.3.1.10).
import {
  ConnectionError,
  type ErrorContext,
  InvalidMessageError,
  type PosthornError,
  type RecipientFailure,
  type SmtpReply,
  SmtpReplyError,
  type Stage,
  type UnsettledRecipient,
} from '../base/index.ts';
import { Deadline } from '../net/internal.ts';
import { takeBatch } from './batches.ts';
import type { SmtpLimits } from './capabilities.ts';
import { command } from './command.ts';
import type { Dialogue } from './dialogue.ts';
import type { DeliveryOptions, DeliveryReport, SmtpEnvelope, WireContent } from './envelope.ts';
import { peerOf, recipientsRefused } from './failure.ts';
import type { TimeoutsMs } from './options.ts';
import { type Link, type Plan, planOf, type Recipient } from './parameters.ts';
import { queueIdOf } from './queue-id.ts';
import { Transaction, type TransactionReport } from './transaction.ts';

/** The connection as a delivery sees it. */
export interface DeliveryLink extends Link {
  readonly dialogue: Dialogue;
  readonly timeoutsMs: Required<TimeoutsMs>;
  readonly isLmtp: boolean;
  /** How many messages the server still takes over this connection. */
  mailsLeft(): number;
  /** To be called before each MAIL. */
  countMail(): void;
}

/** Delivers one message. */
export class Delivery {
  readonly #link: DeliveryLink;
  readonly #options: DeliveryOptions;
  readonly #accepted: string[] = [];
  readonly #rejected: RecipientFailure[] = [];
  readonly #unsettled: UnsettledRecipient[] = [];
  #reply: SmtpReply | undefined;
  #size = 0;
  #isOpen = false;

  constructor(link: DeliveryLink, options: DeliveryOptions) {
    this.#link = link;
    this.#options = options;
  }

  /** Whether the server is left in a transaction, so that RSET is needed before the next message. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Throws before the first command what can be known before it. */
  async run(
    envelope: SmtpEnvelope,
    promised: WireContent | Promise<WireContent>,
  ): Promise<DeliveryReport> {
    const deadline = new Deadline(this.#options.signal);
    // Nothing has been said yet: the connection need not suffer for a call that ends now.
    const context = this.#context('mail');
    const content = await deadline.wait('mail', Promise.resolve(promised), context);
    deadline.check('mail', context);
    const plan = planOf(envelope, content, this.#options, this.#link, context);
    const isSplittable = (): boolean =>
      content.isRepeatable === true && this.#options.partial !== 'all-or-nothing';
    this.#mustFit(plan.recipients, isSplittable);
    await this.#transactions(plan, content, isSplittable);
    return this.#report(plan.recipients.length);
  }

  async #transactions(
    plan: Plan,
    content: WireContent,
    isSplittable: () => boolean,
  ): Promise<void> {
    const transaction = this.#transaction(isSplittable);
    let waiting = plan.recipients;
    while (waiting.length > 0) {
      const { batch, rest } = takeBatch(waiting, this.#limits);
      try {
        await this.#makeReady();
        this.#link.countMail();
        this.#isOpen = true;
        const report = await transaction.run(plan.mail, batch, content);
        this.#isOpen = report.accepted.length === 0;
        this.#add(report);
        waiting = [...report.postponed, ...rest];
      } catch (error) {
        // The content ends the transaction, whatever the reply to it is.
        this.#isOpen &&= this.#link.dialogue.state !== 'ready' || !endedByContent(error);
        // Until somebody has the message, the failure is the message's.
        if (this.#accepted.length === 0) throw error;
        this.#giveUp(batch, rest, error as PosthornError);
        return;
      }
    }
  }

  #transaction(mayPostpone: () => boolean): Transaction {
    const { dialogue, timeoutsMs, isLmtp, capabilities } = this.#link;
    const { size: sizeBound } = capabilities;
    const options = this.#options;
    return new Transaction({ dialogue, timeoutsMs, options, sizeBound, isLmtp, mayPostpone });
  }

  // Between two transactions of one message the server has to be told when the first came to nothing.
  async #makeReady(): Promise<void> {
    const { dialogue, timeoutsMs } = this.#link;
    if (this.#link.mailsLeft() <= 0) throw noMoreMails(dialogue.context('mail'));
    if (!this.#isOpen) return;
    const deadline = new Deadline(this.#options.signal);
    const bounded = deadline.within(timeoutsMs.command, 'timeoutsMs.command');
    await dialogue.ask('RSET', command('RSET'), 'rset', bounded);
  }

  #add(report: TransactionReport): void {
    this.#accepted.push(...report.accepted);
    this.#rejected.push(...report.rejected);
    this.#unsettled.push(...report.unsettled);
    this.#reply ??= report.reply;
    this.#size = report.size || this.#size;
  }

  // Some have the message, so it is a success; a reply that refused the others refused each of them.
  #giveUp(batch: readonly Recipient[], rest: readonly Recipient[], error: PosthornError): void {
    const { reply } = error;
    for (const { address } of batch) {
      if (reply && error instanceof SmtpReplyError) this.#rejected.push({ address, reply });
      else this.#unsettled.push({ address, error });
    }
    const untouched = error.delivered === 'no' ? error : noMoreMails(this.#context('mail')());
    for (const { address } of rest) this.#unsettled.push({ address, error: untouched });
  }

  // Content that can be read once, or that all or nobody must get, has one transaction.
  #mustFit(recipients: readonly Recipient[], isSplittable: () => boolean): void {
    const { batch, rest } = takeBatch(recipients, this.#limits);
    if (rest.length === 0 || isSplittable()) return;
    const context = this.#context('mail')();
    const cure =
      this.#options.partial === 'all-or-nothing'
        ? "several transactions can't be all or nothing: leave out 'partial', or send it to fewer at a time"
        : 'this content can be read once only: give bytes, a path or a function that opens a stream, or send it to fewer at a time';
    throw new InvalidMessageError(
      'FEATURE_NOT_OFFERED',
      `${peerOf(context)} takes ${batch.length} of the ${recipients.length} recipients in one transaction, and ${cure}; nothing was sent`,
      context,
    );
  }

  #report(all: number): DeliveryReport {
    const reply = this.#reply;
    if (!reply) {
      throw recipientsRefused(this.#rejected, all, false, this.#context('rcpt')());
    }
    const queueId = queueIdOf(reply);
    return {
      accepted: this.#accepted,
      rejected: this.#rejected,
      unsettled: this.#unsettled,
      reply,
      size: this.#size,
      ...(queueId === undefined ? {} : { queueId }),
    };
  }

  get #limits(): SmtpLimits {
    return this.#link.capabilities.limits;
  }

  #context(stage: Stage): () => ErrorContext {
    return () => this.#link.dialogue.context(stage);
  }
}

function endedByContent(error: unknown): boolean {
  return error instanceof SmtpReplyError && error.stage === 'final-reply';
}

// RFC 9422 section 4.1: MAILMAX.
function noMoreMails(context: ErrorContext): ConnectionError {
  return new ConnectionError(
    'CONNECTION_CLOSED',
    `${peerOf(context)} takes no more messages over this connection; send the rest over a new one`,
    { ...context, retryable: true },
  );
}
