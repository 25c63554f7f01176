// From nothing to a server that is known and trusted: dial, greeting, EHLO, STARTTLS. No credentials yet.
import type { Duplex } from 'node:stream';
import type { AuthLink } from '../auth/internal.ts';
import {
  AuthenticationError,
  type ErrorContext,
  type PosthornEvent,
  type SmtpReply,
  TlsError,
} from '../base/index.ts';
import { emit } from '../base/internal.ts';
import type { Deadline, TlsUpgrade } from '../net/internal.ts';
import type { Candidate } from './candidates.ts';
import { noCapabilities, readCapabilities, type SmtpCapabilities } from './capabilities.ts';
import { command } from './command.ts';
import { defaultClientName } from './default-client-name.ts';
import { Dialogue } from './dialogue.ts';
import { isRetryable, peerOf, replyError, replyText } from './failure.ts';
import type { ConnectionSettings } from './options.ts';
import { Redactor } from './redactor.ts';
import { encrypt, openTransport } from './transport.ts';

/** The server a connection leads to, as receipts show it. */
export interface ServerInfo {
  /** The host as it was given. */
  readonly host: string;
  /** The port in use; 0 for a Unix socket. */
  readonly port: number;
  /** How the connection is encrypted. */
  readonly security: 'implicit' | 'starttls' | 'none';
  /** What was agreed on, when it is encrypted. */
  readonly tls?: { readonly protocol: string; readonly cipher: string };
}

/** A server that has been reached and, where the mode asks for it, verified; nobody has logged in yet. */
export interface ReachedServer {
  readonly dialogue: Dialogue;
  /** What brought us here, for who has the rest of the way to go. */
  readonly handshake: Handshake;
  readonly capabilities: SmtpCapabilities;
  readonly server: ServerInfo;
  /** What a login may show over this connection. */
  readonly link: AuthLink;
}

/** Who looks on while a server is being reached. */
export interface HandshakeWatcher {
  /** The server showed a sign of life: connected, encrypted, greeted, answered. */
  readonly onProgress?: (step: 'connect' | 'tls' | 'greeting' | 'ehlo') => void;
  /** The handshake is done and the certificate verified. */
  readonly onTls?: (upgrade: TlsUpgrade) => void;
  /** An answer to EHLO; under STARTTLS there are two. */
  readonly onCapabilities?: (capabilities: SmtpCapabilities, encrypted: boolean) => void;
}

const NOT_VERIFIED =
  "The certificate was not verified, because 'tls.rejectUnauthorized' is false: anybody on the way can read along. Give the issuer's certificate as 'tls.ca' instead";

let connections = 0;

/** Goes one way to the server, without credentials. Throws what went wrong; nothing is left open then. */
export async function reachServer(
  settings: ConnectionSettings,
  candidate: Candidate,
  deadline: Deadline,
  watcher: HandshakeWatcher = {},
): Promise<ReachedServer> {
  const handshake = new Handshake(settings, candidate, deadline, watcher);
  try {
    return await handshake.run();
  } catch (error) {
    handshake.abandon(error);
    throw error;
  }
}

/** Greets a server and says nothing to it, not even EHLO. Throws as {@link reachServer}. */
export async function greetServer(
  settings: ConnectionSettings,
  candidate: Candidate,
  deadline: Deadline,
): Promise<ReachedServer> {
  const handshake = new Handshake(settings, candidate, deadline, {});
  try {
    const dialogue = await handshake.open();
    const { server, link } = handshake;
    return { dialogue, handshake, capabilities: noCapabilities, server, link };
  } catch (error) {
    handshake.abandon(error);
    throw error;
  }
}

/** One way to one server, step by step. */
export class Handshake {
  readonly #settings: ConnectionSettings;
  readonly #candidate: Candidate;
  readonly #deadline: Deadline;
  readonly #watcher: HandshakeWatcher;
  readonly #id = ++connections;
  #isConnected = false;
  #dialogue: Dialogue | undefined;
  #localAddress: string | undefined;
  #isLoopback = false;
  #tls: ServerInfo['tls'];
  #channelBindings: AuthLink['channelBindings'];

