// What a SASL mechanism is (RFC 4422): bytes in, bytes out; framing and base64 are the protocol's business.

/** One exchange with one server. It has state: make a new one for each attempt. */
export interface SaslMechanism {
  /** The registered name, in upper case: `'PLAIN'`. */
  readonly name: string;
  /** Whether somebody who reads the exchange could log in with what was read. */
  readonly revealsSecret: boolean;
  /** The initial response; `undefined` when the server speaks first. Called once. */
  start(): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** The answer to one challenge of the server. Throws when the server may not ask that. */
  next(challenge: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** What a user logs in with. */
export interface Credentials {
  /** The user name, often the whole address. */
  readonly username: string;
  /** The password, or an app password. */
  readonly password: string;
}
