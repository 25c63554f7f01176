// HTTP Digest (RFC 7616) as a proxy's client: the answer to one challenge.
import { createHash, randomBytes } from 'node:crypto';
import type { HttpChallenge } from './http-challenge.ts';

/** What the answer is made for. */
export interface DigestRequest {
  readonly method: string;
  /** The request target, as in the request line. */
  readonly uri: string;
  readonly username: string;
  readonly password: string;
}

// RFC 7616 section 3.3; the first is what a challenge without `algorithm` means.
const HASHES: ReadonlyMap<string, string> = new Map([
  ['md5', 'md5'],
  ['sha-256', 'sha256'],
  ['sha-512-256', 'sha512-256'],
]);

/** Whether {@link digestAnswer} can answer `challenge`. */
export function canDigest({ parameters }: HttpChallenge): boolean {
  const qop = parameters.get('qop');
  return (
    hashOf(parameters) !== undefined &&
    parameters.has('nonce') &&
    (qop === undefined || offersAuth(qop))
  );
}

/** The value of `Proxy-Authorization`; `cnonce` is random but in tests. */
export function digestAnswer(
  { parameters }: HttpChallenge,
  { method, uri, username, password }: DigestRequest,
  cnonce: string = randomBytes(16).toString('hex'),
): string {
  const { name, isSession } = hashOf(parameters) ?? { name: 'md5', isSession: false };
  const hash = (text: string): string => createHash(name).update(text, 'utf8').digest('hex');
  const realm = parameters.get('realm') ?? '';
  const nonce = parameters.get('nonce') ?? '';
  const opaque = parameters.get('opaque');
  const algorithm = parameters.get('algorithm');
  const qop = parameters.has('qop') ? 'auth' : undefined;
  const nc = '00000001';
  const user = hash(`${username}:${realm}:${password}`);
  const secret = isSession ? hash(`${user}:${nonce}:${cnonce}`) : user;
  const middle = qop === undefined ? nonce : `${nonce}:${nc}:${cnonce}:${qop}`;
  const response = hash(`${secret}:${middle}:${hash(`${method}:${uri}`)}`);
  const wantsUserHash = parameters.get('userhash')?.toLowerCase() === 'true';
  const shownUser = wantsUserHash ? hash(`${username}:${realm}`) : username;
  return `Digest ${[
    `username=${quoted(shownUser)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    `response=${quoted(response)}`,
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
    ...(qop === undefined ? [] : [`qop=${qop}`, `nc=${nc}`, `cnonce=${quoted(cnonce)}`]),
    ...(wantsUserHash ? ['userhash=true'] : []),
  ].join(', ')}`;
}

function hashOf(
  parameters: HttpChallenge['parameters'],
): { name: string; isSession: boolean } | undefined {
  const algorithm = (parameters.get('algorithm') ?? 'md5').toLowerCase();
  const isSession = algorithm.endsWith('-sess');
  const name = HASHES.get(isSession ? algorithm.slice(0, -5) : algorithm);
  return name === undefined ? undefined : { name, isSession };
}

function offersAuth(qop: string): boolean {
  return qop
    .toLowerCase()
    .split(/[\s,]+/)
    .includes('auth');
}

// A header carries octets: what is not ASCII goes as its UTF-8 octets (RFC 7616 section 4).
function quoted(text: string): string {
  const octets = Buffer.from(text, 'utf8').toString('latin1');
  return `"${octets.replace(/["\\]/g, '\\$&')}"`;
}
