// One message over an open connection: MAIL, RCPT, DATA, content, final reply (RFC 5321 section 3.3).
import {
  InvalidMessageError,
  type RecipientFailure,
  RecipientsError,
  type Stage,
} from '../base/index.ts';
import { Deadline } from '../net/internal.ts';
import type { SmtpCapabilities } from './capabilities.ts';
import { command, mailCommand, rcptCommand } from './command.ts';
import { ContentWriter } from './content-writer.ts';
import type { Dialogue } from './dialogue.ts';
import type { DeliveryOptions, DeliveryReport, SmtpEnvelope, WireContent } from './envelope.ts';
import { isRetryable, peerOf, replyError, replyText } from './failure.ts';
import { checkEnvelope } from './mailbox-check.ts';
import type { TimeoutsMs } from './options.ts';
import { queueIdOf } from './queue-id.ts';
import type { Answer, Verb } from './session.ts';

// The caller waits for the error, not for this: a server that takes longer is left instead.
const RESET_MS = 5_000;

/** Delivers one message. When it throws and the connection still stands, the transaction has been reset. */
export class Transaction {
  readonly #dialogue: Dialogue;
  readonly #capabilities: SmtpCapabilities;
  readonly #timeoutsMs: Required<TimeoutsMs>;
  readonly #options: DeliveryOptions;
  readonly #deadline: Deadline;

  constructor(
    dialogue: Dialogue,
    capabilities: SmtpCapabilities,
    timeoutsMs: Required<TimeoutsMs>,
    options: DeliveryOptions,
  ) {
    this.#dialogue = dialogue;
    this.#capabilities = capabilities;
    this.#timeoutsMs = timeoutsMs;
    this.#options = options;
    this.#deadline = new Deadline(options.signal);
  }

  /** Throws before the first command what can be known before it. */
  async run(
    envelope: SmtpEnvelope,
    promised: WireContent | Promise<WireContent>,
  ): Promise<DeliveryReport> {
    const { from, to } = envelope;
    // Nothing has been said yet: the connection need not suffer for a call that ends now.
    const context = () => this.#dialogue.context('mail');
    const content = await this.#deadline.wait('mail', Promise.resolve(promised), context);
    this.#deadline.check('mail', context);
    const needsUtf8 = checkEnvelope(envelope, this.#capabilities);
    checkContent(content, this.#capabilities);
    // Every command is made before the first is sent: none of them can fail halfway.
    const mail = mailCommand(from, {
      size: this.#capabilities.size === undefined ? undefined : content.size,
      eightBit: content.eightBit,
      utf8: content.utf8 || needsUtf8,
    });
    const recipients = to.map((address) => ({ address, line: rcptCommand(address) }));

    let isOver = false;
    try {
      await this.#must('MAIL', mail, 'mail');
      const accepted: string[] = [];
      const rejected: RecipientFailure[] = [];
      for (const { address, line } of recipients) {
        const { verdict, reply } = await this.#ask('RCPT', line, 'rcpt');
        if (verdict === 'positive') accepted.push(address);
        else rejected.push({ address, reply });
      }
      if (
        accepted.length === 0 ||
        (rejected.length > 0 && this.#options.partial === 'all-or-nothing')
      ) {
        throw this.#recipientsRefused(rejected, to.length);
      }
      await this.#must('DATA', command('DATA'), 'data');
      const size = await this.#writer().write(content);
      const { finalReply } = this.#timeoutsMs;
      const bounded = this.#deadline.within(finalReply, 'timeoutsMs.finalReply');
      const { verdict, reply } = await this.#dialogue.hear('final-reply', bounded);
      isOver = true;
      if (verdict === 'negative') throw this.#refused('content', reply, 'final-reply');
      const queueId = queueIdOf(reply);
      return { accepted, rejected, reply, size, ...(queueId === undefined ? {} : { queueId }) };
    } catch (error) {
      if (!isOver) await this.#reset();
      throw error;
    }
  }

  async #must(verb: Verb, line: ReturnType<typeof command>, stage: Stage): Promise<void> {
    const { verdict, reply } = await this.#ask(verb, line, stage);
    if (verdict === 'negative') throw this.#refused(verb, reply, stage);
  }

  async #ask(verb: Verb, line: ReturnType<typeof command>, stage: Stage): Promise<Answer> {
    const bounded = this.#deadline.within(this.#timeoutsMs.command, 'timeoutsMs.command');
    return await this.#dialogue.ask(verb, line, stage, bounded);
  }

  #writer(): ContentWriter {
    const { onProgress } = this.#options;
    return new ContentWriter(this.#dialogue, this.#deadline, this.#timeoutsMs.data, onProgress);
  }

  // Makes the connection fit for the next message; what goes wrong here is not the story. After a MAIL that was
  // refused too: some servers remember it and refuse the next.
  async #reset(): Promise<void> {
    if (this.#dialogue.state === 'closed') return;
    try {
      const bound = Math.min(RESET_MS, this.#timeoutsMs.command);
      const bounded = this.#deadline.within(bound, 'timeoutsMs.command');
      const { verdict } = await this.#dialogue.ask('RSET', command('RSET'), 'rset', bounded);
      if (verdict !== 'positive') this.#dialogue.close();
    } catch {
      this.#dialogue.close();
    }
  }

  #refused(verb: Verb, reply: Answer['reply'], stage: Stage): Error {
    return replyError(verb, reply, this.#dialogue.context(stage));
  }

  #recipientsRefused(rejected: readonly RecipientFailure[], all: number): RecipientsError {
    const context = this.#dialogue.context('rcpt');
    const isAll = this.#options.partial === 'all-or-nothing';
    const [first] = rejected;
    const which =
      rejected.length === all ? 'every recipient' : `${rejected.length} of ${all} recipients`;
    const said = first ? `: '${first.address}' with '${replyText(first.reply)}'` : '';
    return new RecipientsError(
      `${peerOf(context)} refused ${which}${said}; nothing was sent. See 'rejected' for each reply`,
      rejected,
      {
        ...context,
        // Those that may be taken later are enough, unless all are needed.
        retryable: isAll
          ? rejected.every(({ reply }) => isRetryable(reply))
          : rejected.some(({ reply }) => isRetryable(reply)),
        ...(first ? { reply: first.reply } : {}),
      },
    );
  }
}

function checkContent(
  content: WireContent,
  { size, eightBitMime, smtputf8 }: SmtpCapabilities,
): void {
  // RFC 1870 section 4: 0 means no fixed bound.
  if (size && content.size !== undefined && content.size > size) {
    throw new InvalidMessageError(
      'MESSAGE_TOO_LARGE',
      `The message has ${content.size} octets, the server takes ${size} at most; send less or link to the files`,
    );
  }
  if (content.utf8 && !smtputf8) throw notOffered('UTF-8 in its header', 'SMTPUTF8');
  if (content.eightBit && !eightBitMime) throw notOffered('8-bit octets', '8BITMIME');
}

function notOffered(what: string, extension: string): InvalidMessageError {
  return new InvalidMessageError(
    'FEATURE_NOT_OFFERED',
    `The message holds ${what}, and the server does not offer ${extension}; encode it or use another server`,
  );
}
