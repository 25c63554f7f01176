// What a SASL mechanism is (RFC 4422): bytes in, bytes out; framing and base64 are the protocol's business.
import type { ChannelBindings } from './channel-binding.ts';

/** One exchange with one server. It has state: make a new one for each attempt. */
export interface SaslMechanism {
  /** The registered name, in upper case: `'PLAIN'`. */
  readonly name: string;
  /** What the server said inside the exchange about why it refuses; set before its negative reply. */
  readonly refusal?: SaslRefusal | undefined;
  /** The initial response; `undefined` when the server speaks first. Called once. */
  start(): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** The answer to one challenge of the server. Throws when the server may not ask that. */
  next(challenge: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /**
   * Called when the server reports success. Throws when the server has not proved yet what it has to
   * prove; without it success is taken at its word.
   */
  finish?(): void;
}

/** Why a server refuses, when the mechanism lets it say so. */
export interface SaslRefusal {
  /** In words; may hold text from the server, made printable. */
  readonly reason: string;
  /**
   * What was wrong. `'token'`: a fresh one may do. `'binding'`: the server does not know this type of
   * channel binding. `'other'`: anything else.
   */
  readonly kind: 'token' | 'binding' | 'other';
}

/** What a user logs in with by a password. */
export interface Credentials {
  /** The user name, often the whole address. */
  readonly username: string;
  /** The password, or an app password. */
  readonly password: string;
  /** Whom to act for, when that is somebody else (RFC 4422 section 2). Default: nobody else. */
  readonly authorizationId?: string | undefined;
}

/** Everything a mechanism may use for one exchange. What was not given is empty. */
export interface SaslLogin extends Credentials {
  /** The access token; empty unless the mechanism needs one. */
  readonly token: string;
  /** The registered service name, such as `'smtp'`. */
  readonly service: string;
  /** The host as it was given. */
  readonly host: string;
  /** The port in use; 0 when there is none. */
  readonly port: number;
  /** Names of the mechanisms that the server offers, in upper case. */
  readonly offered: readonly string[];
  /** Ties the login to the TLS connection; `undefined` when there is none. */
  readonly channelBindings?: ChannelBindings | undefined;
}

/** What is known of a mechanism before an exchange. */
export interface SaslMechanismFacts {
  /** The registered name, in upper case. */
  readonly name: string;
  /** What has to be given for it: user name and password, a token, or nothing at all. */
  readonly needs: 'password' | 'token' | 'nothing';
  /** Whether somebody who reads the exchange could log in with what was read. */
  readonly revealsSecret: boolean;
}

/**
 * One way to log in, and how an exchange is begun. `authMechanisms` takes your own:
 * `{ name: 'X-TICKET', needs: 'password', revealsSecret: false, create: (login) => new Ticket(login) }`.
 */
export interface SaslMechanismKind extends SaslMechanismFacts {
  /**
   * Begins an exchange; `undefined` when that can't be done over this connection. An `OptionError` says
   * that the mechanism can't carry this user name or password.
   */
  create(login: SaslLogin): SaslMechanism | undefined;
}
