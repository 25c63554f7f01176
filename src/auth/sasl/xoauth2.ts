// XOAUTH2 (Google's SASL XOAUTH2 protocol, also Microsoft's).
import { ProtocolError } from '../../base/index.ts';
import { utf8Bytes } from '../../base/internal.ts';
import { bearerRefusal } from './bearer-refusal.ts';
import type { SaslMechanism, SaslRefusal } from './mechanism.ts';

/** XOAUTH2: an access token in place of a password, as Google and Microsoft had it before RFC 7628. */
export class XOAuth2Mechanism implements SaslMechanism {
  readonly name = 'XOAUTH2';
  refusal: SaslRefusal | undefined;
  readonly #username: string;
  readonly #token: string;

  constructor({ username, token }: { readonly username: string; readonly token: string }) {
    this.#username = username;
    this.#token = token;
  }

  start(): Uint8Array {
    return utf8Bytes(`user=${this.#username}\u0001auth=Bearer ${this.#token}\u0001\u0001`);
  }

  next(challenge: Uint8Array): Uint8Array {
    if (this.refusal) {
      throw new ProtocolError(
        'PROTOCOL_VIOLATION',
        'The server asks for more than AUTH XOAUTH2 has',
      );
    }
    this.refusal = bearerRefusal(challenge);
    // The refusal itself comes after an empty answer.
    return new Uint8Array(0);
  }

  finish(): void {
    if (!this.refusal) return;
    throw new ProtocolError(
      'PROTOCOL_VIOLATION',
      'The server refused the token in AUTH XOAUTH2 and then accepted it',
    );
  }
}
