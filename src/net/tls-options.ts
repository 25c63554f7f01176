// What a caller may say about TLS, checked once. Without node:tls, so that configuring loads no socket code.
import type { PeerCertificate } from 'node:tls';
import { OptionError, printable } from '../base/index.ts';
import { viewOf } from '../base/internal.ts';

/** PEM text or DER bytes of one certificate or key (in DER: PKCS #8), or several. Never the path of a file. */
export type PemInput = string | Uint8Array | readonly (string | Uint8Array)[];

/** Node's TLS options as far as they make sense for a mail client; verification is on unless said otherwise. */
export interface TlsOptions {
  /** Certificates of the authorities to trust instead of the system's. Default: Node's built-in list. */
  readonly ca?: PemInput;
  /** Revocation lists of those authorities, PEM. Default: none. */
  readonly crl?: PemInput;
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
  /**
   * The server's certificate must be one of these: `'sha256/…'` with the base64 SHA-256 of its public key (SPKI, as in
   * RFC 7469), or the hex SHA-256 fingerprint of the whole certificate. Checked besides everything else, and also when
   * `rejectUnauthorized` is `false`. Default: any certificate that verifies.
   */
  readonly pins?: readonly string[];
  /** The lowest TLS version to accept; lower than TLS 1.2 is refused. Default: `'TLSv1.2'`. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3';
  /** The highest TLS version to offer. Default: `'TLSv1.3'`. */
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3';
  /** Cipher suites as OpenSSL writes them. Default: Node's. */
  readonly ciphers?: string;
  /** Curves for the key exchange, as OpenSSL writes them. Default: Node's. */
  readonly ecdhCurve?: string;
  /** Signature algorithms, as OpenSSL writes them. Default: OpenSSL's. */
  readonly sigalgs?: string;
  /** Returns an error when the certificate is not good for `host`. Default: RFC 9525, names from subjectAltName only. */
  readonly checkServerIdentity?: (host: string, certificate: PeerCertificate) => Error | undefined;
  /** `false` accepts any certificate, and with it anybody on the way who reads along. Default: `true`. */
  readonly rejectUnauthorized?: boolean;
}

interface Rule {
  readonly accepts: (value: unknown) => boolean;
  readonly expected: string;
}

const version: Rule = {
  accepts: (v) => v === 'TLSv1.2' || v === 'TLSv1.3',
  expected: "'TLSv1.2' or 'TLSv1.3'",
};
const pem: Rule = {
  accepts: (v) => (Array.isArray(v) ? v.every(isKeyMaterial) : isKeyMaterial(v)),
  expected:
    "PEM text ('-----BEGIN …'), DER bytes or a list of them; a file is given as readFileSync(path)",
};
const text: Rule = {
  accepts: (v) => typeof v === 'string' && v !== '' && !/[\r\n\0]/.test(v),
  expected: 'a string that is not empty',
};

const RULES: { readonly [name in keyof Required<TlsOptions>]: Rule } = {
  ca: pem,
  crl: pem,
  cert: pem,
  key: pem,
  passphrase: { accepts: (v) => typeof v === 'string', expected: 'a string' },
  pfx: { accepts: (v) => v instanceof Uint8Array, expected: 'the bytes of a PKCS #12 file' },
  servername: text,
  pins: {
    accepts: (v) =>
      Array.isArray(v) && v.length > 0 && v.every((pin) => readPin(pin) !== undefined),
    expected:
      "a list of 'sha256/…' (base64 SHA-256 of the public key) or of hex SHA-256 fingerprints of certificates",
  },
  minVersion: version,
  maxVersion: version,
  ciphers: text,
  ecdhCurve: text,
  sigalgs: text,
  checkServerIdentity: { accepts: (v) => typeof v === 'function', expected: 'a function' },
  rejectUnauthorized: { accepts: (v) => typeof v === 'boolean', expected: 'true or false' },
};

const RULE_OF: ReadonlyMap<string, Rule> = new Map(Object.entries(RULES));

/** Throws `OptionError` when `tls` has a member that does not exist or can't have its value; values are never repeated. */
export function checkTlsOptions(tls: TlsOptions, path: string = 'tls'): void {
  for (const [name, value] of Object.entries(tls)) {
    if (value === undefined) continue;
    const option = `${path}.${name}`;
    const rule = RULE_OF.get(name);
    if (!rule) {
      throw new OptionError(
        option,
        `There is no option '${printable(option, 80)}'; ${path} has ${[...RULE_OF.keys()].join(', ')}`,
      );
    }
    if (!rule.accepts(value)) {
      throw new OptionError(option, `Option '${option}' must be ${rule.expected}`);
    }
  }
}

/** A pin as it is compared. */
export interface Pin {
  /** Whether the digest is of the public key (SPKI) or of the whole certificate. */
  readonly of: 'key' | 'certificate';
  /** The SHA-256 digest in lower-case hex. */
  readonly digest: string;
}

/** The pin that `input` writes; `undefined` when it writes none. */
export function readPin(input: unknown): Pin | undefined {
  if (typeof input !== 'string') return undefined;
  const key = /^sha256\/{1,2}([A-Za-z0-9+/]{43}=?)$/.exec(input)?.[1];
  if (key !== undefined) return { of: 'key', digest: Buffer.from(key, 'base64').toString('hex') };
  const digest = input.replaceAll(':', '').toLowerCase();
  return /^[0-9a-f]{64}$/.test(digest) ? { of: 'certificate', digest } : undefined;
}

const PEM = '-----BEGIN ';
// X.690: a SEQUENCE, as every certificate and key is.
const DER = 0x30;

// OpenSSL passes over what it can't read: an authority given by its path would be trusted no more than none.
function isKeyMaterial(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(PEM);
  return value instanceof Uint8Array && (isDer(value) || viewOf(value).includes(PEM));
}

/** Whether certificate or key are DER rather than PEM. */
export function isDer([first]: Uint8Array): boolean {
  return first === DER;
}
