import type { Server, Socket } from 'node:net';
import { domainToASCII } from 'node:url';
import type {
  SMTPServer,
  SMTPServerDataStream,
  SMTPServerOptions,
  SMTPServerSession,
} from 'smtp-server';
import { OptionError, printable } from '../base/index.ts';
import type { InboxSettings } from './options.ts';
import type { Arrival } from './received-mail.ts';

const MAX_CLIENTS = 200;
const MAX_RECIPIENTS = 10_000;
const LAST_WORDS_MS = 100;

/** The SMTP server of an inbox: takes any login, sender and recipient, and gives the content whole. */
export class SmtpSink {
  readonly #server: SMTPServer;
  readonly #maxBytesInFlight: number;
  readonly #sockets = new Set<Socket>();
  readonly #greeted = new WeakSet<object>();
  #bytesInFlight = 0;

  private constructor(server: SMTPServer, maxBytesInFlight: number) {
    this.#server = server;
    this.#maxBytesInFlight = maxBytesInFlight;
    // A client that goes away is no fault of the inbox; a port that can't be had is told by listen().
    server.on('error', () => undefined);
    this.server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      setImmediate(() => this.#greet());
    });
  }

  /** Makes the server; it does not listen yet. `take` gets every message that came whole. */
  static async create(
    settings: InboxSettings,
    take: (arrival: Arrival) => void,
  ): Promise<SmtpSink> {
    const { SMTPServer } = await import('smtp-server');
    const server = orRefuse(() => new SMTPServer(serverOptions(settings)));
    const sink = new SmtpSink(server, settings.maxTotalBytes);
    server.onData = (stream, session, done) => sink.#receive(stream, session, take, done);
    return sink;
  }

  /** What listens. */
  get server(): Server {
    return this.#server.server;
  }

  /** Stops listening and ends every connection; resolves when all are gone. */
  async close(): Promise<void> {
    const gone = new Promise<void>((resolve) => this.server.once('close', () => resolve()));
    this.#server.close();
    // Idle clients are told 421 by then; one that keeps its side open must not hold the caller up.
    setTimeout(() => this.#cutAll(), LAST_WORDS_MS + 50).unref();
    await gone;
  }

  // smtp-server holds every greeting back for 100 ms to catch clients that talk first. Nobody does
  // that to an inbox, and a test that sends ten messages would lose a second to it.
  #greet(): void {
    for (const connection of this.#server.connections) {
      if (this.#greeted.has(connection)) continue;
      this.#greeted.add(connection);
      connection.connectionReady();
      connection.connectionReady = () => undefined;
    }
  }

  #cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #receive(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    take: (arrival: Arrival) => void,
    done: (error?: Error | null, message?: string) => void,
  ): void {
    const chunks: Uint8Array[] = [];
    let held = 0;
    let full = false;
    const release = (): void => {
      this.#bytesInFlight -= held;
      held = 0;
    };
    stream.on('data', (chunk: Uint8Array) => {
      // Oversized content is read to its end, as RFC 5321 section 4.1.1.4 wants, but not kept.
      full ||= stream.sizeExceeded || this.#bytesInFlight + chunk.length > this.#maxBytesInFlight;
      if (full) {
        chunks.length = 0;
        release();
        return;
      }
      chunks.push(chunk);
      held += chunk.length;
      this.#bytesInFlight += chunk.length;
    });
    // The connection broke before the end: the client must not find a truncated message here.
    stream.on('error', release);
    stream.on('end', () => {
      release();
      if (full) {
        done(Object.assign(new Error('Error: insufficient system storage'), { responseCode: 452 }));
        return;
      }
      take({ ...arrivalOf(session), raw: Buffer.concat(chunks) });
      done(null, 'OK: in the inbox');
    });
  }
}

// What OpenSSL can't read is noticed when the server is made.
function orRefuse(make: () => SMTPServer): SMTPServer {
  try {
    return make();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OptionError(
      'tls',
      `Option 'tls' must hold a certificate and its key in PEM: ${printable(reason)}`,
    );
  }
}

function serverOptions(settings: InboxSettings): SMTPServerOptions {
  const { tls } = settings;
  return {
    name: 'localhost',
    banner: 'Posthorn inbox',
    size: settings.maxMessageBytes,
    rejectOversized: true,
    maxRecipients: MAX_RECIPIENTS,
    lenientAddressParsing: true,
    authOptional: true,
    allowInsecureAuth: true,
    authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'],
    onAuth: (login, _session, done) => done(null, { user: login.username || 'anonymous' }),
    disabledCommands: tls ? [] : ['STARTTLS'],
    ...(tls ? { cert: Buffer.from(tls.cert), key: Buffer.from(tls.key) } : {}),
    hideENHANCEDSTATUSCODES: false,
    hideDSN: false,
    disableReverseLookup: true,
    maxClients: MAX_CLIENTS,
    closeTimeout: LAST_WORDS_MS,
    logger: false,
  };
}

function arrivalOf(session: SMTPServerSession): Pick<Arrival, 'envelope' | 'session'> {
  const { mailFrom, rcptTo } = session.envelope;
  return {
    envelope: {
      from: mailFrom === false ? '' : wireForm(mailFrom.address),
      to: rcptTo.map(({ address }) => wireForm(address)),
    },
    session: {
      clientName: session.hostNameAppearsAs,
      remoteAddress: session.remoteAddress,
      username: session.user,
      encrypted: session.secure,
    },
  };
}

/** smtp-server gives domains as U-labels; the rest of Posthorn speaks of A-labels. */
function wireForm(address: string): string {
  const at = address.lastIndexOf('@') + 1;
  const domain = address.slice(at);
  if (!/[^\x00-\x7f]/.test(domain)) return address;
  return address.slice(0, at) + (domainToASCII(domain) || domain);
}
