// One transaction on its way: which commands it still has to say, and what the replies so far mean for it (RFC 5321
// section 3.3, RFC 2920, RFC 3030). No I/O.
import {
  type ErrorContext,
  type PosthornError,
  type RecipientFailure,
  type SmtpReply,
  SmtpReplyError,
  type Stage,
  type UnsettledRecipient,
} from '../../base/index.ts';
import { type CommandLine, command } from '../command.ts';
import type { WireContent } from '../envelope.ts';
import { connectionLost, contradiction, recipientsRefused, replyError } from '../failure.ts';
import type { Recipient } from '../parameters.ts';
import type { Answer, Verb } from '../session.ts';

/** How the commands of a transaction are sent. */
export interface Manner {
  /** Whether commands may be sent before the replies to those before them (RFC 2920). */
  readonly isPipelined: boolean;
  /** How the content goes: after DATA, or in chunks of known size (RFC 3030). */
  readonly framing: 'data' | 'bdat';
  /** Whether the content goes with the envelope, before its replies. */
  readonly isEager: boolean;
  /** Whether RSET stands between the content of one message and the commands of the next, for servers that need it. */
  readonly isSeparated: boolean;
}

/** What is said in one transaction. */
export interface FlightPlan {
  readonly mail: CommandLine;
  readonly recipients: readonly Recipient[];
  readonly content: WireContent;
  /** Whether one recipient refused is one too many. */
  readonly needsAll: boolean;
  /** Whether recipients that are too many may wait for another transaction. */
  readonly mayPostpone: () => boolean;
  readonly isLmtp: boolean;
  readonly manner: Manner;
}

/** What came of one transaction. */
export interface FlightReport {
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

/** A command to be sent. */
export interface Told {
  readonly verb: Verb;
  readonly command: CommandLine;
}

/**
 * What has to happen next: replies are awaited; the next command is due; the content is; the final dot alone is,
 * because the server waits for a message that nobody gets; the end of the connection is, because it waits for one that
 * somebody would get; or the transaction is over.
 */
export type Due = 'replies' | 'command' | 'content' | 'dot' | 'end' | 'nothing';

const DATA: Told = { verb: 'DATA', command: command('DATA') };

/** The commands told and the replies heard of one transaction. */
export class Flight {
  readonly plan: FlightPlan;
  readonly #accepted: string[] = [];
  readonly #rejected: RecipientFailure[] = [];
  readonly #postponed: Recipient[] = [];
  #hasBegun = false;
  #pending = 0;
  #rcptTold = 0;
  #rcptHeard = 0;
  #isResetAwaited = false;
  #mailAnswer: Answer | undefined;
  #dataAnswer: Answer | undefined;
  // Every reply to the content: one, or one for each recipient (RFC 2033 section 4.2).
  readonly #finals: Answer[] = [];
  #finalsDue = 0;
  #isEmpty = false;
  #size = 0;
  #isConfused = false;
  #isChunkless = false;
  #isBehindOpen = false;
  #isBlocked = false;
  #refusedChunk: Answer | undefined;
  #isStopped = false;
  #reason: PosthornError | undefined;

  constructor(plan: FlightPlan) {
    this.plan = plan;
  }

  /** Whether the server has been given all of the content, so that it may have the message. */
  get isHandedOver(): boolean {
    return this.#finalsDue > 0 && !this.#isEmpty;
  }

  /**
   * Whether the commands of another may come behind its content. Over LMTP one of several final replies could be missing,
   * and the reply to the command behind would be taken for it.
   */
  get mayBeFollowed(): boolean {
    return this.isHandedOver && !this.plan.isLmtp;
  }

  /** Whether any of its commands has been told. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Whether any reply has come. */
  get isAnswered(): boolean {
    return this.#mailAnswer !== undefined;
  }

  /** Whether the server lost step with commands that came in one group: said one by one they might do. */
  get isConfused(): boolean {
    return this.#isConfused && !this.#isTaken && (!this.isHandedOver || this.#isAllAnswered);
  }

  /** Whether the server offers chunks and does not know them. */
  get isChunkless(): boolean {
    return this.#isChunkless && !this.#isTaken;
  }

  /** Whether its MAIL was refused only because the server had not ended the transaction before it. */
  get isBlocked(): boolean {
    return this.#isBlocked && !this.isHandedOver;
  }

