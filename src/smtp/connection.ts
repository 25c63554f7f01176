// One connection to one server: whole messages one after the other, or each command by itself.
import { OptionError, type SmtpReply } from '../base/index.ts';
import { Deadline } from '../net/internal.ts';
import { candidates } from './candidates.ts';
import { noCapabilities, readCapabilities, type SmtpCapabilities } from './capabilities.ts';
import { type CommandLine, command, mailCommand, rcptCommand } from './command.ts';
import { DottedForm } from './content-form.ts';
import { ContentWriter } from './content-writer.ts';
import type { Courier } from './courier/courier.ts';
import { courierOn } from './courier/on-connection.ts';
import type { CourierEvents, Parcel } from './courier/parcel.ts';
import type { Dialogue } from './dialogue.ts';
import { openConnection } from './discovery.ts';
import type { DeliveryOptions, DeliveryReport, SmtpEnvelope, WireContent } from './envelope.ts';
import { located } from './failure.ts';
import { farewell } from './farewell.ts';
import { greetServer, type Handshake, type ReachedServer, type ServerInfo } from './handshake.ts';
import { login } from './login.ts';
import { checkMailbox } from './mailbox-check.ts';
import type { ConnectionSettings, SmtpConnectionOptions, TimeoutsMs } from './options.ts';
import { isOneLine, stageOf, verbOf } from './protocol-verbs.ts';
import type { Verb } from './session.ts';
import { connectionSettings } from './settings.ts';

/** The bytes of a message, made when it is known what the server offers. */
export type ContentFor = (capabilities: SmtpCapabilities) => WireContent | Promise<WireContent>;

/** What can be given to DATA: text (as UTF-8), bytes, or pieces of them. */
export type DataContent = string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * One connection, one command at a time. {@link SmtpConnection.connect} and {@link SmtpConnection.send} are all that
 * sending needs. For protocol work, {@link SmtpConnection.greet} stops after the greeting, and each command has a method
 * that resolves with the server's reply, a refusal too, and rejects only when the connection fails, when the order of
 * the conversation (RFC 5321 section 4.1.4) has no room for the command, or when it can't be written.
 */
export class SmtpConnection {
  /** Counted from 1 in this process; events carry it. */
  readonly id: number;
  readonly #dialogue: Dialogue;
  readonly #handshake: Handshake;
  readonly #settings: ConnectionSettings;
  readonly #timeoutsMs: Required<TimeoutsMs>;
  readonly #isLmtp: boolean;
  #capabilities: SmtpCapabilities;
  #isBusy = false;
  readonly #courier: Courier;
  #events: CourierEvents | undefined;
  #recipients = 0;

