// Logging in at real servers: Postfix with Dovecot's SASL and with Cyrus SASL, tokens of a real authorization server.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { connect, type SecureVersion } from 'node:tls';
import { type PosthornEvent, SmtpClient, type SmtpClientOptions } from 'posthorn';
import { mechanismKind, OAuthTokenProvider } from 'posthorn/auth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { channelBindingsOf } from '../../src/net/channel-binding.ts';
import { type OidcServer, startOidc } from '../auth/oidc.mjs';
import { type Peer, startPeer, stopPeers } from './support/peer.ts';

let oidc: OidcServer;
let postfix: Peer | undefined;

beforeAll(async () => {
  oidc = await startOidc();
  const introspect = { INTROSPECT_URL: `${oidc.issuer}/token/introspection` };
  const dovecot = await startPeer('dovecot', introspect);
  postfix = dovecot && (await startPeer('postfix'));
});
afterAll(async () => {
  await stopPeers();
  await oidc?.close();
});

/** Connects and logs in; the mechanism by which that worked. */
async function loggedIn(options: SmtpClientOptions): Promise<string> {
  const events: PosthornEvent[] = [];
  const client = new SmtpClient({ ...options, onEvent: (event) => void events.push(event) });
  try {
    await client.verify();
  } finally {
    await client.close();
  }
  return events.flatMap((event) => (event.type === 'auth' ? [event.mechanism] : [])).join();
}

const submission = ({ SUBMISSION_PORT, CA }: Peer): SmtpClientOptions => ({
  host: 'localhost',
  port: Number(SUBMISSION_PORT),
  security: 'starttls',
  tls: { ca: readFileSync(String(CA)) },
});

const MECHANISMS = ['PLAIN', 'LOGIN', 'CRAM-MD5', 'DIGEST-MD5', 'SCRAM-SHA-1', 'SCRAM-SHA-256'];

describe('Postfix with Dovecot', () => {
  it.for(MECHANISMS)('logs in by %s', async (mechanism, { skip }) => {
    if (!postfix) return skip();
    const authMechanisms = [mechanism];
    const alice = { username: 'alice@mail.test', password: 'secret-alice' };
    const odd = { username: 'odd@mail.test', password: 'p s"w\\o=r,d€' };
    expect(await loggedIn({ ...submission(postfix), ...alice, authMechanisms })).toBe(mechanism);
    expect(await loggedIn({ ...submission(postfix), ...odd, authMechanisms })).toBe(mechanism);
    const wrong = loggedIn({ ...submission(postfix), ...alice, password: 'no', authMechanisms });
    await expect(wrong).rejects.toMatchObject({ code: 'AUTH_FAILED', mechanism });
  });

  it('takes the best by itself', async ({ skip }) => {
    if (!postfix) return skip();
    const alice = { username: 'alice@mail.test', password: 'secret-alice' };
    expect(await loggedIn({ ...submission(postfix), ...alice })).toBe('SCRAM-SHA-256');
  });

  it.for(['XOAUTH2', 'OAUTHBEARER'])('takes tokens by %s', async (mechanism, { skip }) => {
    if (!postfix) return skip();
    const tokenProvider = OAuthTokenProvider.refreshToken({
      issuer: oidc.issuer,
      clientId: 'cli',
      refreshToken: await oidc.refreshToken('alice@mail.test'),
    });
    const options = {
      ...submission(postfix),
      username: 'alice@mail.test',
      tokenProvider,
      authMechanisms: [mechanism],
    };
    expect(await loggedIn(options)).toBe(mechanism);
    const { token } = await tokenProvider.getToken();
    // Good by our clock, refused by the server: another is got and taken.
    await oidc.expire(token);
    expect(await loggedIn(options)).toBe(mechanism);
    expect((await tokenProvider.getToken()).token).not.toBe(token);
    const other = loggedIn({ ...options, tokenProvider: () => 'not-a-token' });
    await expect(other).rejects.toMatchObject({ code: 'AUTH_FAILED', mechanism });
  });
});

// Who the token is for, and how it is got.
const GRANTS: Record<string, () => readonly [username: string, tokens: OAuthTokenProvider]> = {
  'client credentials, by secret': () => [
    'daemon-post',
    OAuthTokenProvider.clientCredentials({
      issuer: oidc.issuer,
      clientId: 'daemon-post',
      clientSecret: 'p0st',
      clientAuthentication: 'post',
      scope: 'mail',
    }),
  ],
  'client credentials, by key': () => [
    'daemon-key',
    OAuthTokenProvider.clientCredentials({
      issuer: oidc.issuer,
      clientId: 'daemon-key',
      privateKey: oidc.clientKey,
      keyId: 'k1',
      scope: 'mail',
    }),
  ],
  'a device code': () => [
    'ann@example.com',
    OAuthTokenProvider.deviceCode({
      issuer: oidc.issuer,
      clientId: 'cli',
      scope: 'openid offline_access mail',
      onPrompt: ({ userCode }) => void oidc.answerDevice(userCode, 'yes'),
    }),
  ],
  'a JWT assertion': () => [
    'alice@mail.test',
    OAuthTokenProvider.jwtBearer({
      issuer: oidc.issuer,
      clientId: 'web',
      clientSecret: 'web%/+ secret',
      assertionIssuer: 'svc@example.com',
      subject: 'alice@mail.test',
      privateKey: oidc.serviceKey,
      scope: 'mail',
    }),
  ],
};