  /** Whether the replies so far say that nobody gets the message, whatever comes after them. */
  get isRefused(): boolean {
    if (this.#mailAnswer?.verdict === 'negative' || this.#reason) return true;
    if (this.#dataAnswer?.verdict === 'negative' || this.#refusedChunk) return true;
    const isHeard = this.#isEnvelopeTold && this.#rcptHeard === this.#rcptTold;
    return isHeard && (this.#accepted.length === 0 || this.#isOneTooMany);
  }

  /** Whether the server took content of what it had refused. */
  get isContradictory(): boolean {
    return this.isHandedOver && this.isRefused && this.#isTaken;
  }

  /** Whether a chunk was refused. RFC 3030 section 2: no more are sent then. */
  get isChunkRefused(): boolean {
    return this.#refusedChunk !== undefined;
  }

  /** What errors name as the step that was under way. */
  get stage(): Stage {
    if (this.isHandedOver) return 'final-reply';
    if (!this.#mailAnswer) return 'mail';
    if (this.#dataAnswer?.verdict === 'positive') return this.#isEmpty ? 'data' : 'content';
    if (this.#rcptHeard < this.#recipients.length && this.#postponed.length === 0) return 'rcpt';
    return this.plan.manner.framing === 'bdat' ? 'content' : 'data';
  }

  /** Whether the server holds the transaction open although it is over, so that RSET is needed. */
  get isLeftOpen(): boolean {
    if (!this.#hasBegun) return false;
    // DATA's dot ends it either way. RFC 3030 section 2: a BDAT that failed does not.
    if (this.plan.manner.framing === 'data') return this.#finals.length === 0;
    return !this.#isTaken;
  }

  get #isTaken(): boolean {
    return this.#finals.some(({ verdict }) => verdict === 'positive');
  }

  get #isAllAnswered(): boolean {
    return this.#pending === 0 && this.#finals.length >= this.#finalsDue;
  }

  /** Whom the server has accepted so far. */
  get accepted(): readonly string[] {
    return this.#accepted;
  }

  /** How many final replies there will be. */
  get replies(): number {
    return this.plan.isLmtp ? Math.max(1, this.#accepted.length) : 1;
  }

  /** The commands that may be sent now: all of them in one group, or one. */
  next(): readonly Told[] {
    const told = this.plan.manner.isPipelined ? this.#group() : [this.#single()];
    this.#hasBegun = true;
    this.#pending += told.length;
    return told;
  }

  #single(): Told {
    if (!this.#hasBegun) return { verb: 'MAIL', command: this.plan.mail };
    if (this.#isEnvelopeTold) return DATA;
    const recipient = this.#recipients[this.#rcptTold++];
    return recipient ? { verb: 'RCPT', command: recipient.line } : DATA;
  }

  #group(): Told[] {
    if (this.#hasBegun) return [DATA];
    const group: Told[] = [{ verb: 'MAIL', command: this.plan.mail }];
    for (const { line } of this.#recipients) group.push({ verb: 'RCPT', command: line });
    this.#rcptTold = this.#recipients.length;
    // RFC 2920 section 3.1 ends a group with DATA; where one refusal is one too many, it waits: a server that has been
    // told DATA delivers whatever comes before the dot.
    if (this.plan.manner.framing === 'data' && !this.plan.needsAll) group.push(DATA);
    return group;
  }

  /** RSET goes before its commands: the transaction before it may be open still when they come. */
  resetTold(): void {
    this.#isResetAwaited = true;
    this.#pending += 1;
  }

  /** The transaction before it has failed, its own commands are on their way, and no RSET is between. */
  followsOpen(): void {
    this.#isBehindOpen = true;
  }

  /** A chunk of the content is about to be written, not the last. */
  chunkTold(): void {
    this.#pending += 1;
  }

  /** No more will be said in it, for this reason unless a reply gives one. */
  stopped(reason?: PosthornError): void {
    this.#isStopped = true;
    this.#reason = reason;
  }

  /** The content has been written to its end, `size` octets without what transport adds. */
  handedOver(size: number): void {
    this.#finalsDue = this.replies;
    this.#size = size;
  }

  /** The dot has been written for a message that nobody gets. */
  dotted(): void {
    this.#isEmpty = true;
    this.#finalsDue = 1;
  }

  /** Takes the answer to its next command in line. */
  heard(answer: Answer): void {
    const { verb, verdict, reply } = answer;
    if (verdict === 'negative') this.#suspect(answer);
    if (verb === 'content' || verb === 'BDAT') {
      this.#finals.push(answer);
      return;
    }
    this.#pending -= 1;
    if (this.#isResetAwaited) {
      this.#isResetAwaited = false;
      return;
    }
    if (verb === 'chunk') {
      if (verdict === 'negative') this.#refusedChunk ??= answer;
      return;
    }
    if (verb === 'MAIL') this.#mailAnswer = answer;
    else if (verb === 'DATA') this.#dataAnswer = answer;
    else this.#heardRecipient(verdict === 'positive', reply);
  }

  #heardRecipient(isAccepted: boolean, reply: SmtpReply): void {
    const recipient = this.#recipients[this.#rcptHeard++];
    if (!recipient) return;
    if (isAccepted) this.#accepted.push(recipient.address);
    else if (this.#accepted.length > 0 && isTooMany(reply) && this.plan.mayPostpone()) {
      this.#postponed.push(recipient);
    } else this.#rejected.push({ address: recipient.address, reply });
  }

  // Words about the order of commands, where the order was right: the server does not understand groups.
  #suspect({ verb, reply: { code } }: Answer): void {
    if (verb === 'chunk' || verb === 'BDAT') {
      this.#isChunkless = !this.isRefused && (code === 500 || code === 502 || code === 504);
      return;
    }
    if (verb === 'content' || this.isRefused) return;
    if (!this.plan.manner.isPipelined || (code !== 503 && code !== 502 && code !== 500)) return;
    if (verb === 'MAIL' && code === 503 && this.#isBehindOpen) this.#isBlocked = true;
    else this.#isConfused = true;
  }

  /** What has to happen next. */
  get due(): Due {
    if (this.#pending > 0) return 'replies';
    if (this.#finalsDue > 0) return this.#finals.length < this.#finalsDue ? 'replies' : 'nothing';
    if (this.#isStopped) return 'nothing';
    if (!this.#mailAnswer) return 'command';
    const isAwaited = this.#dataAnswer?.verdict === 'positive';
    const isRefused = this.#mailAnswer.verdict === 'negative';
    if (!isRefused && !this.#isEnvelopeTold) return 'command';
    if (isRefused || this.#accepted.length === 0 || this.#isOneTooMany) {
      if (!isAwaited) return 'nothing';
      // A recipient that stands although its MAIL was refused would get an empty message.
      return this.#accepted.length === 0 ? 'dot' : 'end';
    }
    if (this.plan.manner.framing === 'bdat' || isAwaited) return 'content';
    return this.#dataAnswer ? 'nothing' : 'command';
  }

  get #isEnvelopeTold(): boolean {
    return this.#rcptTold === this.#recipients.length || this.#postponed.length > 0;
  }

  get #isOneTooMany(): boolean {
    return this.plan.needsAll && this.#rejected.length > 0;
  }

  /** What came of it, once nothing is due any more. */
  outcome(context: (stage: Stage) => ErrorContext): FlightReport | PosthornError {
    const taken = this.#finals.find(({ verdict }) => verdict === 'positive');
    if (taken && this.isContradictory) return contradiction(taken.reply, context('final-reply'));
    if (this.#refusedChunk) {
      return replyError('chunk', this.#refusedChunk.reply, context('content'));
    }
    if (this.#reason) return this.#reason;
    const mail = this.#mailAnswer;
    if (mail?.verdict === 'negative') return replyError('MAIL', mail.reply, context('mail'));
    if (this.#isOneTooMany) {
      return recipientsRefused(this.#rejected, this.#recipients.length, true, context('rcpt'));
    }
    if (this.#accepted.length === 0) return this.#report([], this.#rejected, [], undefined);
    if (this.#dataAnswer?.verdict === 'negative') {
      return replyError('DATA', this.#dataAnswer.reply, context('data'));
    }
    if (this.plan.isLmtp) return this.#byRecipient(context, undefined);
    const [final] = this.#finals;
    if (final?.verdict === 'negative')
      return replyError('content', final.reply, context('final-reply'));
    return this.#report(this.#accepted, this.#rejected, [], final?.reply);
  }

  /** What came of it when the connection ended with `error` before everything was answered. */
  lost(
    error: PosthornError,
    context: (stage: Stage) => ErrorContext,
  ): FlightReport | PosthornError {
    if (this.isContradictory || this.isRefused) return this.outcome(context);
    return this.plan.isLmtp && this.isHandedOver ? this.#byRecipient(context, error) : error;
  }

  // RFC 2033 section 4.2: those that were answered are settled, the others are not. A 421 answers the recipient whose
  // turn it was; of those after it nothing is known.
  #byRecipient(
    context: (stage: Stage) => ErrorContext,
    error: PosthornError | undefined,
  ): FlightReport | PosthornError {
    const accepted: string[] = [];
    const rejected = [...this.#rejected];
    const unsettled: UnsettledRecipient[] = [];
    let first: SmtpReply | undefined;
    for (const [index, address] of this.#accepted.entries()) {
      const answer = this.#finals[index];
      if (answer?.verdict === 'positive') {
        first ??= answer.reply;
        accepted.push(address);
      } else if (answer) {
        rejected.push({ address, reply: answer.reply });
      } else if (error) {
        const isPast = error instanceof SmtpReplyError && unsettled.length > 0;
        unsettled.push({ address, error: isPast ? connectionLost(context('final-reply')) : error });
      }
    }
    if (accepted.length > 0) return this.#report(accepted, rejected, unsettled, first);
    if (unsettled.length > 0)
      return unsettled.at(-1)?.error ?? connectionLost(context('final-reply'));
    return recipientsRefused(rejected, this.#recipients.length, false, context('final-reply'));
  }

  #report(
    accepted: readonly string[],
    rejected: readonly RecipientFailure[],
    unsettled: readonly UnsettledRecipient[],
    reply: SmtpReply | undefined,
  ): FlightReport {
    const size = reply ? this.#size : 0;
    return { accepted, rejected, unsettled, postponed: this.#rest, reply, size };
  }

  // Told one by one, recipients after the first that was too many have not been told at all.
  get #rest(): readonly Recipient[] {
    return [...this.#postponed, ...this.#recipients.slice(this.#rcptTold)];
  }

  get #recipients(): readonly Recipient[] {
    return this.plan.recipients;
  }
}

// RFC 5321 section 4.5.3.1.10: 452, and 552 from servers of before it; the enhanced code says which 452 and 552 it is.
function isTooMany({ code, enhanced }: SmtpReply): boolean {
  if (enhanced === undefined) return code === 452;
  return enhanced === '4.5.3' || enhanced === '5.5.3';
}
