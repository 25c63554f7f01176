// One connection to one server: connect, send messages one after the other, leave.
import { OptionError } from '../base/index.ts';
import { Deadline } from '../net/internal.ts';
import type { SmtpCapabilities } from './capabilities.ts';
import { command } from './command.ts';
import { Courier } from './courier/courier.ts';
import type { Manner } from './courier/flight.ts';
import type { CourierEvents, Parcel } from './courier/parcel.ts';
import type { Dialogue } from './dialogue.ts';
import { openConnection } from './discovery.ts';
import type { DeliveryOptions, DeliveryReport, SmtpEnvelope, WireContent } from './envelope.ts';
import { replyError } from './failure.ts';
import { farewell } from './farewell.ts';
import type { ReachedServer, ServerInfo } from './handshake.ts';
import type { ConnectionSettings, SmtpConnectionOptions, TimeoutsMs } from './options.ts';
import { connectionSettings } from './settings.ts';

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
  readonly #courier: Courier;
  #isBusy = false;
  #mails = 0;
  #events: CourierEvents | undefined;

  private constructor(open: ReachedServer, settings: ConnectionSettings) {
    this.capabilities = open.capabilities;
    this.server = open.server;
    this.id = open.dialogue.id;
    this.#dialogue = open.dialogue;
    this.#timeoutsMs = settings.timeoutsMs;
    this.#courier = this.#courierFor(settings);
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
    return !this.#isBusy && this.#mailsLeft > 0 && this.#courier.load === 0 && this.#isStanding;
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
      const deadline = new Deadline(options.signal);
      // Nothing has been said yet: the connection need not suffer for a call that ends now.
      const context = () => this.#dialogue.context('mail');
      const promised = Promise.resolve(content(this.capabilities));
      const ready = await deadline.wait('mail', promised, context);
      deadline.check('mail', context);
      return await new Promise<DeliveryReport>((resolve, reject) => {
        this.#courier.post({
          envelope,
          content: ready,
          options,
          delivered: resolve,
          failed: reject,
          returned: () => false,
        });
      });
    });
  }

  /** Takes a message beside those it has, where {@link SmtpConnection.hasRoom} says so. @internal */
  post(parcel: Parcel): void {
    this.#courier.post(parcel);
  }

  /** Whether a message can be posted now. @internal */
  get hasRoom(): boolean {
    return !this.#isBusy && this.#courier.hasRoom;
  }

  /** How many messages it has. @internal */
  get load(): number {
    return this.#courier.load;
  }

  /** From now on `events` is told when there is room, and when the connection has ended. @internal */
  watch(events: CourierEvents): void {
    this.#events = events;
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
    if (this.#isBusy || this.#courier.load > 0) return this.close();
    await this.#courier.settled();
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
    await this.#courier.settled();
  }

  // Whether the conversation can go on: what is said next would be heard.
  get #isStanding(): boolean {
    return this.#dialogue.state !== 'closed' && !this.#dialogue.hasUnread;
  }

  // RFC 9422 section 4.1.
  get #mailsLeft(): number {
    return (this.capabilities.limits.mailMax ?? Infinity) - this.#mails;
  }

  #courierFor({
    timeoutsMs,
    tls,
    protocol,
    manners,
    chunking,
    pipelining,
  }: ConnectionSettings): Courier {
    const { capabilities, server } = this;
    const dialogue = this.#dialogue;
    const isLmtp = protocol === 'lmtp';
    const manner = ({ isCanonical }: WireContent, needsAll: boolean): Manner => {
      const isPipelined = capabilities.pipelining && pipelining !== 'off' && !manners.isPlain;
      // A chunk has a size: line ends are not made right on the way.
      const isChunked = capabilities.chunking && chunking !== 'off' && isCanonical === true;
      const isTrusted = chunking === 'eager' || manners.isSteady;
      return {
        isPipelined,
        framing: isChunked && isPipelined ? 'bdat' : 'data',
        isEager: isChunked && isPipelined && isTrusted && !needsAll && !isLmtp,
      };
    };
    return new Courier(
      {
        dialogue,
        capabilities,
        timeoutsMs,
        manners,
        manner,
        isVerified: server.security !== 'none' && tls.rejectUnauthorized !== false,
        isLmtp,
        context: (stage) => dialogue.context(stage),
        mailsLeft: () => this.#mailsLeft,
        countMail: () => {
          this.#mails += 1;
        },
      },
      {
        room: () => this.#events?.room(),
        gone: (isUnwelcome) => this.#events?.gone(isUnwelcome),
      },
    );
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
      await this.#courier.settled();
      return await work();
    } finally {
      this.#isBusy = false;
    }
  }
}
