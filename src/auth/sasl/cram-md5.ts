// CRAM-MD5 (RFC 2195).
import { createHmac } from 'node:crypto';
import { ProtocolError } from '../../base/index.ts';
import { utf8Bytes } from '../../base/internal.ts';
import type { Credentials, SaslMechanism } from './mechanism.ts';

/** CRAM-MD5: the server's challenge, keyed with the password. The server does not prove anything. */
export class CramMd5Mechanism implements SaslMechanism {
  readonly name = 'CRAM-MD5';
  readonly #credentials: Credentials;
  #isAnswered = false;

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  start(): undefined {
    return undefined;
  }

  next(challenge: Uint8Array): Uint8Array {
    if (this.#isAnswered || challenge.length === 0) {
      const what = this.#isAnswered ? 'asks for more than AUTH CRAM-MD5 has' : 'sent no challenge';
      throw new ProtocolError('PROTOCOL_VIOLATION', `The server ${what}`);
    }
    this.#isAnswered = true;
    const { username, password } = this.#credentials;
    const digest = createHmac('md5', utf8Bytes(password)).update(challenge).digest('hex');
    return utf8Bytes(`${username} ${digest}`);
  }
}
