// LOGIN (draft-murchison-sasl-login): obsolete, but the only one some servers offer.
import { ProtocolError } from '../../base/index.ts';
import { utf8Bytes } from '../../base/internal.ts';
import type { Credentials, SaslMechanism } from './mechanism.ts';

/** LOGIN: the server asks for the user name, then for the password; what the prompts say is ignored. */
export class LoginMechanism implements SaslMechanism {
  readonly name = 'LOGIN';
  readonly #answers: string[];

  constructor({ username, password }: Credentials) {
    this.#answers = [username, password];
  }

  start(): undefined {
    return undefined;
  }

  next(): Uint8Array {
    const answer = this.#answers.shift();
    if (answer === undefined) {
      throw new ProtocolError('PROTOCOL_VIOLATION', 'The server asks for more than AUTH LOGIN has');
    }
    return utf8Bytes(answer);
  }
}