  constructor(
    settings: ConnectionSettings,
    candidate: Candidate,
    deadline: Deadline,
    watcher: HandshakeWatcher,
  ) {
    this.#settings = settings;
    this.#candidate = candidate;
    this.#deadline = deadline;
    this.#watcher = watcher;
  }

  abandon(error: unknown): void {
    if (this.#dialogue) this.#dialogue.close();
    else if (this.#isConnected) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#tell({ type: 'close', reason });
    }
  }

  async run(): Promise<ReachedServer> {
    const dialogue = await this.open();
    let capabilities = await this.#hello(dialogue, this.clientName);
    if (await this.#startTls(dialogue, capabilities)) {
      // RFC 3207 section 4.2: what was offered in clear is forgotten.
      capabilities = await this.#hello(dialogue, this.clientName);
    }
    const { server, link } = this;
    return { dialogue, handshake: this, capabilities, server, link };
  }

  /** The name to give in EHLO; known once the connection is open. */
  get clientName(): string {
    return this.#settings.clientName ?? defaultClientName(this.#localAddress);
  }

  /** What a login may show over this connection. */
  get link(): AuthLink {
    return {
      encrypted: this.#tls !== undefined,
      loopback: this.#isLoopback,
      channelBindings: this.#channelBindings,
    };
  }

  /** Dials, encrypts where TLS comes first, and hears the greeting. */
  async open(): Promise<Dialogue> {
    const { host, onEvent } = this.#settings;
    const { port, mode } = this.#candidate;
    const startedAt = performance.now();
    const transport = await openTransport(this.#settings, port, this.#deadline);
    this.#isConnected = true;
    const { remoteAddress, proxy } = transport;
    this.#tell({
      type: 'connect',
      host,
      port,
      durationMs: performance.now() - startedAt,
      ...(remoteAddress === undefined ? {} : { address: remoteAddress }),
      ...(proxy === undefined ? {} : { proxy }),
    });
    this.#watcher.onProgress?.('connect');
    this.#localAddress = transport.localAddress;
    this.#isLoopback = transport.isLoopback;
    let { stream } = transport;
    if (mode === 'implicit') stream = await this.#encrypt(stream, () => ({ host, port }));
    const redactor = new Redactor(this.#settings.credentials);
    const dialogue = new Dialogue(stream, { host, port }, this.#id, redactor, onEvent);
    this.#dialogue = dialogue;

    await this.#greet(dialogue);
    return dialogue;
  }

  /** Encrypts the connection of a server that has agreed to STARTTLS. */
  async upgrade(dialogue: Dialogue): Promise<void> {
    await dialogue.upgrade((stream) => this.#encrypt(stream, () => dialogue.context('tls')));
  }

  /** The server, port and encryption in use. */
  get server(): ServerInfo {
    const { host } = this.#settings;
    const { port, mode } = this.#candidate;
    if (!this.#tls) return { host, port, security: 'none' };
    const security = mode === 'implicit' ? 'implicit' : 'starttls';
    return { host, port, security, tls: this.#tls };
  }

  async #encrypt(stream: Duplex, context: () => ErrorContext): Promise<Duplex> {
    const startedAt = performance.now();
    const { port } = this.#candidate;
    const mode = this.#candidate.mode === 'implicit' ? 'implicit' : 'starttls';
    const upgrade = await encrypt(stream, this.#settings, { port, mode }, this.#deadline, context);
    const { socket, protocol, cipher, authorized, resumed } = upgrade;
    this.#channelBindings = upgrade.channelBindings;
    this.#tls = { protocol, cipher };
    const durationMs = performance.now() - startedAt;
    this.#tell({ type: 'tls', protocol, cipher, authorized, resumed, durationMs });
    this.#watcher.onProgress?.('tls');
    this.#watcher.onTls?.(upgrade);
    if (!authorized) {
      this.#tell({ type: 'warning', message: NOT_VERIFIED });
    }
    return socket;
  }

  async #greet(dialogue: Dialogue): Promise<void> {
    const { greeting } = this.#settings.timeoutsMs;
    const bounded = this.#deadline.within(greeting, 'timeoutsMs.greeting');
    const { verdict, reply } = await dialogue.hear('greeting', bounded);
    this.#watcher.onProgress?.('greeting');
    if (verdict === 'negative') throw replyError('greeting', reply, dialogue.context('greeting'));
  }

  async #hello(dialogue: Dialogue, name: string): Promise<SmtpCapabilities> {
    // RFC 2033 section 4.1: over LMTP it is LHLO, with the same answer.
    const verb = this.#settings.protocol === 'lmtp' ? 'LHLO' : 'EHLO';
    const ehlo = await dialogue.ask(verb, command(`${verb} ${name}`), 'ehlo', this.#perCommand());
    this.#watcher.onProgress?.('ehlo');
    if (ehlo.verdict === 'positive') {
      const capabilities = readCapabilities(ehlo.reply.lines);
      this.#watcher.onCapabilities?.(capabilities, this.#tls !== undefined);
      return capabilities;
    }
    // RFC 5321 section 3.2: a server that does not know EHLO may still take HELO.
    if (verb === 'LHLO' || ![500, 502, 504].includes(ehlo.reply.code)) {
      throw replyError(verb, ehlo.reply, dialogue.context('ehlo'));
    }
    this.#needNoExtension(ehlo.reply, dialogue.context('ehlo'));
    const helo = await dialogue.ask('HELO', command(`HELO ${name}`), 'ehlo', this.#perCommand());
    if (helo.verdict === 'positive') return noCapabilities;
    throw replyError('HELO', helo.reply, dialogue.context('ehlo'));
  }

  // Encryption and login are extensions: without EHLO there is neither.
  #needNoExtension(reply: SmtpReply, context: ErrorContext): void {
    const refusal = `${peerOf(context)} answered EHLO with '${replyText(reply)}'`;
    if (this.#candidate.mode === 'starttls' && !this.#tls) {
      throw new TlsError(
        'TLS_NOT_OFFERED',
        `${refusal}, so it offers no STARTTLS and nothing was sent; if clear text is acceptable on this network, write security: 'none'`,
        { ...context, reply },
      );
    }
    if (this.#settings.credentials) {
      throw new AuthenticationError(
        'AUTH_NOT_OFFERED',
        `${refusal}, so it offers no AUTH and nothing was sent; leave out username and password if the server needs none`,
        { ...context, stage: 'auth', reply },
      );
    }
  }

  async #startTls(dialogue: Dialogue, { starttls }: SmtpCapabilities): Promise<boolean> {
    const { mode } = this.#candidate;
    if (mode === 'implicit' || mode === 'none') return false;
    if (!starttls && mode === 'starttls-if-offered') return false;
    if (!starttls) {
      const context = dialogue.context('starttls');
      throw new TlsError(
        'TLS_NOT_OFFERED',
        `${peerOf(context)} does not offer STARTTLS, so nothing was sent; use port 465 with security: 'implicit', or, only if clear text is acceptable on this network, write security: 'none'`,
        context,
      );
    }
    const { verdict, reply } = await dialogue.ask(
      'STARTTLS',
      command('STARTTLS'),
      'starttls',
      this.#perCommand(),
    );
    if (verdict === 'negative') {
      const context = dialogue.context('starttls');
      const retryable = isRetryable(reply);
      const cure = retryable ? 'try again later' : "use port 465 with security: 'implicit'";
      throw new TlsError(
        'TLS_NOT_OFFERED',
        `${peerOf(context)} offers STARTTLS but answered it with '${replyText(reply)}'; nothing was sent: ${cure}`,
        { ...context, retryable, reply },
      );
    }
    await this.upgrade(dialogue);
    return true;
  }

  #perCommand(): Deadline {
    return this.#deadline.within(this.#settings.timeoutsMs.command, 'timeoutsMs.command');
  }

  #tell(event: Told): void {
    emit(this.#settings.onEvent, { ...event, at: new Date(), connectionId: this.#id });
  }
}

type OmitCommon<E> = E extends unknown ? Omit<E, 'at' | 'connectionId'> : never;
type Told = OmitCommon<Extract<PosthornEvent, { type: 'connect' | 'tls' | 'warning' | 'close' }>>;
