// OAUTHBEARER (RFC 7628).
import { ProtocolError } from '../../base/index.ts';
import { utf8Bytes } from '../../base/internal.ts';
import { bearerRefusal } from './bearer-refusal.ts';
import type { SaslMechanism, SaslRefusal } from './mechanism.ts';

/** What OAUTHBEARER says. */
export interface OAuthBearerOptions {
  /** Whose mailbox it is; may be empty: the token says it. */
  readonly username: string;
  /** The access token. */
  readonly token: string;
  /** The server's name as it was given. */
  readonly host: string;
  /** The server's port; 0 when there is none. */
  readonly port: number;
}

// RFC 7628 section 3.2.3: what the client answers to an error before the server refuses.
const DISMISSAL = '\u0001';

/** OAUTHBEARER: an access token in place of a password. */
export class OAuthBearerMechanism implements SaslMechanism {
  readonly name = 'OAUTHBEARER';
  refusal: SaslRefusal | undefined;
  readonly #options: OAuthBearerOptions;

  constructor(options: OAuthBearerOptions) {
    this.#options = options;
  }

  start(): Uint8Array {
    const { username, token, host, port } = this.#options;
    // RFC 5801 section 4: '=' and ',' of the name are escaped.
    const name = username.replaceAll('=', '=3D').replaceAll(',', '=2C');
    const header = `n,${name === '' ? '' : `a=${name}`},`;
    const server = port === 0 ? `host=${host}` : `host=${host}\u0001port=${port}`;
    return utf8Bytes(`${header}\u0001${server}\u0001auth=Bearer ${token}\u0001\u0001`);
  }

  next(challenge: Uint8Array): Uint8Array {
    if (this.refusal) {
      throw new ProtocolError(
        'PROTOCOL_VIOLATION',
        'The server asks for more than AUTH OAUTHBEARER has',
      );
    }
    this.refusal = bearerRefusal(challenge);
    return utf8Bytes(DISMISSAL);
  }

  finish(): void {
    if (!this.refusal) return;
    throw new ProtocolError(
      'PROTOCOL_VIOLATION',
      'The server refused the token in AUTH OAUTHBEARER and then accepted it',
    );
  }
}
