// PLAIN (RFC 4616).
import { ProtocolError } from '../../base/index.ts';
import { utf8Bytes } from '../../base/internal.ts';
import type { Credentials, SaslMechanism } from './mechanism.ts';

/** PLAIN: user name and password in one message, readable by anybody who sees the bytes. */
export class PlainMechanism implements SaslMechanism {
  readonly name = 'PLAIN';
  readonly #credentials: Credentials;

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  start(): Uint8Array {
    const { username, password, authorizationId = '' } = this.#credentials;
    return utf8Bytes(`${authorizationId}\0${username}\0${password}`);
  }

  next(): Uint8Array {
    throw new ProtocolError('PROTOCOL_VIOLATION', 'The server asks for more than AUTH PLAIN has');
  }
}
