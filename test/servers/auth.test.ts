// Logging in at real servers: Postfix with Dovecot's SASL and with Cyrus SASL, tokens of a real authorization server.
import { readFileSync } from 'node:fs';
import { type PosthornEvent, SmtpClient, type SmtpClientOptions } from 'posthorn';
import { OAuthTokenProvider } from 'posthorn/auth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
