// From nothing to a connection that is ready for a message: dial, greeting, EHLO, STARTTLS, AUTH.
import type { Duplex } from 'node:stream';
import {
  AuthenticationError,
  type ErrorContext,
  type SmtpReply,
  type Stage,
  TlsError,
} from '../base/index.ts';
import { emit } from '../base/internal.ts';
import {
  customDial,
  type Deadline,
  type Dial,
  isLoopbackAddress,
  tcpDial,
  unixDial,
  upgradeTls,
} from '../net/internal.ts';
import type { Candidate } from './candidates.ts';
import { noCapabilities, readCapabilities, type SmtpCapabilities } from './capabilities.ts';
import { defaultClientName } from './client-name.ts';
import { command } from './command.ts';
import { Dialogue } from './dialogue.ts';
import { isRetryable, peerOf, replyError, replyText } from './failure.ts';
import { login } from './login.ts';
import type { ConnectionSettings } from './options.ts';
import { Redactor } from './redactor.ts';

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

/** A connection that is ready for a message. */
export interface OpenConnection {
  readonly dialogue: Dialogue;
  readonly capabilities: SmtpCapabilities;
  readonly server: ServerInfo;
}

/** Goes one way to the server. Throws what went wrong; nothing is left open then. */
export async function shakeHands(
  settings: ConnectionSettings,
  candidate: Candidate,
  deadline: Deadline,
): Promise<OpenConnection> {
  const handshake = new Handshake(settings, candidate, deadline);
  try {
    return await handshake.run();
  } catch (error) {
    handshake.abandon();
    throw error;
  }
}

class Handshake {
  readonly #settings: ConnectionSettings;
  readonly #candidate: Candidate;
  readonly #deadline: Deadline;
  #dialogue: Dialogue | undefined;
  #tls: ServerInfo['tls'];

  constructor(settings: ConnectionSettings, candidate: Candidate, deadline: Deadline) {
    this.#settings = settings;
    this.#candidate = candidate;
    this.#deadline = deadline;
  }

  abandon(): void {
    this.#dialogue?.close();
  }

