// What a caller may say about a connection.

import type { MechanismChoice, PlaintextAuthPolicy, TokenSource } from '../auth/index.ts';
import type { Account } from '../auth/internal.ts';
import type { EventListener } from '../base/index.ts';
import type { ConnectFunction, ProxyInput, ProxySettings, TlsOptions } from '../net/index.ts';
import type { Manners } from './courier/manners.ts';

/**
 * How a connection is encrypted. `'auto-tls'`: find port and mode, encrypted only. `'auto'`: the same,
 * then in clear as a last resort. `'implicit'`: TLS from the first byte. `'starttls'`: STARTTLS or
 * fail. `'starttls-if-offered'`: upgrade when offered, go on in clear when not. `'none'`: in clear.
 */
export type Security =
  | 'auto-tls'
  | 'auto'
  | 'implicit'
  | 'starttls'
  | 'starttls-if-offered'
  | 'none';

/** SMTP (RFC 5321), or LMTP (RFC 2033), which answers for each recipient. */
export type MailProtocol = 'smtp' | 'lmtp';

/** How long each step may take, in milliseconds by the wall clock; `Infinity` turns a bound off. */
export interface TimeoutsMs {
  /** Resolving the host name. Default: `10_000`. */
  readonly dns?: number;
  /** Opening the TCP connection, over all addresses of the host. Default: `10_000`. */
  readonly connect?: number;
  /** From the connection to the server's whole greeting. Default: `10_000`. */
  readonly greeting?: number;
  /** The TLS handshake. Default: `10_000`. */
  readonly tls?: number;
  /** The whole login, all its rounds together. Default: `30_000`. */
  readonly auth?: number;
  /** From a command to its whole reply. Default: `60_000`. */
  readonly command?: number;
  /** How long the content may make no progress. Default: `180_000`. */
  readonly data?: number;
  /** From the final dot to the final reply (RFC 5321 section 4.5.3.2.6). Default: `600_000`. */
  readonly finalReply?: number;
  /** Finding a way to the server, all ports and modes together, when `security` leaves a choice. Default: `30_000`. */
  readonly discovery?: number;
  /** How long a connection is kept open without a message. Default: `30_000`. */
  readonly idle?: number;
}

/** How to reach a server and log in. */
export interface SmtpConnectionOptions {
  /**
   * A provider's name in place of `host`, `port` and `security`: `'gmail'`, `'microsoft365'`, `'ses-eu-west-1'`, …;
   * docs/connecting.md has all. Default: none.
   */
  readonly service?: string;
  /** Host name or IP address. Default: `'localhost'` with `socketPath`; else it or `service` must be given. */
  readonly host?: string;
  /** TCP port, 1 to 65535. Default: chosen by `security`. */
  readonly port?: number;
  /** How the connection is encrypted. Default: `'auto-tls'`. */
  readonly security?: Security;
  /** What is spoken. Default: `'smtp'`. */
  readonly protocol?: MailProtocol;
  /** User name to log in with; needs `password` or `tokenProvider`. Default: no login. */
  readonly username?: string;
  /** Password or app password; needs `username`. Default: no login. */
  readonly password?: string;
  /**
   * Gives access tokens (OAuth) in place of `password`: a `TokenProvider` such as `OAuthTokenProvider`, or a function.
   * Asked at each login; once more when the server refuses the token. Default: none.
   */
  readonly tokenProvider?: TokenSource;
  /**
   * SASL mechanisms that may be used, best first, by name or as a `SaslMechanismKind` of your own. One that the server
   * does not offer is never used. Default: XOAUTH2 and OAUTHBEARER with `tokenProvider`; else SCRAM-SHA-256-PLUS,
   * SCRAM-SHA-256, SCRAM-SHA-1-PLUS, SCRAM-SHA-1, CRAM-MD5, PLAIN, LOGIN. Only when named: DIGEST-MD5, NTLM, EXTERNAL
   * (client certificate), ANONYMOUS.
   */
  readonly authMechanisms?: readonly MechanismChoice[];
  /**
   * Where a reusable secret may leave over an unencrypted link: `'loopback'` only to a loopback
   * address, `false` nowhere, `true` anywhere. Default: `'loopback'`.
   */
  readonly dangerouslyAllowPlaintextAuth?: PlaintextAuthPolicy;
  /** Certificates, names and versions. Default: verify against the authorities Node trusts, TLS 1.2 or later. */
  readonly tls?: TlsOptions;
  /** A Unix socket to connect to instead of TCP. Default: none. */
  readonly socketPath?: string;
  /** Opens the connection in a way of your own. Default: TCP. */
  readonly connect?: ConnectFunction;
  /**
   * A proxy to connect through: `socks5://`, `socks4a://` or `socks4://`, `http://` or `https://` with user name and
   * password in the URL where it wants them; `'env'` reads ALL_PROXY and NO_PROXY. Default: none.
   */
  readonly proxy?: ProxyInput;
  /** Local IP address to connect from. Default: the system's choice. */
  readonly localAddress?: string;
  /** The name to give in EHLO. Default: the machine's full name, else its address as a literal. */
  readonly clientName?: string;
  /** How long each step may take, in milliseconds. Default: see {@link TimeoutsMs}. */
  readonly timeoutsMs?: TimeoutsMs;
  /**
   * Whether commands are sent in groups where the server offers PIPELINING (RFC 2920): a message costs one round trip
   * then. Default: `'auto'`.
   */
  readonly pipelining?: 'auto' | 'off';
  /**
   * Whether content is sent in chunks of known size where the server offers CHUNKING (RFC 3030): after the replies to its
   * envelope. `'eager'` sends it in one flight with the envelope, many messages at a time, without waiting in between:
   * only for a server of which you know that it takes the octets of a chunk also when it refuses its message. One that
   * does not takes them for commands. Default: `'auto'`.
   */
  readonly chunking?: 'auto' | 'eager' | 'off';
  /** Receives every event of the connection, secrets masked. Default: none. */
  readonly onEvent?: EventListener;
  /** @deprecated Not an option; write `security: 'implicit'` for `true`, `security: 'starttls'` for `false`. */
  readonly secure?: never;
  /** @deprecated Not an option; write `username` and `password`. */
  readonly auth?: never;
  /** @deprecated Not an option; write `security: 'starttls'`. */
  readonly requireTLS?: never;
}

/** The options after validation, every default filled in. */
export interface ConnectionSettings {
  readonly host: string;
  readonly port: number | undefined;
  readonly security: Security;
  readonly protocol: MailProtocol;
  /** Who logs in, and by which mechanisms; `undefined`: nobody does. */
  readonly credentials: Account | undefined;
  readonly dangerouslyAllowPlaintextAuth: PlaintextAuthPolicy;
  readonly tls: TlsOptions;
  readonly socketPath: string | undefined;
  readonly connect: ConnectFunction | undefined;
  readonly proxy: ProxySettings | 'env' | undefined;
  readonly localAddress: string | undefined;
  readonly clientName: string | undefined;
  readonly timeoutsMs: Required<TimeoutsMs>;
  readonly pipelining: 'auto' | 'off';
  readonly chunking: 'auto' | 'eager' | 'off';
  /** What the client learns of its server. */
  readonly manners: Manners;
  readonly onEvent: EventListener | undefined;
}
