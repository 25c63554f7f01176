// One connection to one server: connect, send messages one after the other, leave.
import { OptionError } from '../base/index.ts';
import { Deadline } from '../net/internal.ts';
import type { SmtpCapabilities } from './capabilities.ts';
import { command } from './command.ts';
import type { Dialogue } from './dialogue.ts';
import { openConnection } from './discovery.ts';
import type { DeliveryOptions, DeliveryReport, SmtpEnvelope, WireContent } from './envelope.ts';
import { replyError } from './failure.ts';
import { farewell } from './farewell.ts';
import type { ReachedServer, ServerInfo } from './handshake.ts';
import type { ConnectionSettings, SmtpConnectionOptions, TimeoutsMs } from './options.ts';
import { connectionSettings } from './settings.ts';
import { Transaction } from './transaction.ts';

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
  #isBusy = false;

  private constructor(open: ReachedServer, timeoutsMs: Required<TimeoutsMs>) {
    this.capabilities = open.capabilities;
    this.server = open.server;
    this.id = open.dialogue.id;
    this.#dialogue = open.dialogue;
    this.#timeoutsMs = timeoutsMs;
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
    return new SmtpConnection(await openConnection(settings, deadline), settings.timeoutsMs);
  }

  /** Whether another message can be sent over this connection now. */
  get isUsable(): boolean {
    return !this.#isBusy && this.#dialogue.state === 'ready' && !this.#dialogue.hasUnread;
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
      const transaction = new Transaction(
        this.#dialogue,
        this.capabilities,
        this.#timeoutsMs,
        options,
      );
      return await transaction.run(envelope, content(this.capabilities));
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

  /** Says goodbye and closes; waits two seconds at most and never throws. */
  async quit(): Promise<void> {
    if (this.#isBusy) this.close();
    else await farewell(this.#dialogue, this.#timeoutsMs.command);
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

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isBusy) {
      throw new OptionError(
        'connection',
        'This connection is busy: await one call before the next',
      );
    }
    this.#isBusy = true;
    try {
      return await work();
    } finally {
      this.#isBusy = false;
    }
  }
}
