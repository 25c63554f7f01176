// JWTs that we sign (RFC 7519): assertions about who we are (RFC 7523).
import { Buffer } from 'node:buffer';
import {
  constants,
  createHash,
  createPrivateKey,
  KeyObject,
  randomUUID,
  sign,
  X509Certificate,
} from 'node:crypto';
import { OptionError } from '../../base/index.ts';
import type { JwtAlgorithm, SigningKeyOptions } from './options.ts';

/** What an assertion says. Times are filled in. */
export interface AssertionClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  readonly scope?: string | undefined;
}

// Google takes nothing longer than an hour; others want minutes.
const LIFETIME_S = 300;

/** Signs assertions with one key. */
export class JwtSigner {
  readonly #key: KeyObject;
  readonly #algorithm: JwtAlgorithm;
  readonly #header: Readonly<Record<string, string>>;

  /** Throws `OptionError`, which never repeats the key. */
  constructor({ privateKey, keyId, certificate, algorithm }: SigningKeyOptions) {
    this.#key = keyOf(privateKey);
    this.#algorithm = algorithm ?? algorithmFor(this.#key);
    this.#header = {
      alg: this.#algorithm,
      typ: 'JWT',
      ...(keyId === undefined ? {} : { kid: keyId }),
      ...(certificate === undefined ? {} : digests(certificate)),
    };
  }

  /** One assertion, good for five minutes from `nowMs`. */
  sign(claims: AssertionClaims, nowMs: number): string {
    const now = Math.floor(nowMs / 1000);
    const times = { iat: now, exp: now + LIFETIME_S, jti: randomUUID() };
    const text = `${json(this.#header)}.${json({ ...claims, ...times })}`;
    const signature = sign(hashFor(this.#algorithm), Buffer.from(text), {
      key: this.#key,
      dsaEncoding: 'ieee-p1363',
      ...(this.#algorithm === 'PS256' && {
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      }),
    });
    return `${text}.${signature.toString('base64url')}`;
  }
}

function keyOf(key: unknown): KeyObject {
  try {
    const object = key instanceof KeyObject ? key : createPrivateKey(String(key));
    if (object.type === 'private') return object;
  } catch {
    // The reason could quote the key.
  }
  throw new OptionError('privateKey', "Option 'privateKey' must be a private key as PEM");
}

function algorithmFor(key: KeyObject): JwtAlgorithm {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return 'RS256';
    case 'rsa-pss':
      return 'PS256';
    case 'ec':
      if (curve === 'secp384r1') return 'ES384';
      return curve === 'secp521r1' ? 'ES512' : 'ES256';
    case 'ed25519':
      return 'EdDSA';
    default:
      throw new OptionError('privateKey', "Option 'privateKey' must be an RSA, EC or Ed25519 key");
  }
}

function hashFor(algorithm: JwtAlgorithm): string | undefined {
  return algorithm === 'EdDSA' ? undefined : `sha${algorithm.slice(2)}`;
}

function digests(certificate: string): Record<string, string> {
  try {
    const { raw } = new X509Certificate(certificate);
    const digest = (hash: string): string => createHash(hash).update(raw).digest('base64url');
    return { x5t: digest('sha1'), 'x5t#S256': digest('sha256') };
  } catch {
    throw new OptionError('certificate', "Option 'certificate' must be a certificate as PEM");
  }
}

function json(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
