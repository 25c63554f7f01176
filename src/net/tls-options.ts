// The caller's TLS settings and the SecureContext made from them once.
import {
  createSecureContext,
  type PeerCertificate,
  type SecureContext,
  type SecureVersion,
} from 'node:tls';
import { OptionError } from '../base/index.ts';

/** PEM text or DER bytes of one certificate or key, or several. */
export type PemInput = string | Uint8Array | readonly (string | Uint8Array)[];

/** Node's TLS options as far as they make sense for a mail client; verification is on unless said otherwise. */
export interface TlsOptions {
  /** Certificates of the authorities to trust instead of the system's. Default: Node's built-in list. */
  readonly ca?: PemInput;
  /** The client's own certificate chain. Default: none. */
  readonly cert?: PemInput;
  /** The private key of `cert`. Default: none. */
  readonly key?: PemInput;
  /** The passphrase of `key` or `pfx`. Default: none. */
  readonly passphrase?: string;
  /** Client certificate and key as PKCS #12. Default: none. */
  readonly pfx?: Uint8Array;
  /** The name to send as SNI and to expect in the certificate. Default: `host`. */
  readonly servername?: string;
  /** The lowest TLS version to accept; lower than TLS 1.2 is refused. Default: `'TLSv1.2'`. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3';
  /** The highest TLS version to offer. Default: `'TLSv1.3'`. */
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3';
  /** Cipher suites as OpenSSL writes them. Default: Node's. */
  readonly ciphers?: string;
  /** Returns an error when the certificate is not good for `host`. Default: RFC 9525, names from subjectAltName only. */
  readonly checkServerIdentity?: (host: string, certificate: PeerCertificate) => Error | undefined;
  /** `false` accepts any certificate, and with it anybody on the way who reads along. Default: `true`. */
  readonly rejectUnauthorized?: boolean;
}

const VERSIONS: readonly SecureVersion[] = ['TLSv1.2', 'TLSv1.3'];
const made = new WeakMap<TlsOptions, SecureContext>();

/** The context of `options`: made at first use, then kept as long as the object lives. */
export function secureContextFor(options: TlsOptions): SecureContext {
  const known = made.get(options);
  if (known) return known;
  const context = makeContext(options);
  made.set(options, context);
  return context;
}

function makeContext(options: TlsOptions): SecureContext {
  const { ca, cert, key, passphrase, pfx, ciphers, minVersion = 'TLSv1.2', maxVersion } = options;
  if (!VERSIONS.includes(minVersion)) {
    throw new OptionError(
      'tls.minVersion',
      "Option 'tls.minVersion' must be 'TLSv1.2' or 'TLSv1.3'",
    );
  }
  try {
    return createSecureContext({
      minVersion,
      ...(maxVersion === undefined ? {} : { maxVersion }),
      ...(ciphers === undefined ? {} : { ciphers }),
      ...(passphrase === undefined ? {} : { passphrase }),
      ...(pfx === undefined ? {} : { pfx: Buffer.from(pfx) }),
      ...(ca === undefined ? {} : { ca: pem(ca) }),
      ...(cert === undefined ? {} : { cert: pem(cert) }),
      ...(key === undefined ? {} : { key: pem(key) }),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OptionError(
      'tls',
      `Option 'tls' can't be used: ${reason}; check certificate, key and passphrase`,
    );
  }
}

function pem(input: PemInput): (string | Buffer)[] {
  const list = typeof input === 'string' || input instanceof Uint8Array ? [input] : input;
  return list.map((each) => (typeof each === 'string' ? each : Buffer.from(each)));
}
