// What a client is made with, as options or as a URL.
import { OptionError } from '../base/index.ts';
import { checkNames, type KnownNames } from '../message/internal.ts';
import type { SmtpConnectionOptions } from '../smtp/index.ts';
import { type ConnectionSettings, connectionSettings, parseSmtpUrl } from '../smtp/internal.ts';

/** How to reach a server, log in, and what to do on the way. */
export interface SmtpClientOptions extends SmtpConnectionOptions {}

/** Names that stay in the type only to say what to write instead. */
type Refused = 'secure' | 'auth' | 'requireTLS';

// A record, so that the compiler misses no option.
const names: Readonly<Record<Exclude<keyof SmtpClientOptions, Refused>, true>> = {
  host: true,
  port: true,
  security: true,
  protocol: true,
  username: true,
  password: true,
  authMechanisms: true,
  dangerouslyAllowPlaintextAuth: true,
  tls: true,
  socketPath: true,
  connect: true,
  localAddress: true,
  clientName: true,
  timeoutsMs: true,
  onEvent: true,
};

const known: KnownNames = {
  of: 'an SMTP client',
  names: new Set(Object.keys(names)),
  habits: new Map([
    ['secure', "write security: 'implicit' for true, security: 'starttls' for false"],
    ['auth', 'write username: … and password: …'],
    ['user', 'write username: …'],
    ['pass', 'write password: …'],
    ['service', "write the host name: host: 'smtp.example.com'"],
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
    ['pool', 'leave it out: a client keeps its connection'],
  ]),
};

/** The settings that options or a URL stand for. Throws an `OptionError` that names what is wrong and the cure. */
export function clientSettings(server: string | SmtpClientOptions): ConnectionSettings {
  if (typeof server === 'string') return connectionSettings(parseSmtpUrl(server));
  if (typeof server !== 'object' || server === null) {
    throw new OptionError(
      'server',
      "A client is made from options or a URL: { host: 'smtp.example.com' } or 'smtps://smtp.example.com'",
    );
  }
  checkNames(server, known);
  return connectionSettings(server);
}
