// EXTERNAL (RFC 4422 appendix A) and ANONYMOUS (RFC 4505): nothing secret is said at all.
import { ProtocolError } from '../../base/index.ts';
import { utf8Bytes } from '../../base/internal.ts';
import type { SaslMechanism } from './mechanism.ts';

class OneMessage implements SaslMechanism {
  readonly name: string;
  readonly #message: string;

  constructor(name: string, message: string) {
    this.name = name;
    this.#message = message;
  }

  start(): Uint8Array {
    return utf8Bytes(this.#message);
  }

  next(): Uint8Array {
    throw new ProtocolError(
      'PROTOCOL_VIOLATION',
      `The server asks for more than AUTH ${this.name} has`,
    );
  }
}

/** EXTERNAL: the server knows who it is from elsewhere, mostly from a client certificate. */
export class ExternalMechanism extends OneMessage {
  /** @param authorizationId Whom to act for; empty: whoever the certificate names. */
  constructor(authorizationId = '') {
    super('EXTERNAL', authorizationId);
  }
}

/** ANONYMOUS: logs in as nobody. */
export class AnonymousMechanism extends OneMessage {
  /** @param trace A word or an address for the server's log; may be empty. */
  constructor(trace = '') {
    super('ANONYMOUS', trace);
  }
}
