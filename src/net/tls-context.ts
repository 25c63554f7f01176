// What is made once of a set of TLS options and kept as long as the object lives: the SecureContext and the sessions.
import { createSecureContext, type SecureContext } from 'node:tls';
import { limits, OptionError } from '../base/index.ts';
import { isDer, type PemInput, type TlsOptions } from './tls-options.ts';

const contexts = new WeakMap<TlsOptions, SecureContext>();
const caches = new WeakMap<TlsOptions, SessionCache>();

/** The context of `options`: made at first use. Throws `OptionError` when certificate or key can't be used. */
export function secureContextFor(options: TlsOptions): SecureContext {
  const known = contexts.get(options);
  if (known) return known;
  const context = makeContext(options);
  contexts.set(options, context);
  return context;
}

/** The sessions of connections that were verified by exactly these options. */
export function sessionsFor(options: TlsOptions): SessionCache {
  const known = caches.get(options);
  if (known) return known;
  const cache = new SessionCache();
  caches.set(options, cache);
  return cache;
}

/** A session that may be resumed, with what a resumed connection no longer shows. */
export interface KeptSession {
  readonly ticket: Buffer;
  /** The server's certificate (DER); it was verified when the session began. */
  readonly certificate: Buffer;
}

/** Sessions by server and expected name, the latest of each; the one unused for longest gives way. */
export class SessionCache {
  readonly #sessions = new Map<string, KeptSession>();

  /** The session to resume; `undefined` when there is none. */
  get(key: string): KeptSession | undefined {
    const session = this.#sessions.get(key);
    if (session) this.set(key, session);
    return session;
  }

  /** Keeps the session of a connection whose certificate was verified. */
  set(key: string, session: KeptSession): void {
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > limits.tlsSessions && oldest !== undefined) this.delete(oldest);
  }

  /** Forgets a session that was of no use. */
  delete(key: string): void {
    this.#sessions.delete(key);
  }
}

function makeContext(options: TlsOptions): SecureContext {
  const { ca, crl, cert, key, passphrase, pfx, ciphers, ecdhCurve, sigalgs, maxVersion } = options;
  try {
    return createSecureContext({
      minVersion: options.minVersion ?? 'TLSv1.2',
      ...(maxVersion === undefined ? {} : { maxVersion }),
      ...(ciphers === undefined ? {} : { ciphers }),
      ...(ecdhCurve === undefined ? {} : { ecdhCurve }),
      ...(sigalgs === undefined ? {} : { sigalgs }),
      ...(passphrase === undefined ? {} : { passphrase }),
      ...(pfx === undefined ? {} : { pfx: Buffer.from(pfx) }),
      ...(ca === undefined ? {} : { ca: pem(ca, 'CERTIFICATE') }),
      ...(crl === undefined ? {} : { crl: pem(crl, 'X509 CRL') }),
      ...(cert === undefined ? {} : { cert: pem(cert, 'CERTIFICATE') }),
      ...(key === undefined ? {} : { key: pem(key, 'PRIVATE KEY') }),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OptionError(
      'tls',
      `Option 'tls' can't be used: ${reason}; check certificate, key and passphrase`,
    );
  }
}

// Node reads PEM only.
function pem(input: PemInput, label: string): (string | Buffer)[] {
  const list = typeof input === 'string' || input instanceof Uint8Array ? [input] : input;
  return list.map((each) => {
    if (typeof each === 'string') return each;
    const bytes = Buffer.from(each);
    if (!isDer(each)) return bytes;
    const name = label === 'PRIVATE KEY' && isEncrypted(each) ? `ENCRYPTED ${label}` : label;
    return `-----BEGIN ${name}-----\n${bytes.toString('base64')}\n-----END ${name}-----\n`;
  });
}

// RFC 5958: a key begins with its version, an encrypted one with how it is encrypted.
function isEncrypted(key: Uint8Array): boolean {
  const [, length = 0] = key;
  const start = length < 0x80 ? 2 : 2 + (length & 0x7f);
  return key[start] === 0x30;
}