describe('Postfix with Dovecot takes the token of', () => {
  it.for(Object.keys(GRANTS))('%s', async (grant, { skip }) => {
    if (!postfix) return skip();
    const [username, tokenProvider] = GRANTS[grant]?.() ?? [];
    if (!username || !tokenProvider) throw new Error(grant);
    // A device waits five seconds before it asks: not for each of the two.
    await tokenProvider.getToken();
    for (const mechanism of ['XOAUTH2', 'OAUTHBEARER']) {
      const options = { ...submission(postfix), username, tokenProvider };
      expect(await loggedIn({ ...options, authMechanisms: [mechanism] })).toBe(mechanism);
    }
  });
});

describe('Postfix with Cyrus SASL', () => {
  it.for([...MECHANISMS, 'NTLM'])('logs in by %s', async (mechanism, { skip }) => {
    if (!postfix?.CYRUS_SASL_PORT) return skip();
    const options: SmtpClientOptions = {
      host: '127.0.0.1',
      port: Number(postfix.CYRUS_SASL_PORT),
      security: 'none',
      username: 'alice@mail.test',
      authMechanisms: [mechanism],
    };
    expect(await loggedIn({ ...options, password: 'secret-alice' })).toBe(mechanism);
    const wrong = loggedIn({ ...options, password: 'no' });
    await expect(wrong).rejects.toMatchObject({ code: 'AUTH_FAILED', mechanism });
  });
});

/** SCRAM over IMAP's AUTHENTICATE (RFC 9051 section 6.2.2): what the server says in the end. */
async function overImap(
  { CYRUS_IMAPS_PORT, CA }: Peer,
  name: string,
  password: string,
  version: SecureVersion,
): Promise<{ answer: string; header: string }> {
  const socket = connect({
    port: Number(CYRUS_IMAPS_PORT),
    host: '127.0.0.1',
    servername: 'localhost',
    ca: readFileSync(String(CA)),
    minVersion: version,
    maxVersion: version,
  });
  try {
    await once(socket, 'secureConnect');
    const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
    const greeting = String((await lines.next()).value);
    const certificate = (): Uint8Array => socket.getPeerCertificate().raw;
    const mechanism = mechanismKind(name)?.create({
      ...{ username: 'alice', password, token: '', service: 'imap', host: 'localhost', port: 993 },
      offered: Array.from(greeting.matchAll(/AUTH=(\S+)/g), ([, offer = '']) => offer),
      channelBindings: channelBindingsOf(socket, certificate),
    });
    const initial = Buffer.from((await mechanism?.start()) ?? '');
    socket.write(`a1 AUTHENTICATE ${name}\r\n`);
    for (let first = true; ; first = false) {
      const line = String((await lines.next()).value);
      if (!line.startsWith('+')) {
        if (line.startsWith('a1 OK')) mechanism?.finish?.();
        return { answer: line.slice(0, 5), header: initial.toString().split(',')[0] ?? '' };
      }
      const challenge = Buffer.from(line.slice(2), 'base64');
      const response = first ? initial : ((await mechanism?.next(challenge)) ?? '');
      socket.write(`${Buffer.from(response).toString('base64')}\r\n`);
    }
  } finally {
    socket.destroy();
  }
}

describe('Cyrus IMAP', () => {
  let cyrus: Peer | undefined;
  beforeAll(async () => {
    cyrus = await startPeer('cyrus');
  });

  // With TLS 1.3 it binds to a Finished message, which RFC 9266 took the meaning of.
  it.for(['SCRAM-SHA-1-PLUS', 'SCRAM-SHA-256-PLUS'])(
    'knows the connection by %s',
    async (name, { skip }) => {
      if (!cyrus) return skip();
      expect(await overImap(cyrus, name, 'secret-alice', 'TLSv1.2')).toEqual({
        answer: 'a1 OK',
        header: 'p=tls-unique',
      });
      expect(await overImap(cyrus, name, 'wrong', 'TLSv1.2')).toMatchObject({ answer: 'a1 NO' });
    },
  );

  it('takes SCRAM without binding', async ({ skip }) => {
    if (!cyrus) return skip();
    expect(await overImap(cyrus, 'SCRAM-SHA-256', 'secret-alice', 'TLSv1.3')).toEqual({
      answer: 'a1 OK',
      header: 'n',
    });
  });
});
