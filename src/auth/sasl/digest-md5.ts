// DIGEST-MD5 (RFC 2831, made historic by RFC 6331): only for servers that have nothing better.
import { Buffer } from 'node:buffer';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { AuthenticationError, ProtocolError } from '../../base/index.ts';
import { latin1Bytes, utf8Bytes } from '../../base/internal.ts';
import { quoted, readDirectives } from './digest-challenge.ts';
import type { Credentials, SaslMechanism } from './mechanism.ts';

/** What DIGEST-MD5 is made with. */
export interface DigestMd5Options extends Credentials {
  /** The registered service name, such as `'smtp'`. */
  readonly service: string;
  /** The server's name as it was given. */
  readonly host: string;
  /** Our nonce; for tests only. Default: 24 random octets. */
  readonly nonce?: string | undefined;
}

/** DIGEST-MD5, authentication only. Both sides prove to know the password. */
export class DigestMd5Mechanism implements SaslMechanism {
  readonly name = 'DIGEST-MD5';
  readonly #options: DigestMd5Options;
  readonly #nonce: string;
  #stage: 'challenge' | 'final' | 'proved' = 'challenge';
  #expected = '';

  constructor(options: DigestMd5Options) {
    this.#options = options;
    this.#nonce = options.nonce ?? randomBytes(24).toString('base64');
  }

  start(): undefined {
    return undefined;
  }

  next(challenge: Uint8Array): Uint8Array {
    if (this.#stage === 'proved') throw violation('asks for more than it may');
    const directives = readDirectives(challenge);
    return this.#stage === 'challenge' ? this.#answer(directives) : this.#check(directives);
  }

  finish(): void {
    if (this.#stage !== 'proved') throw unproven('did not prove that it knows the password');
  }

  #answer(directives: ReadonlyMap<string, readonly string[]>): Uint8Array {
    const only = (name: string): string | undefined => {
      const values = directives.get(name) ?? [];
      if (values.length > 1) throw violation(`sent '${name}' more than once`);
      return values[0];
    };
    const nonce = only('nonce');
    if (nonce === undefined) throw violation('sent no nonce');
    if (only('algorithm')?.toLowerCase() !== 'md5-sess') throw violation('wants another algorithm');
    const qop = (only('qop') ?? 'auth').toLowerCase().split(/[\s,]+/);
    if (!qop.includes('auth')) throw violation('wants to encrypt by itself; use TLS instead');
    const isUtf8 = only('charset')?.toLowerCase() === 'utf-8';

    const { username, password, service, host, authorizationId = '' } = this.#options;
    const realm = directives.get('realm')?.[0];
    const uri = `${service}/${host}`;
    const secret = md5(
      Buffer.concat([hashed(username), COLON, hashed(realm ?? ''), COLON, hashed(password)]),
    );
    const actFor = authorizationId === '' ? '' : `:${authorizationId}`;
    const session = Buffer.concat([secret, utf8Bytes(`:${nonce}:${this.#nonce}${actFor}`)]);
    const prove = (method: string): string =>
      hex(
        `${hex(session)}:${nonce}:00000001:${this.#nonce}:auth:${hex(utf8Bytes(`${method}:${uri}`))}`,
      );
    this.#expected = prove('');
    this.#stage = 'final';
    const fields = [
      ...(isUtf8 ? ['charset=utf-8'] : []),
      `username=${quoted(username)}`,
      ...(realm === undefined ? [] : [`realm=${quoted(realm)}`]),
      `nonce=${quoted(nonce)}`,
      'nc=00000001',
      `cnonce=${quoted(this.#nonce)}`,
      `digest-uri=${quoted(uri)}`,
      `response=${prove('AUTHENTICATE')}`,
      'qop=auth',
      ...(authorizationId === '' ? [] : [`authzid=${quoted(authorizationId)}`]),
    ];
    return (isUtf8 ? utf8Bytes : latin1Bytes)(fields.join(','));
  }

  #check(directives: ReadonlyMap<string, readonly string[]>): Uint8Array {
    const given = utf8Bytes(directives.get('rspauth')?.[0] ?? '');
    const expected = utf8Bytes(this.#expected);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw unproven('does not know the password');
    }
    this.#stage = 'proved';
    return new Uint8Array(0);
  }
}

const COLON = utf8Bytes(':');

// RFC 2831 section 2.1.2.1: what fits into ISO 8859-1 is hashed in it, whatever is sent.
function hashed(text: string): Uint8Array {
  return /^[\0-\xff]*$/.test(text) ? latin1Bytes(text) : utf8Bytes(text);
}

function md5(bytes: Uint8Array): Buffer {
  return createHash('md5').update(bytes).digest();
}

function hex(bytes: Uint8Array | string): string {
  return createHash('md5').update(bytes).digest('hex');
}

function violation(what: string): ProtocolError {
  return new ProtocolError('PROTOCOL_VIOLATION', `In AUTH DIGEST-MD5 the server ${what}`);
}

function unproven(what: string): AuthenticationError {
  return new AuthenticationError(
    'AUTH_SERVER_UNPROVEN',
    `In AUTH DIGEST-MD5 the server ${what}, so the connection was closed: it may not be the server you mean`,
    { mechanism: 'DIGEST-MD5' },
  );
}
