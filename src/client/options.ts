// What a client is made with, as options or as a URL.
import { OptionError } from '../base/index.ts';
import type { Priority } from '../message/index.ts';
import { checkNames, type KnownNames } from '../message/internal.ts';
import type { DsnOptions, SmtpConnectionOptions } from '../smtp/index.ts';
import {
  type ConnectionSettings,
  checkWishes,
  connectionSettings,
  parseSmtpUrl,
} from '../smtp/internal.ts';
import {
  type ConnectionBounds,
  type ConnectionOptions,
  readConnections,
} from './connection-options.ts';
import { readDsn } from './dsn-options.ts';
import { checkFlag } from './outgoing.ts';

/** How to reach a server, log in, and what holds for every message. */
export interface SmtpClientOptions extends SmtpConnectionOptions {
  /** How many connections may be open at once, or that and more. Default: `5`. */
  readonly connections?: number | ConnectionOptions;
  /** What is to be reported about each delivery (RFC 3461), where the server offers DSN. Default: nothing. */
  readonly dsn?: DsnOptions;
  /** Every server on the way must pass messages on over verified TLS (REQUIRETLS, RFC 8689). Default: `false`. */
  readonly requireTls?: boolean;
  /**
   * How soon servers handle each message, where they offer MT-PRIORITY (RFC 6710): `'low'` is -4, `'high'` is 4.
   * Default: `'normal'`, which is 0.
   */
  readonly priority?: Priority | number;
  /** Whether messages go packed for Outlook (TNEF); see {@link SendOptions}. Default: `false`. */
  readonly tnef?: boolean;
}

/** What a client says about every message. */
export type DeliveryDefaults = Pick<SmtpClientOptions, 'dsn' | 'requireTls' | 'tnef'> & {
  readonly mtPriority?: number;
};

/** A client's options, checked. */
export interface ClientSettings {
  readonly connection: ConnectionSettings;
  readonly connections: ConnectionBounds;
  readonly defaults: DeliveryDefaults;
}

/** Names that stay in the type only to say what to write instead. */
type Refused = 'secure' | 'auth' | 'requireTLS';

// A record, so that the compiler misses no option.
const names: Readonly<Record<Exclude<keyof SmtpClientOptions, Refused>, true>> = {
  service: true,
  host: true,
  port: true,
  security: true,
  protocol: true,
  username: true,
  password: true,
  tokenProvider: true,
  authMechanisms: true,
  dangerouslyAllowPlaintextAuth: true,
  tls: true,
  socketPath: true,
  connect: true,
  proxy: true,
  localAddress: true,
  clientName: true,
  pipelining: true,
  chunking: true,
  timeoutsMs: true,
  onEvent: true,
  connections: true,
  dsn: true,
  requireTls: true,
  priority: true,
  tnef: true,
};

// What is the client's own; the rest is for each connection.
const clientNames = ['connections', 'dsn', 'requireTls', 'priority', 'tnef'];

const known: KnownNames = {
  of: 'an SMTP client',
  names: new Set(Object.keys(names)),
  habits: new Map([
    ['secure', "write security: 'implicit' for true, security: 'starttls' for false"],
    ['auth', 'write username: … and password: …'],
    ['user', 'write username: …'],
    ['pass', 'write password: …'],
    ['server', "write the host name: host: 'smtp.example.com'"],
    ['url', "give the URL itself: new SmtpClient('smtps://user:pass@smtp.example.com')"],
    ['ssl', "write security: 'implicit'"],
    ['requireTLS', "write security: 'starttls'"],
    ['ignoreTLS', "write security: 'none'"],
    ['opportunisticTLS', "write security: 'starttls-if-offered'"],
    ['authMethod', "write authMechanisms: ['PLAIN']"],
    ['name', "write clientName: '…'"],
    ['timeout', 'write timeoutsMs: { connect, command, … }'],
    ['connectionTimeout', 'write timeoutsMs: { connect }'],
    ['greetingTimeout', 'write timeoutsMs: { greeting }'],
    ['socketTimeout', 'write timeoutsMs: { command, data, finalReply }'],
    ['dnsTimeout', 'write timeoutsMs: { dns }'],
    ['logger', 'write onEvent: (event) => …'],
    ['debug', 'write onEvent: (event) => …; errors carry the transcript'],
    ['pool', 'leave it out: a client keeps its connections; their number is connections: { max }'],
    ['maxConnections', 'write connections: { max }'],
    ['maxMessages', 'write connections: { maxMessages }'],
    ['rateLimit', 'write connections: { rate: { messages, perMs } }'],
  ]),
};

/** The settings that options or a URL stand for. Throws an `OptionError` that names what is wrong and the cure. */
export function clientSettings(server: string | SmtpClientOptions): ClientSettings {
  if (typeof server === 'string') {
    const connection = connectionSettings(parseSmtpUrl(server));
    return { connection, connections: readConnections(undefined), defaults: {} };
  }
  if (typeof server !== 'object' || server === null) {
    throw new OptionError(
      'server',
      "A client is made from options or a URL: { host: 'smtp.example.com' } or 'smtps://smtp.example.com'",
    );
  }
  checkNames(server, known);
  return {
    connection: connectionSettings(server, clientNames),
    connections: readConnections(server.connections),
    defaults: defaultsOf(server),
  };
}

// RFC 6710 appendix A: the numbers of non-urgent, normal and urgent.
const PRIORITIES: ReadonlyMap<unknown, number> = new Map([
  ['low', -4],
  ['normal', 0],
  ['high', 4],
]);

function defaultsOf({ dsn, requireTls, priority, tnef }: SmtpClientOptions): DeliveryDefaults {
  const mtPriority = typeof priority === 'number' ? priority : PRIORITIES.get(priority);
  if (priority !== undefined && mtPriority === undefined) {
    throw new OptionError(
      'priority',
      "Option 'priority' must be 'low', 'normal', 'high' or an integer from -9 to 9",
    );
  }
  checkWishes({ requireTls, mtPriority });
  checkFlag(tnef, 'tnef');
  return {
    ...(dsn && { dsn: readDsn(dsn) }),
    ...(requireTls !== undefined && { requireTls }),
    ...(mtPriority && { mtPriority }),
    ...(tnef !== undefined && { tnef }),
  };
}