  private constructor(open: ReachedServer, settings: ConnectionSettings) {
    this.#capabilities = open.capabilities;
    this.id = open.dialogue.id;
    this.#dialogue = open.dialogue;
    this.#handshake = open.handshake;
    this.#settings = settings;
    this.#timeoutsMs = settings.timeoutsMs;
    this.#isLmtp = settings.protocol === 'lmtp';
    this.#courier = this.#courierFor(open.dialogue, settings);
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

  /**
   * Connects and hears the greeting, with TLS before it where the mode or the port says so, and says nothing: EHLO,
   * STARTTLS and AUTH are the caller's. Throws as {@link SmtpConnection.connect} does.
   */
  static async greet(
    options: SmtpConnectionOptions,
    signal?: AbortSignal,
  ): Promise<SmtpConnection> {
    const settings = connectionSettings(options);
    const deadline = new Deadline(signal);
    deadline.check('connect', () => ({ host: settings.host }));
    const [first] = candidates(settings).rounds.flat();
    if (!first) throw new OptionError('port', "Option 'port' must be given");
    return new SmtpConnection(await greetServer(settings, first, deadline), settings);
  }

  /** As {@link SmtpConnection.connect}, with options that have been checked. @internal */
  static async open(settings: ConnectionSettings, signal?: AbortSignal): Promise<SmtpConnection> {
    const deadline = new Deadline(signal);
    deadline.check('connect', () => ({ host: settings.host }));
    return new SmtpConnection(await openConnection(settings, deadline), settings);
  }

  /** What the server offers on this connection; nothing before EHLO. */
  get capabilities(): SmtpCapabilities {
    return this.#capabilities;
  }

  /** The server, port and encryption in use. */
  get server(): ServerInfo {
    return this.#handshake.server;
  }

  /** Whether another message can be sent over this connection now. */
  get isUsable(): boolean {
    return !this.#isBusy && this.#courier.mayFollow && this.#isReady;
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
      const promised = Promise.resolve(this.contentFor(content));
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

  /** The content for this server. What can't be written for it is told with what is known of the connection. @internal */
  contentFor<C>(content: (capabilities: SmtpCapabilities) => C): C {
    try {
      return content(this.capabilities);
    } catch (error) {
      throw located(error, this.#dialogue.context('mail'));
    }
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

  /** EHLO, or LHLO over LMTP; what the reply offers is in {@link SmtpConnection.capabilities} then. */
  async ehlo(name: string = this.#handshake.clientName): Promise<SmtpReply> {
    return await this.#say(command(`${this.#isLmtp ? 'LHLO' : 'EHLO'} ${name}`));
  }

  /** HELO (RFC 5321 section 4.1.1.1), after which nothing is offered. */
  async helo(name: string = this.#handshake.clientName): Promise<SmtpReply> {
    return await this.#say(command(`HELO ${name}`));
  }

  /**
   * STARTTLS (RFC 3207) and the handshake, after a positive reply. The server has to be asked with EHLO again. Throws
   * `TlsError` when the handshake fails.
   */
  async starttls(): Promise<SmtpReply> {
    const reply = await this.#say(command('STARTTLS'));
    if (reply.code < 300) {
      this.#capabilities = noCapabilities;
      await this.#alone(async () => await this.#handshake.upgrade(this.#dialogue));
    }
    return reply;
  }

  /** AUTH (RFC 4954), with the credentials of the options. Throws `AuthenticationError` when it fails. */
  async auth(): Promise<void> {
    await this.#alone(async () => {
      const { link } = this.#handshake;
      await login(this.#dialogue, this.#capabilities, this.#settings, link, new Deadline());
    });
  }

  /** MAIL FROM; `''` for no sender. Parameters such as `'SIZE=10'` are written as given. */
  async mail(from: string, ...parameters: readonly string[]): Promise<SmtpReply> {
    if (from !== '') checkMailbox(from, () => this.#dialogue.context('mail'));
    return await this.#say(mailCommand(from, parameters.map((each) => ` ${each}`).join('')));
  }

  /** RCPT TO. Parameters such as `'NOTIFY=NEVER'` are written as given. */
  async rcpt(to: string, ...parameters: readonly string[]): Promise<SmtpReply> {
    checkMailbox(to, () => this.#dialogue.context('rcpt'));
    return await this.#say(rcptCommand(to, parameters.map((each) => ` ${each}`).join('')));
  }

  /**
   * DATA and the content, its line ends made CRLF and its dots doubled. Resolves with the final reply, over LMTP with
   * one for each recipient that was accepted, or with the reply to DATA when that is a refusal.
   */
  async data(content: DataContent): Promise<readonly SmtpReply[]> {
    const chunks = typeof content === 'string' ? Buffer.from(content) : content;
    return await this.#alone(async () => {
      const { reply } = await this.#ask('DATA', command('DATA'));
      if (reply.code >= 400) return [reply];
      const replies = this.#isLmtp ? this.#recipients : 1;
      const deadline = new Deadline();
      const bounds = { size: undefined, replies };
      const { data } = this.#timeoutsMs;
      const form = new DottedForm(this.#dialogue);
      const writer = new ContentWriter(this.#dialogue, form, deadline, data, undefined, bounds);
      await writer.write({
        size: undefined,
        eightBit: true,
        utf8: true,
        chunks: () => (chunks instanceof Uint8Array ? [chunks] : chunks),
      });
      return await this.#finalReplies(replies);
    });
  }

  /**
   * BDAT (RFC 3030 section 2): one chunk of the content, its octets as they are; `'LAST'` ends the message. Resolves with the
   * reply; to the last chunk over LMTP, with one for each recipient that was accepted.
   */
  async bdat(chunk: Uint8Array, last?: 'LAST'): Promise<readonly SmtpReply[]> {
    return await this.#alone(async () => {
      this.#mustFit(last ? 'BDAT' : 'chunk');
      const line = command(`BDAT ${chunk.length}${last ? ' LAST' : ''}`);
      const replies = last && this.#isLmtp ? this.#recipients : 1;
      this.#dialogue.tellWith(last ? 'BDAT' : 'chunk', line, chunk, replies);
      if (last) return await this.#finalReplies(replies);
      return [(await this.#dialogue.hear('content', this.#bounded('data'))).reply];
    });
  }

  /** RSET: ends an unfinished transaction (RFC 5321 section 4.1.1.5). */
  async rset(): Promise<SmtpReply> {
    return await this.#say(command('RSET'));
  }

  /** NOOP: does nothing (RFC 5321 section 4.1.1.9). */
  async noop(): Promise<SmtpReply> {
    return await this.#say(command('NOOP'));
  }

  /** VRFY: asks whether there is such a user (RFC 5321 section 3.5); most servers don't tell. */
  async vrfy(user: string): Promise<SmtpReply> {
    return await this.#say(command(`VRFY ${user}`));
  }

  /** EXPN: asks who is on a list (RFC 5321 section 3.5); most servers don't tell. */
  async expn(list: string): Promise<SmtpReply> {
    return await this.#say(command(`EXPN ${list}`));
  }

  /** HELP, about everything or about one command (RFC 5321 section 4.1.1.8). */
  async help(topic?: string): Promise<SmtpReply> {
    return await this.#say(command(topic === undefined ? 'HELP' : `HELP ${topic}`));
  }

  /** ETRN: asks the server to send what it holds for a domain (RFC 1985). */
  async etrn(domain: string): Promise<SmtpReply> {
    return await this.#say(command(`ETRN ${domain}`));
  }

  /**
   * Any other command, as one line without CRLF. Throws `InvalidMessageError` when it holds CR, LF or NUL, and
   * `OptionError` for commands that are more than one line and its reply: DATA, BDAT, STARTTLS, AUTH.
   */
  async command(line: string): Promise<SmtpReply> {
    if (!isOneLine(line)) {
      throw new OptionError(
        'line',
        'DATA, BDAT, STARTTLS and AUTH are more than a line and its reply; use the methods for them',
      );
    }
    return await this.#say(command(line));
  }

  /** Says goodbye and closes; waits two seconds at most for each reply and never throws. */
  async quit(): Promise<void> {
    if (this.#isBusy || this.#courier.messages > 0) return this.close();
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

  // What is said next would be heard, and fit.
  get #isReady(): boolean {
    const { state, hasUnread } = this.#dialogue;
    return state !== 'closed' && !hasUnread && this.#dialogue.mayTell('MAIL');
  }

  #courierFor(dialogue: Dialogue, settings: ConnectionSettings): Courier {
    const connection = this;
    const carrier = {
      dialogue,
      settings,
      get capabilities() {
        return connection.capabilities;
      },
      get server() {
        return connection.server;
      },
    };
    return courierOn(carrier, {
      room: () => this.#events?.room(),
      gone: (isUnwelcome) => this.#events?.gone(isUnwelcome),
    });
  }

  async #say(line: CommandLine): Promise<SmtpReply> {
    const verb = verbOf(line.line);
    return await this.#alone(async () => {
      const { reply } = await this.#ask(verb, line);
      const isPositive = reply.code < 300;
      if (verb === 'MAIL') this.#recipients = 0;
      if (verb === 'RCPT' && isPositive) this.#recipients += 1;
      if (verb === 'HELO') this.#capabilities = noCapabilities;
      if ((verb === 'EHLO' || verb === 'LHLO') && isPositive) {
        this.#capabilities = readCapabilities(reply.lines);
      }
      return reply;
    });
  }

  // A command that does not fit is a mistake of the caller's, not the connection's end.
  #mustFit(verb: Verb): void {
    const { state } = this.#dialogue;
    if (state === 'closed' || this.#dialogue.mayTell(verb)) return;
    throw new OptionError(
      'command',
      `${verb === 'chunk' ? 'BDAT' : verb} can't be sent in state '${state}'; send the commands in the order of RFC 5321 section 4.1.4`,
    );
  }

  #bounded(what: 'data' | 'finalReply'): Deadline {
    return new Deadline().within(this.#timeoutsMs[what], `timeoutsMs.${what}`);
  }

  async #finalReplies(count: number): Promise<readonly SmtpReply[]> {
    const replies: SmtpReply[] = [];
    while (replies.length < count) {
      const answer = await this.#dialogue.hear('final-reply', this.#bounded('finalReply'));
      replies.push(answer.reply);
    }
    return replies;
  }

  async #ask(verb: Verb, line: CommandLine): Promise<{ readonly reply: SmtpReply }> {
    this.#mustFit(verb);
    const deadline = new Deadline().within(this.#timeoutsMs.command, 'timeoutsMs.command');
    return await this.#dialogue.ask(verb, line, stageOf(verb), deadline);
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
