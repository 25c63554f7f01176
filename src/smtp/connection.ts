// One connection to one server: connect, send messages one after the other, leave.
import { OptionError } from '../base/index.ts';
import { Deadline } from '../net/internal.ts';
import type { SmtpCapabilities } from './capabilities.ts';
import { command } from './command.ts';
import { Delivery, type DeliveryLink } from './delivery.ts';
import type { Dialogue } from './dialogue.ts';
import { openConnection } from './discovery.ts';
import type { DeliveryOptions, DeliveryReport, SmtpEnvelope, WireContent } from './envelope.ts';
import { replyError } from './failure.ts';
import { farewell } from './farewell.ts';
import type { ReachedServer, ServerInfo } from './handshake.ts';
import type { ConnectionSettings, SmtpConnectionOptions, TimeoutsMs } from './options.ts';
import { connectionSettings } from './settings.ts';

// How long a server that is told to forget a transaction may take: the next message and the goodbye wait for it.
const RESET_MS = 2_000;

/** The bytes of a message, made when it is known what the server offers. */
export type ContentFor = (capabilities: SmtpCapabilities) => WireContent | Promise<WireContent>;

/** One connection, one command at a time. */
export class SmtpConnection {
  /** What the server offers on this connection. */
  readonly capabilities: SmtpCapabilities;
  /** The server, port and encryption in use. */
  readonly server: ServerInfo;
  /** Counted from 1 in this process; events carry it. */
  readonly id: number;
  readonly #dialogue: Dialogue;
  readonly #timeoutsMs: Required<TimeoutsMs>;
  readonly #isVerified: boolean;
  readonly #isLmtp: boolean;
  #isBusy = false;
  #mails = 0;
  #reset: Promise<void> | undefined;

  private constructor(open: ReachedServer, { timeoutsMs, tls, protocol }: ConnectionSettings) {
    this.capabilities = open.capabilities;
    this.server = open.server;
    this.id = open.dialogue.id;
    this.#dialogue = open.dialogue;
    this.#timeoutsMs = timeoutsMs;
    this.#isVerified = open.server.security !== 'none' && tls.rejectUnauthorized !== false;
    this.#isLmtp = protocol === 'lmtp';
  }

  /**
   * Connects, encrypts and logs in as the options say; `signal` ends the attempt. Throws `OptionError`,
   * `ConnectionError`, `TlsError`, `TimeoutError`, `ProtocolError`, `AuthenticationError`,
   * `SmtpReplyError`, or `DiscoveryError` when several ways were tried.
   */
  static async connect(
    options: SmtpConnectionOptions,
    signal?: AbortSignal,
  ): Promise<SmtpConnection> {
    return await SmtpConnection.open(connectionSettings(options), signal);
  }

  /** As {@link SmtpConnection.connect}, with options that have been checked. @internal */
  static async open(settings: ConnectionSettings, signal?: AbortSignal): Promise<SmtpConnection> {
    const deadline = new Deadline(signal);
    deadline.check('connect', () => ({ host: settings.host }));
    return new SmtpConnection(await openConnection(settings, deadline), settings);
  }

  /** Whether another message can be sent over this connection now. */
  get isUsable(): boolean {
    if (this.#isBusy || this.#mailsLeft <= 0) return false;
    return this.#reset !== undefined || this.#isReady;
  }

  /**
   * Delivers one message (RFC 5321 section 3.3). Throws `InvalidMessageError` and `InvalidAddressError`
   * before the first command; `RecipientsError` when nobody was accepted; `SmtpReplyError`,
   * `ConnectionError`, `TimeoutError`, `ProtocolError` with `delivered` telling whether the server may
   * have the message. {@link SmtpConnection.isUsable} says whether the connection survived.
   */
  async send(
    envelope: SmtpEnvelope,
    content: ContentFor,
    options: DeliveryOptions = {},
  ): Promise<DeliveryReport> {
    return await this.#alone(async () => {
      const delivery = new Delivery(this.#link(), options);
      try {
        return await delivery.run(envelope, content(this.capabilities));
      } finally {
        // The caller waits for what came of the message, not for this.
        if (delivery.isOpen) this.#forget();
      }
    });
  }

  /** Ends an unfinished transaction (RFC 5321 section 4.1.1.5). */
  async rset(): Promise<void> {
    await this.#alone(async () => {
      const deadline = new Deadline().within(this.#timeoutsMs.command, 'timeoutsMs.command');
      const { verdict, reply } = await this.#dialogue.ask(
        'RSET',
        command('RSET'),
        'rset',
        deadline,
      );
      if (verdict === 'negative') throw replyError('RSET', reply, this.#dialogue.context('rset'));
    });
  }

  /** Says goodbye and closes; waits two seconds at most for each reply and never throws. */
  async quit(): Promise<void> {
    if (this.#isBusy) return this.close();
    await this.#reset;
    await farewell(this.#dialogue, this.#timeoutsMs.command);
  }

  /** Lets the process end although the connection is open; until {@link SmtpConnection.ref}. @internal */
  unref(): void {
    this.#dialogue.unref();
  }

  /** Keeps the process alive as long as the connection is open, as it does from the start. @internal */
  ref(): void {
    this.#dialogue.ref();
  }

  /** Closes at once; a call under way fails with `CLIENT_CLOSED`. */
  close(): void {
    this.#dialogue.close();
  }

  /** The same as {@link SmtpConnection.quit}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.quit();
  }

  /** Waits until the server has forgotten a message that failed. Never throws. @internal */
  async settled(): Promise<void> {
    await this.#reset;
  }

  get #isReady(): boolean {
    return this.#dialogue.state === 'ready' && !this.#dialogue.hasUnread;
  }

  // RFC 9422 section 4.1.
  get #mailsLeft(): number {
    return (this.capabilities.limits.mailMax ?? Infinity) - this.#mails;
  }

  #link(): DeliveryLink {
    return {
      dialogue: this.#dialogue,
      capabilities: this.capabilities,
      timeoutsMs: this.#timeoutsMs,
      isVerified: this.#isVerified,
      isLmtp: this.#isLmtp,
      mailsLeft: () => this.#mailsLeft,
      countMail: () => {
        this.#mails += 1;
      },
    };
  }

  // Makes the connection fit for the next message. After a MAIL that was refused too: some servers remember it and
  // refuse the next.
  #forget(): void {
    if (this.#dialogue.state === 'closed') return;
    const deadline = new Deadline().within(
      Math.min(RESET_MS, this.#timeoutsMs.command),
      'timeoutsMs.command',
    );
    this.#reset = this.#dialogue
      .ask('RSET', command('RSET'), 'rset', deadline)
      .then(
        ({ verdict }) => {
          if (verdict !== 'positive') this.#dialogue.close();
        },
        () => this.#dialogue.close(),
      )
      .finally(() => {
        this.#reset = undefined;
      });
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isBusy) {
      throw new OptionError(
        'connection',
        'This connection is busy: await one call before the next',
      );
    }
    this.#isBusy = true;
    try {
      await this.#reset;
      return await work();
    } finally {
      this.#isBusy = false;
    }
  }
}