  async run(): Promise<OpenConnection> {
    const { host, onEvent } = this.#settings;
    const { port, mode } = this.#candidate;
    const startedAt = performance.now();
    const plain = await dialFor(this.#settings)({ host, port }, this.#deadline);
    const local = addressesOf(plain);
    const name = this.#settings.clientName ?? defaultClientName(local.localAddress);
    const connectMs = performance.now() - startedAt;
    const stream = mode === 'implicit' ? await this.#encrypt(plain, () => ({ host, port })) : plain;
    const redactor = new Redactor(this.#settings.credentials);
    const dialogue = new Dialogue(stream, { host, port }, redactor, onEvent);
    this.#dialogue = dialogue;
    this.#emitConnected(connectMs);

    await this.#greet(dialogue);
    let capabilities = await this.#hello(dialogue, name);
    if (await this.#startTls(dialogue, capabilities)) {
      // RFC 3207 section 4.2: what was offered in clear is forgotten.
      capabilities = await this.#hello(dialogue, name);
    }
    const isOwnWay = this.#settings.connect !== undefined;
    const link = {
      encrypted: this.#tls !== undefined,
      // A stream of the caller's own may lead anywhere, wherever its first hop is.
      loopback: !isOwnWay && local.isLoopback,
    };
    await login(dialogue, capabilities, this.#settings, link, this.#deadline);
    const clearOrStarttls = this.#tls ? 'starttls' : 'none';
    const security = mode === 'implicit' ? 'implicit' : clearOrStarttls;
    const server = { host, port, security, ...(this.#tls ? { tls: this.#tls } : {}) } as const;
    return { dialogue, capabilities, server };
  }

  async #encrypt(stream: Duplex, context: () => ErrorContext): Promise<Duplex> {
    const { host, tls, timeoutsMs } = this.#settings;
    const bounded = this.#deadline.within(timeoutsMs.tls, 'timeoutsMs.tls');
    const { socket, protocol, cipher } = await upgradeTls(stream, host, tls, bounded, context);
    this.#tls = { protocol, cipher };
    return socket;
  }

  async #greet(dialogue: Dialogue): Promise<void> {
    const { greeting } = this.#settings.timeoutsMs;
    const bounded = this.#deadline.within(greeting, 'timeoutsMs.greeting');
    const { verdict, reply } = await dialogue.hear('greeting', bounded);
    if (verdict === 'negative') throw replyError('greeting', reply, dialogue.context('greeting'));
  }

  async #hello(dialogue: Dialogue, name: string): Promise<SmtpCapabilities> {
    const ehlo = await dialogue.ask('EHLO', command(`EHLO ${name}`), 'ehlo', this.#perCommand());
    if (ehlo.verdict === 'positive') return readCapabilities(ehlo.reply.lines);
    // RFC 5321 section 3.2: a server that does not know EHLO may still take HELO.
    if (![500, 502, 504].includes(ehlo.reply.code)) {
      throw replyError('EHLO', ehlo.reply, dialogue.context('ehlo'));
    }
    this.#needNoExtension(ehlo.reply, dialogue.context('ehlo'));
    const helo = await dialogue.ask('HELO', command(`HELO ${name}`), 'ehlo', this.#perCommand());
    if (helo.verdict === 'positive') return noCapabilities;
    throw replyError('HELO', helo.reply, dialogue.context('ehlo'));
  }

  // Encryption and login are extensions: without EHLO there is neither.
  #needNoExtension(reply: SmtpReply, context: ErrorContext): void {
    const refusal = `${peerOf(context)} answered EHLO with '${replyText(reply)}'`;
    if (this.#candidate.mode === 'starttls') {
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
    const context = (stage: Stage): ErrorContext => dialogue.context(stage);
    if (!starttls) {
      throw new TlsError(
        'TLS_NOT_OFFERED',
        `${peerOf(context('starttls'))} does not offer STARTTLS, so nothing was sent; use port 465 with security: 'implicit', or, only if clear text is acceptable on this network, write security: 'none'`,
        context('starttls'),
      );
    }
    const { verdict, reply } = await dialogue.ask(
      'STARTTLS',
      command('STARTTLS'),
      'starttls',
      this.#perCommand(),
    );
    if (verdict === 'negative') {
      throw new TlsError(
        'TLS_NOT_OFFERED',
        `${peerOf(context('starttls'))} offers STARTTLS but answered it with '${replyText(reply)}'; nothing was sent`,
        { ...context('starttls'), retryable: isRetryable(reply), reply },
      );
    }
    const startedAt = performance.now();
    await dialogue.upgrade((stream) => this.#encrypt(stream, () => context('tls')));
    this.#emitTls(dialogue, performance.now() - startedAt);
    return true;
  }

  #perCommand(): Deadline {
    return this.#deadline.within(this.#settings.timeoutsMs.command, 'timeoutsMs.command');
  }

  #emitConnected(durationMs: number): void {
    const dialogue = this.#dialogue;
    if (!dialogue) return;
    const { host, onEvent } = this.#settings;
    const { port } = this.#candidate;
    const common = { at: new Date(), connectionId: dialogue.id };
    emit(onEvent, { type: 'connect', ...common, host, port, durationMs });
  }

  #emitTls(dialogue: Dialogue, durationMs: number): void {
    if (!this.#tls) return;
    const common = { at: new Date(), connectionId: dialogue.id };
    emit(this.#settings.onEvent, { type: 'tls', ...common, ...this.#tls, durationMs });
  }
}

function dialFor({ connect, socketPath, localAddress, timeoutsMs }: ConnectionSettings): Dial {
  if (connect) return customDial(connect, timeoutsMs.connect);
  if (socketPath !== undefined) return unixDial(socketPath, timeoutsMs.connect);
  return tcpDial({ localAddress, timeoutsMs });
}

// A Unix socket has no addresses and can't leave the machine.
function addressesOf(stream: Duplex): { localAddress: string | undefined; isLoopback: boolean } {
  const remote = textOf(stream, 'remoteAddress');
  const isLoopback = remote === undefined || isLoopbackAddress(remote);
  return { localAddress: textOf(stream, 'localAddress'), isLoopback };
}

function textOf(stream: Duplex, name: string): string | undefined {
  const value: unknown = Reflect.get(stream, name);
  return typeof value === 'string' ? value : undefined;
}
