// SCRAM (RFC 5802, RFC 7677), with and without channel binding: neither side shows the password, both prove to know it.
import { Buffer } from 'node:buffer';
import {
  createHash,
  createHmac,
  pbkdf2 as pbkdf2WithCallback,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { AuthenticationError, limits, ProtocolError, printable } from '../../base/index.ts';
import { utf8Bytes } from '../../base/internal.ts';
import { encodeBase64 } from '../../codec/index.ts';
import { saslprep } from '../stringprep/saslprep.ts';
import type { ChannelBinding } from './channel-binding.ts';
import type { Credentials, SaslMechanism, SaslRefusal } from './mechanism.ts';
import { readScramMessage, strictBase64 } from './scram-message.ts';

/** What a SCRAM exchange is made with. */
export interface ScramOptions {
  /** The hash: `'SHA-256'` where the server has it. */
  readonly hash: 'SHA-1' | 'SHA-256';
  /** Who logs in. */
  readonly credentials: Credentials;
  /** Ties the login to the TLS connection: makes it a -PLUS mechanism. Default: none. */
  readonly binding?: ChannelBinding | undefined;
  /**
   * Without `binding`: whether we could bind but the server does not offer it. A server that does offer it
   * then knows that somebody took the offer away on the way. Default: `false`.
   */
  readonly couldBind?: boolean | undefined;
  /** Our half of the nonce; for tests only. Default: 24 random octets. */
  readonly nonce?: string | undefined;
}

/**
 * SCRAM-SHA-1, SCRAM-SHA-256 and their -PLUS forms. The server's signature is always checked: a success
 * without it is an error. The constructor throws `OptionError` for a user name or password that SASLprep
 * refuses.
 */
export class ScramMechanism implements SaslMechanism {
  readonly name: string;
  refusal: SaslRefusal | undefined;
  readonly #algorithm: 'sha1' | 'sha256';
  readonly #password: Uint8Array;
  readonly #header: string;
  readonly #binding: Uint8Array;
  readonly #nonce: string;
  readonly #firstBare: string;
  #stage: 'first' | 'final' | 'proved' | 'refused' = 'first';
  #serverSignature: Uint8Array | undefined;

  constructor({ hash, credentials, binding, couldBind = false, nonce }: ScramOptions) {
    const { username, password, authorizationId = '' } = credentials;
    this.name = `SCRAM-${hash}${binding ? '-PLUS' : ''}`;
    this.#algorithm = hash === 'SHA-1' ? 'sha1' : 'sha256';
    this.#password = utf8Bytes(saslprep(password, 'password'));
    const flag = binding ? `p=${binding.type}` : couldBind ? 'y' : 'n';
    const actFor = authorizationId === '' ? '' : `a=${saslName(authorizationId)}`;
    this.#header = `${flag},${actFor},`;
    this.#binding = binding?.data ?? new Uint8Array(0);
    this.#nonce = nonce ?? randomBytes(24).toString('base64');
    this.#firstBare = `n=${saslName(saslprep(username, 'username'))},r=${this.#nonce}`;
  }

  start(): Uint8Array {
    return utf8Bytes(this.#header + this.#firstBare);
  }

  async next(challenge: Uint8Array): Promise<Uint8Array> {
    const message = readScramMessage(challenge, this.name);
    const error = message.get('e');
    if (error !== undefined && this.#stage !== 'proved') {
      this.#stage = 'refused';
      this.refusal = refusalOf(error);
      return new Uint8Array(0);
    }
    if (this.#stage === 'first') return await this.#answerFirst(challenge, message);
    if (this.#stage === 'final') return this.#checkFinal(message);
    throw this.#violation('asks for more than it may');
  }

  finish(): void {
    if (this.#stage !== 'proved') throw this.#unproven('did not prove that it knows the password');
  }

  async #answerFirst(
    serverFirst: Uint8Array,
    message: ReadonlyMap<string, string>,
  ): Promise<Uint8Array> {
    const nonce = message.get('r') ?? '';
    const salt = strictBase64(message.get('s') ?? '');
    const iterations = Number(message.get('i'));
    if (!nonce.startsWith(this.#nonce) || nonce.length === this.#nonce.length) {
      throw this.#violation('sent a nonce that does not begin with ours');
    }
    if (!salt || salt.length === 0) throw this.#violation('sent no salt');
    this.#checkIterations(iterations);

    const keyBytes = this.#algorithm === 'sha1' ? 20 : 32;
    const salted = await pbkdf2(this.#password, salt, iterations, keyBytes, this.#algorithm);
    const channel = Buffer.concat([utf8Bytes(this.#header), this.#binding]);
    const withoutProof = `c=${encodeBase64(channel)},r=${nonce}`;
    const signed = Buffer.concat([
      utf8Bytes(`${this.#firstBare},`),
      serverFirst,
      utf8Bytes(`,${withoutProof}`),
    ]);
    const clientKey = this.#hmac(salted, 'Client Key');
    const storedKey = createHash(this.#algorithm).update(clientKey).digest();
    const signature = this.#hmac(storedKey, signed);
    const proof = clientKey.map((octet, i) => octet ^ (signature[i] ?? 0));
    this.#serverSignature = this.#hmac(this.#hmac(salted, 'Server Key'), signed);
    this.#stage = 'final';
    return utf8Bytes(`${withoutProof},p=${encodeBase64(proof)}`);
  }

  #checkFinal(message: ReadonlyMap<string, string>): Uint8Array {
    const given = strictBase64(message.get('v') ?? '');
    const expected = this.#serverSignature;
    if (!given || !expected || given.length !== expected.length) {
      throw this.#unproven('sent no proof that it knows the password');
    }
    if (!timingSafeEqual(given, expected)) throw this.#unproven('does not know the password');
    this.#stage = 'proved';
    return new Uint8Array(0);
  }

  // Too few make the proof cheap to guess from; too many are there to keep us busy.
  #checkIterations(count: number): void {
    const { scramIterationsMin: min, scramIterationsMax: max } = limits;
    if (Number.isInteger(count) && count >= min && count <= max) return;
    const asked = Number.isInteger(count) ? String(count) : 'no number of';
    throw this.#violation(`asks for ${asked} iterations; ${min} to ${max} are acceptable`);
  }

  #hmac(key: Uint8Array, text: Uint8Array | string): Buffer {
    return createHmac(this.#algorithm, key).update(text).digest();
  }

  #violation(what: string): ProtocolError {
    return new ProtocolError('PROTOCOL_VIOLATION', `In AUTH ${this.name} the server ${what}`);
  }

  #unproven(what: string): AuthenticationError {
    return new AuthenticationError(
      'AUTH_SERVER_UNPROVEN',
      `In AUTH ${this.name} the server ${what}, so the connection was closed: it may not be the server you mean`,
      { mechanism: this.name },
    );
  }
}

// RFC 5802 section 5.1.
function saslName(name: string): string {
  return name.replaceAll('=', '=3D').replaceAll(',', '=2C');
}

// RFC 5802 section 7.
const REASONS: ReadonlyMap<string, string> = new Map([
  ['invalid-proof', 'the password is wrong'],
  ['unknown-user', 'the user is not known'],
  ['invalid-username-encoding', 'the user name is not well encoded'],
  ['channel-bindings-dont-match', 'somebody on the way speaks TLS with both sides'],
  ['server-does-support-channel-binding', 'somebody took its offer of channel binding away'],
  ['channel-binding-not-supported', 'it knows no channel binding'],
  ['unsupported-channel-binding-type', 'it does not know this type of channel binding'],
  ['no-resources', 'it is too busy'],
]);

function refusalOf(error: string): SaslRefusal {
  const kind = error === 'unsupported-channel-binding-type' ? 'binding' : 'other';
  const meaning = REASONS.get(error);
  return { kind, reason: `${printable(error, 80)}${meaning === undefined ? '' : ` (${meaning})`}` };
}

// In another thread: a server that asks for many iterations must not stop the program.
function pbkdf2(
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  keyBytes: number,
  algorithm: string,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    pbkdf2WithCallback(password, salt, iterations, keyBytes, algorithm, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
