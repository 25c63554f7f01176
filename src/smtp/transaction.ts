// One transaction over an open connection: MAIL, RCPT, DATA, content, final reply (RFC 5321 section 3.3; over LMTP one
// final reply for each recipient, RFC 2033 section 4.2).
import {
  type PosthornError,
  type RecipientFailure,
  type SmtpReply,
  SmtpReplyError,
  type Stage,
  type UnsettledRecipient,
} from '../base/index.ts';
import { Deadline } from '../net/internal.ts';
import { type CommandLine, command } from './command.ts';
import { ContentWriter } from './content-writer.ts';
import type { Dialogue } from './dialogue.ts';
import type { DeliveryOptions, WireContent } from './envelope.ts';
import { connectionLost, recipientsRefused, replyError } from './failure.ts';
import type { TimeoutsMs } from './options.ts';
import type { Recipient } from './parameters.ts';
import type { Answer, Verb } from './session.ts';

/** What stays the same from one transaction of a message to the next. */
export interface TransactionSettings {
  readonly dialogue: Dialogue;
  readonly timeoutsMs: Required<TimeoutsMs>;
  readonly options: DeliveryOptions;
  /** The most octets the server takes; 0 or `undefined` for no bound. */
  readonly sizeBound: number | undefined;
  readonly isLmtp: boolean;
  /** Whether recipients that are too many may wait for another transaction. */
  readonly mayPostpone: () => boolean;
}

/** What came of one transaction. */
export interface TransactionReport {
  readonly accepted: readonly string[];
  readonly rejected: readonly RecipientFailure[];
  readonly unsettled: readonly UnsettledRecipient[];
  /** Those the server would have taken if they were fewer. */
  readonly postponed: readonly Recipient[];
  /** The first positive final reply; `undefined` when nobody was accepted. */
  readonly reply: SmtpReply | undefined;
  /** Octets of the message on the wire, without the dots added. */
  readonly size: number;
}

/** Runs one transaction. */
export class Transaction {
  readonly #settings: TransactionSettings;
  readonly #deadline: Deadline;

  constructor(settings: TransactionSettings) {
    this.#settings = settings;
    this.#deadline = new Deadline(settings.options.signal);
  }

  /** Throws what ended it for everybody. When nobody is accepted before DATA, the transaction is left open. */
  async run(
    mail: CommandLine,
    recipients: readonly Recipient[],
    content: WireContent,
  ): Promise<TransactionReport> {
    await this.#must('MAIL', mail, 'mail');
    const { accepted, rejected, postponed } = await this.#recipients(recipients);
    if (rejected.length > 0 && this.#settings.options.partial === 'all-or-nothing') {
      throw recipientsRefused(rejected, recipients.length, true, this.#context('rcpt'));
    }
    if (accepted.length === 0) {
      return { accepted, rejected, unsettled: [], postponed, reply: undefined, size: 0 };
    }
    await this.#must('DATA', command('DATA'), 'data');
    const { isLmtp } = this.#settings;
    const size = await this.#writer(isLmtp ? accepted.length : 1).write(content);
    if (isLmtp) {
      const { rejected: later, ...outcome } = await this.#finalReplies(accepted);
      return { ...outcome, rejected: [...rejected, ...later], postponed, size };
    }
    const { verdict, reply } = await this.#finalReply();
    if (verdict === 'negative') throw replyError('content', reply, this.#context('final-reply'));
    return { accepted, rejected, unsettled: [], postponed, reply, size };
  }

  async #recipients(
    recipients: readonly Recipient[],
  ): Promise<{ accepted: string[]; rejected: RecipientFailure[]; postponed: Recipient[] }> {
    const accepted: string[] = [];
    const rejected: RecipientFailure[] = [];
    for (const [index, { address, line }] of recipients.entries()) {
      const { verdict, reply } = await this.#ask('RCPT', line, 'rcpt');
      if (verdict === 'positive') accepted.push(address);
      else if (accepted.length > 0 && isTooMany(reply) && this.#settings.mayPostpone()) {
        return { accepted, rejected, postponed: recipients.slice(index) };
      } else rejected.push({ address, reply });
    }
    return { accepted, rejected, postponed: [] };
  }

  // RFC 2033 section 4.2: a reply for each recipient that RCPT accepted, in their order. The connection may break between
  // them: those that were answered are settled, the others are not.
  async #finalReplies(
    recipients: readonly string[],
  ): Promise<Pick<TransactionReport, 'accepted' | 'rejected' | 'unsettled' | 'reply'>> {
    const accepted: string[] = [];
    const rejected: RecipientFailure[] = [];
    let first: SmtpReply | undefined;
    for (const [index, address] of recipients.entries()) {
      try {
        const { verdict, reply } = await this.#finalReply();
        if (verdict === 'negative') rejected.push({ address, reply });
        else {
          first ??= reply;
          accepted.push(address);
        }
      } catch (error) {
        const unsettled = this.#withoutReply(recipients.slice(index), error as PosthornError);
        if (accepted.length === 0) throw unsettled[0]?.error ?? error;
        return { accepted, rejected, unsettled, reply: first };
      }
    }
    if (accepted.length === 0) {
      const context = this.#context('final-reply');
      throw recipientsRefused(rejected, recipients.length, false, context);
    }
    return { accepted, rejected, unsettled: [], reply: first };
  }

  // A 421 answers the recipient whose turn it was; of those after it nothing is known.
  #withoutReply(addresses: readonly string[], error: PosthornError): UnsettledRecipient[] {
    const isRefusal = error instanceof SmtpReplyError;
    return addresses.map((address, index) => {
      const isUnknown = isRefusal && index > 0;
      return { address, error: isUnknown ? connectionLost(this.#context('final-reply')) : error };
    });
  }

  async #finalReply(): Promise<Answer> {
    const { dialogue, timeoutsMs } = this.#settings;
    const bounded = this.#deadline.within(timeoutsMs.finalReply, 'timeoutsMs.finalReply');
    return await dialogue.hear('final-reply', bounded);
  }

  async #must(verb: Verb, line: CommandLine, stage: Stage): Promise<void> {
    const { verdict, reply } = await this.#ask(verb, line, stage);
    if (verdict === 'negative') throw replyError(verb, reply, this.#context(stage));
  }

  async #ask(verb: Verb, line: CommandLine, stage: Stage): Promise<Answer> {
    const { dialogue, timeoutsMs } = this.#settings;
    const bounded = this.#deadline.within(timeoutsMs.command, 'timeoutsMs.command');
    return await dialogue.ask(verb, line, stage, bounded);
  }

  #writer(replies: number): ContentWriter {
    const { dialogue, timeoutsMs, options, sizeBound } = this.#settings;
    const bounds = { size: sizeBound, replies };
    return new ContentWriter(dialogue, this.#deadline, timeoutsMs.data, options.onProgress, bounds);
  }

  #context(stage: Stage): ReturnType<Dialogue['context']> {
    return this.#settings.dialogue.context(stage);
  }
}

// RFC 5321 section 4.5.3.1.10: 452, and 552 from servers of before it; the enhanced code says which 452 and 552 it is.
function isTooMany({ code, enhanced }: SmtpReply): boolean {
  if (enhanced === undefined) return code === 452;
  return enhanced === '4.5.3' || enhanced === '5.5.3';
}
