import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  beginAuthorization,
  type DevicePrompt,
  type IssuedTokens,
  OAuthTokenProvider,
} from '../../src/auth/index.ts';
import { PosthornError } from '../../src/base/index.ts';
import { type OidcServer, startOidc } from './oidc.mjs';

let oidc: OidcServer;
beforeAll(async () => {
  oidc = await startOidc();
});
afterAll(() => oidc.close());

async function failure(work: Promise<unknown>): Promise<PosthornError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof PosthornError) return error;
    throw error;
  }
  throw new Error('It was expected to fail');
}

describe('a refresh token', () => {
  it('gives access tokens, is replaced, and handed back', async () => {
    const refreshToken = await oidc.refreshToken();
    const seen: IssuedTokens[] = [];
    const provider = OAuthTokenProvider.refreshToken({
      issuer: oidc.issuer,
      clientId: 'cli',
      refreshToken,
      scope: ['openid', 'mail'],
      onTokens: (tokens) => void seen.push(tokens),
    });
    const first = await provider.getToken();
    expect(await oidc.accountOf(first.token)).toBe('ann@example.com');
    expect(first.expiresAt?.getTime()).toBeGreaterThan(Date.now() + 500_000);
    expect(await provider.getToken()).toBe(first);
    const second = await provider.getToken({ forceRefresh: true });
    expect(second.token).not.toBe(first.token);
    expect(await provider.getToken()).toBe(second);
    expect(seen.map(({ accessToken }) => accessToken)).toEqual([first.token, second.token]);
    expect(new Set([refreshToken, ...seen.map((tokens) => tokens.refreshToken)]).size).toBe(3);
  });

  it('is used once for many who wait, and one who leaves does not end it', async () => {
    const provider = OAuthTokenProvider.refreshToken({
      issuer: oidc.issuer,
      clientId: 'cli',
      refreshToken: await oidc.refreshToken(),
    });
    const before = oidc.tokenRequests();
    const leaving = new AbortController();
    const left = failure(provider.getToken({ signal: leaving.signal }));
    const waiting = Array.from({ length: 20 }, () => provider.getToken());
    leaving.abort(new Error('enough'));
    expect(await left).toMatchObject({ code: 'ABORTED', stage: 'auth', retryable: false });
    const tokens = new Set((await Promise.all(waiting)).map(({ token }) => token));
    expect(tokens.size).toBe(1);
    expect(oidc.tokenRequests() - before).toBe(1);
    expect(await failure(provider.getToken({ signal: AbortSignal.abort() }))).toMatchObject({
      code: 'ABORTED',
    });
  });

  it('is not lost when everybody leaves', async () => {
    let kept: string | undefined;
    const provider = OAuthTokenProvider.refreshToken({
      tokenEndpoint: `${oidc.issuer}/token`,
      clientId: 'cli',
      refreshToken: await oidc.refreshToken(),
      onTokens: ({ refreshToken }) => {
        kept = refreshToken;
      },
    });
    const leaving = new AbortController();
    const left = failure(provider.getToken({ signal: leaving.signal }));
    leaving.abort();
    await left;
    await vi.waitFor(() => expect(kept).toBeDefined());
    expect((await provider.getToken()).token).not.toBe('');
  });

  it('that is revoked says so', async () => {
    const refreshToken = await oidc.refreshToken();
    await oidc.revoke(refreshToken);
    const provider = OAuthTokenProvider.refreshToken({
      issuer: oidc.issuer,
      clientId: 'cli',
      refreshToken,
    });
    const error = await failure(provider.getToken());
    const { host } = new URL(oidc.issuer);
    expect(error).toMatchObject({
      name: 'AuthenticationError',
      code: 'TOKEN_REFUSED',
      retryable: false,
      host,
      stage: 'auth',
      hint: 'the refresh token, code or assertion is not good (any more): log in anew',
    });
    expect(error.message).toBe(
      `The authorization server ${host} gave no token: 'invalid_grant: grant request is invalid'; the refresh token, code or assertion is not good (any more): log in anew`,
    );
    expect(inspect(error)).not.toContain(refreshToken);
  });

  it('has scopes that the server has to know', async () => {
    const provider = OAuthTokenProvider.refreshToken({
      issuer: oidc.issuer,
      clientId: 'cli',
      refreshToken: await oidc.refreshToken(),
      scope: 'mail calendar',
    });
    expect(await failure(provider.getToken())).toMatchObject({
      code: 'TOKEN_REFUSED',
      hint: "the server does not know or not grant this scope: check 'scope'",
    });
  });

  it('fails when storing what came fails', async () => {
    const provider = OAuthTokenProvider.refreshToken({
      issuer: oidc.issuer,
      clientId: 'cli',
      refreshToken: await oidc.refreshToken(),
      onTokens: async () => {
        throw new Error('disk full');
      },
    });
    await expect(provider.getToken()).rejects.toThrow('disk full');
  });
});

describe('client credentials', () => {
  it.each([
    ['daemon-basic', 's3cret%/+ x', undefined],
    ['daemon-post', 'p0st', 'post'],
  ] as const)('of %s are a secret', async (clientId, clientSecret, clientAuthentication) => {
    const provider = OAuthTokenProvider.clientCredentials({
      issuer: oidc.issuer,
      clientId,
      clientSecret,
      scope: 'mail',
      ...(clientAuthentication && { clientAuthentication }),
    });
    expect(await oidc.accountOf((await provider.getToken()).token)).toBe(clientId);
  });

  it('are a key (private_key_jwt)', async () => {
    const provider = OAuthTokenProvider.clientCredentials({
      issuer: oidc.issuer,
      clientId: 'daemon-key',
      privateKey: oidc.clientKey,
      keyId: 'k1',
      scope: 'mail',
    });
    expect(await oidc.accountOf((await provider.getToken()).token)).toBe('daemon-key');
  });

  it('that are wrong say so, and show nothing', async () => {
    const provider = OAuthTokenProvider.clientCredentials({
      issuer: oidc.issuer,
      clientId: 'daemon-basic',
      clientSecret: 'sesame',
    });
    const error = await failure(provider.getToken());
    expect(error).toMatchObject({
      code: 'TOKEN_REFUSED',
      hint: "check 'clientId' and 'clientSecret', and how the secret is shown ('clientAuthentication')",
    });
    expect(error.message).toContain("gave no token: 'invalid_client");
    for (const shown of [
      inspect(error, { depth: 9 }),
      JSON.stringify(error),
      inspect(provider, { depth: 9, showHidden: true }),
      JSON.stringify(provider),
    ]) {
      expect(shown).not.toContain('sesame');
    }
  });

  it('are one of the two', () => {
    const both = {
      issuer: oidc.issuer,
      clientId: 'x',
      clientSecret: 'y',
      privateKey: oidc.clientKey,
    };
    const message = "One of the options 'clientSecret' and 'privateKey' must be given";
    expect(() => OAuthTokenProvider.clientCredentials(both)).toThrow(message);
    expect(() =>
      OAuthTokenProvider.clientCredentials({ issuer: oidc.issuer, clientId: 'x' }),
    ).toThrow(message);
  });
});

describe('a device code', () => {
  it('is shown, waited for, and refreshed afterwards', async () => {
    const prompts: DevicePrompt[] = [];
    const provider = OAuthTokenProvider.deviceCode({
      issuer: oidc.issuer,
      clientId: 'cli',
      scope: 'openid offline_access mail',
      onPrompt: (prompt) => {
        prompts.push(prompt);
        setTimeout(() => void oidc.answerDevice(prompt.userCode, 'yes'), 150);
      },
    });
    const { token } = await provider.getToken();
    expect(await oidc.accountOf(token)).toBe('ann@example.com');
    expect(prompts[0]).toMatchObject({
      verificationUri: `${oidc.issuer}/device`,
      verificationUriComplete: expect.stringContaining('user_code='),
      userCode: expect.stringMatching(/^[A-Z0-9-]{6,}$/),
    });
    expect(prompts[0]?.expiresAt.getTime()).toBeGreaterThan(Date.now());
    expect((await provider.getToken({ forceRefresh: true })).token).not.toBe(token);
    expect(prompts.length).toBe(1);
  });

  it('may be refused by the user', async () => {
    const provider = OAuthTokenProvider.deviceCode({
      issuer: oidc.issuer,
      clientId: 'cli',
      scope: 'mail',
      onPrompt: async ({ userCode }) => await oidc.answerDevice(userCode, 'no'),
    });
    const error = await failure(provider.getToken());
    expect(error).toMatchObject({
      code: 'TOKEN_REFUSED',
      hint: 'the user or an administrator said no',
    });
    expect(error.message).toContain("'access_denied: the user said no'");
  });

  it('is asked for no more when nobody waits', async () => {
    const before = oidc.tokenRequests();
    const leaving = new AbortController();
    const provider = OAuthTokenProvider.deviceCode({
      issuer: oidc.issuer,
      clientId: 'cli',
      onPrompt: () => leaving.abort(),
    });
    expect(await failure(provider.getToken({ signal: leaving.signal }))).toMatchObject({
      code: 'ABORTED',
    });
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(oidc.tokenRequests() - before).toBeLessThanOrEqual(1);
  });
});

describe('a browser', () => {
  // What a browser does: follows redirects and keeps cookies, until it is sent back.
  const browse = async (start: string, redirectUri: string): Promise<string> => {
    let url = start;
    const cookies = new Map<string, string>();
    for (let hops = 0; hops < 10 && !url.startsWith(redirectUri); hops++) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
      for (const set of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
        cookies.set(name, value);
      }
      url = new URL(response.headers.get('location') ?? '', url).href;
    }
    return url;
  };
  const begin = async (loginHint: string): ReturnType<typeof beginAuthorization> =>
    await beginAuthorization({
      issuer: oidc.issuer,
      clientId: 'cli',
      scope: 'openid offline_access mail',
      redirectUri: 'http://127.0.0.1:49999/',
      parameters: { prompt: 'consent' },
      loginHint,
    });

  it('brings back what tokens are made from', async () => {
    const authorization = await begin('bob@example.com');
    const callback = await browse(authorization.url, 'http://127.0.0.1:49999/');
    const { accessToken, refreshToken } = await authorization.redeem(callback);
    expect(await oidc.accountOf(accessToken)).toBe('bob@example.com');
    expect(refreshToken).toBeTypeOf('string');
    // A code is good once.
    expect(await failure(authorization.redeem(callback))).toMatchObject({ code: 'TOKEN_REFUSED' });
  });

  it('may bring back a no, or something else', async () => {
    const authorization = await begin('nobody');
    const callback = await browse(authorization.url, 'http://127.0.0.1:49999/');
    expect(await failure(authorization.redeem(callback))).toMatchObject({
      code: 'TOKEN_REFUSED',
      hint: 'the user or an administrator said no',
    });
    // An answer to another question: somebody else's code.
    const forged = 'http://127.0.0.1:49999/?code=x&state=y';
    expect(await failure(authorization.redeem(forged))).toMatchObject({
      code: 'PROTOCOL_VIOLATION',
    });
  });
});

describe('a JWT assertion', () => {
  it('stands for a service account', async () => {
    const provider = OAuthTokenProvider.jwtBearer({
      issuer: oidc.issuer,
      clientId: 'web',
      clientSecret: 'web%/+ secret',
      assertionIssuer: 'svc@example.com',
      subject: 'bob@example.com',
      privateKey: oidc.serviceKey,
      scope: 'mail',
    });
    expect(await oidc.accountOf((await provider.getToken()).token)).toBe('bob@example.com');
  });

  it('that is signed by another is refused', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const provider = OAuthTokenProvider.jwtBearer({
      issuer: oidc.issuer,
      clientId: 'web',
      clientSecret: 'web%/+ secret',
      assertionIssuer: 'svc@example.com',
      privateKey,
    });
    expect(await failure(provider.getToken())).toMatchObject({ code: 'TOKEN_REFUSED' });
  });

  it('is made anew with the right time when our clock is wrong', async () => {
    await using ahead = await startOidc({ clockAheadSeconds: 7200 });
    const provider = OAuthTokenProvider.jwtBearer({
      tokenEndpoint: `${ahead.issuer}/token`,
      clientId: 'web',
      clientSecret: 'web%/+ secret',
      assertionIssuer: 'svc@example.com',
      subject: 'bob@example.com',
      privateKey: ahead.serviceKey,
    });
    expect(await ahead.accountOf((await provider.getToken()).token)).toBe('bob@example.com');
    expect(ahead.tokenRequests()).toBe(2);
  });
});

describe('the time of a token', () => {
  it('ends before its end', async () => {
    await using brief = await startOidc({ accessSeconds: 2 });
    const provider = OAuthTokenProvider.refreshToken({
      issuer: brief.issuer,
      clientId: 'cli',
      refreshToken: await brief.refreshToken(),
    });
    const { token } = await provider.getToken();
    expect((await provider.getToken()).token).toBe(token);
    vi.useFakeTimers({ now: Date.now() + 1200, toFake: ['Date'] });
    try {
      expect((await provider.getToken()).token).not.toBe(token);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is used up when no other can be had just now', async () => {
    const brief = await startOidc({ accessSeconds: 10 });
    const provider = OAuthTokenProvider.refreshToken({
      tokenEndpoint: `${brief.issuer}/token`,
      clientId: 'cli',
      refreshToken: await brief.refreshToken(),
    });
    const { token } = await provider.getToken();
    await brief.close();
    vi.useFakeTimers({ now: Date.now() + 6000, toFake: ['Date'] });
    try {
      expect((await provider.getToken()).token).toBe(token);
      expect(await failure(provider.getToken({ forceRefresh: true }))).toMatchObject({
        name: 'ConnectionError',
        code: 'CONNECTION_REFUSED',
        retryable: true,
      });
      vi.setSystemTime(Date.now() + 5000);
      expect(await failure(provider.getToken())).toMatchObject({ code: 'CONNECTION_REFUSED' });
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a server that is none', () => {
  const answering = async (
    answer: (path: string) => {
      status?: number;
      type?: string;
      headers?: Record<string, string>;
      body?: string;
    },
  ): Promise<{ url: string; server: Server; paths: string[] }> => {
    const paths: string[] = [];
    const server = createServer((request, response) => {
      paths.push(request.url ?? '');
      const {
        status = 200,
        type = 'application/json',
        headers = {},
        body = '',
      } = answer(request.url ?? '');
      response.writeHead(status, { 'content-type': type, ...headers }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, paths };
  };
  const ask = async (
    answer: Parameters<typeof answering>[0],
    more: object = {},
  ): Promise<{ error: PosthornError; paths: string[]; host: string }> => {
    const { url, server, paths } = await answering(answer);
    const provider = OAuthTokenProvider.refreshToken({
      tokenEndpoint: `${url}/token`,
      clientId: 'cli',
      refreshToken: 'sesame',
      ...more,
    });
    try {
      const error = await failure(provider.getToken());
      expect(inspect(error, { depth: 9 })).not.toContain('sesame');
      return { error, paths, host: new URL(url).host };
    } finally {
      server.closeAllConnections();
      server.close();
    }
  };

  it('is not followed elsewhere', async () => {
    const { error, paths, host } = await ask(() => ({
      status: 307,
      headers: { location: 'http://127.0.0.1:1/token' },
    }));
    expect(error).toMatchObject({ name: 'ProtocolError', code: 'PROTOCOL_VIOLATION' });
    expect(error.message).toBe(
      `The authorization server ${host} answered the request for a token with something else (HTTP 307); redirects are not followed: give the final URL`,
    );
    expect(paths).toEqual(['/token']);
  });

  it.each([
    [
      { status: 404, type: 'text/html', body: '<h1>sesame</h1>' },
      'PROTOCOL_VIOLATION',
      false,
      'HTTP 404',
    ],
    [{ body: '{"access_token":5}' }, 'PROTOCOL_VIOLATION', false, 'something else (HTTP 200)'],
    [{ body: '{}' }, 'PROTOCOL_VIOLATION', false, 'something else (HTTP 200)'],
    [{ body: 'rubbish' }, 'PROTOCOL_VIOLATION', false, 'something else (HTTP 200)'],
    [{ status: 204 }, 'PROTOCOL_VIOLATION', false, 'HTTP 204'],
    [
      { status: 503, type: 'text/html', body: 'later' },
      'TOKEN_REFUSED',
      true,
      'HTTP 503; try again later',
    ],
    [{ status: 429 }, 'TOKEN_REFUSED', true, 'HTTP 429'],
    [
      { status: 400, body: '{"error":"temporarily_unavailable"}' },
      'TOKEN_REFUSED',
      true,
      "'temporarily_unavailable'",
    ],
    [{ body: 'x'.repeat(300_000) }, 'LIMIT_EXCEEDED', false, "over the limit 'tokenResponseBytes'"],
    [
      { status: 400, body: '{"error":"invalid_grant","error_description":"\\u001b[31mred"}' },
      'TOKEN_REFUSED',
      false,
      '\\u{1b}[31mred',
    ],
  ])('answers %j', async (answer, code, retryable, words) => {
    const { error } = await ask(() => answer);
    expect(error).toMatchObject({ code, retryable });
    expect(error.message).toContain(words);
  });

  it.each([
    [
      '{"error":"invalid_grant","error_description":"AADSTS65001: The user or administrator has not consented"}',
      'consent is missing',
    ],
    [
      '{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided."}',
      "the secret's value, not its id",
    ],
    [
      '{"error":"invalid_scope","error_description":"AADSTS70011: The provided value for the input parameter \'scope\' is not valid"}',
      'SMTP.Send',
    ],
    [
      '{"error":"invalid_grant","error_description":"AADSTS700082: The refresh token has expired due to inactivity."}',
      'expired or was revoked',
    ],
    [
      '{"error":"invalid_grant","error_description":"Token has been expired or revoked."}',
      'seven days',
    ],
    [
      '{"error":"unauthorized_client","error_description":"Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested."}',
      'domain-wide delegation',
    ],
    [
      '{"error":"invalid_scope","error_description":"Invalid device flow scope: https://mail.google.com/"}',
      'no mail scopes by device code',
    ],
    ['{"error":"something_new"}', "'something_new'"],
  ])('refuses with %j, which has its cure', async (body, words) => {
    const { error } = await ask(() => ({ status: 400, body }));
    expect(error.code).toBe('TOKEN_REFUSED');
    expect(error.message).toContain(words);
  });

  it('may repeat what it was asked with, which is shown to nobody', async () => {
    const clientSecret = 'o"pen +sesame%/ü';
    for (const clientAuthentication of ['basic', 'post'] as const) {
      const server = createServer(async (request, response) => {
        let body = '';
        for await (const chunk of request) body += chunk;
        const login = String(request.headers.authorization ?? '');
        const plain = Buffer.from(login.slice(6), 'base64').toString();
        const said = [login, plain, body, clientSecret, ...new URLSearchParams(body).values()];
        response
          .writeHead(401, { 'content-type': 'application/json' })
          .end(JSON.stringify({ error: 'invalid_client', error_description: said.join(' ') }));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
      const { port } = server.address() as AddressInfo;
      const provider = OAuthTokenProvider.refreshToken({
        tokenEndpoint: `http://127.0.0.1:${port}/token`,
        clientId: 'cli',
        clientSecret,
        clientAuthentication,
        refreshToken: 'open=sesame 17',
      });
      const error = await failure(provider.getToken());
      server.closeAllConnections();
      server.close();
      expect(error.message).toMatch(
        /gave no token: 'invalid_client: .*\*\*\*.*'; check 'clientId'/,
      );
      const shown = inspect(error, { depth: 9 }) + JSON.stringify(error);
      for (const form of ['sesame', Buffer.from('sesame').toString('base64').slice(0, 6)]) {
        expect(shown).not.toContain(form);
      }
    }
  });

  it('may give a token without the scope', async () => {
    const body = '{"access_token":"a","token_type":"Bearer","scope":"openid email"}';
    const { error } = await ask(() => ({ body }), { scope: 'openid https://mail.google.com/' });
    expect(error).toMatchObject({ code: 'TOKEN_REFUSED' });
    expect(error.message).toContain(
      "gave a token for 'openid email' and not for 'https://mail.google.com/'; the user did not agree to it",
    );
  });

  it('does not have to be who it says', async () => {
    const { url, server } = await answering(() => ({
      body: '{"issuer":"https://evil.example","token_endpoint":"https://evil.example/t"}',
    }));
    const provider = OAuthTokenProvider.refreshToken({
      issuer: url,
      clientId: 'x',
      refreshToken: 'y',
    });
    expect(await failure(provider.getToken())).toMatchObject({ code: 'PROTOCOL_VIOLATION' });
    server.closeAllConnections();
    server.close();
  });

  it('does not answer in time', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const { port } = server.address() as AddressInfo;
    const provider = OAuthTokenProvider.refreshToken({
      tokenEndpoint: `http://127.0.0.1:${port}/token`,
      clientId: 'x',
      refreshToken: 'y',
      timeoutMs: 100,
    });
    const error = await failure(provider.getToken());
    expect(error).toMatchObject({
      name: 'TimeoutError',
      code: 'TIMEOUT',
      stage: 'auth',
      retryable: true,
    });
    expect(error.message).toBe(
      `The authorization server 127.0.0.1:${port} did not answer in time; try again later`,
    );
    server.closeAllConnections();
    server.close();
  });
});

describe('options', () => {
  const base = { clientId: 'x', refreshToken: 'sesame' };
  it.each([
    [{ ...base }, "One of the options 'preset', 'issuer' and 'tokenEndpoint' must be given"],
    [
      { ...base, preset: 'google', issuer: 'https://x.example' },
      "One of the options 'preset', 'issuer' and 'tokenEndpoint' must be given",
    ],
    [{ ...base, preset: 'yahoo' }, "Option 'preset' must be 'google' or 'microsoft'"],
    [
      { ...base, preset: 'microsoft', tenant: 'a/b' },
      "Option 'tenant' must be the id or the domain of a directory",
    ],
    [
      { ...base, issuer: 'http://accounts.example' },
      "Option 'issuer' must be an https: URL, or http: to this machine",
    ],
    [
      { ...base, tokenEndpoint: 'http://127.0.0.1.evil.example/' },
      "Option 'tokenEndpoint' must be an https: URL, or http: to this machine",
    ],
    [{ ...base, issuer: 'x' }, "Option 'issuer' must be an https: URL, or http: to this machine"],
    [{ preset: 'google', clientId: 'x' }, "Option 'refreshToken' must be given"],
    [{ preset: 'google', refreshToken: 'sesame', clientId: '' }, "Option 'clientId' must be given"],
  ])('refuses %j', (options, message) => {
    const make = (): unknown =>
      OAuthTokenProvider.refreshToken(
        options as Parameters<typeof OAuthTokenProvider.refreshToken>[0],
      );
    expect(make).toThrow(expect.objectContaining({ code: 'OPTION_INVALID', message }));
  });

  it('refuses a key that is none without showing it', () => {
    const make = (): unknown =>
      OAuthTokenProvider.jwtBearer({ preset: 'google', clientId: 'x', privateKey: 'sesame' });
    expect(make).toThrow("Option 'privateKey' must be a private key as PEM");
  });

  it('of presets say where and for what', async () => {
    const requests: { url: string; body: string }[] = [];
    const spy: typeof fetch = async (input, init) => {
      requests.push({ url: String(input), body: String(init?.body) });
      return Response.json({ access_token: 'a', token_type: 'Bearer', expires_in: 3599 });
    };
    const client = { clientId: 'x', clientSecret: 'y', fetch: spy };
    await OAuthTokenProvider.refreshToken({
      preset: 'google',
      refreshToken: 'r',
      ...client,
    }).getToken();
    await OAuthTokenProvider.clientCredentials({
      preset: 'microsoft',
      tenant: 'contoso.com',
      ...client,
    }).getToken();
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const service = {
      clientId: 'svc@x.iam.gserviceaccount.com',
      privateKey,
      keyId: 'k',
      subject: 'ann@x.example',
    };
    await OAuthTokenProvider.jwtBearer({ preset: 'google', ...service, fetch: spy }).getToken();
    const [google, microsoft, jwt] = requests.map(({ url, body }) => ({
      url,
      form: new URLSearchParams(body),
    }));
    expect(google?.url).toBe('https://oauth2.googleapis.com/token');
    expect(google?.form.get('scope')).toBe('https://mail.google.com/');
    expect(google?.form.get('client_secret')).toBe('y');
    expect(microsoft?.url).toBe('https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token');
    expect(microsoft?.form.get('scope')).toBe('https://outlook.office365.com/.default');
    expect([...(jwt?.form.keys() ?? [])].sort()).toEqual(['assertion', 'grant_type']);
    const [head, claims] = (jwt?.form.get('assertion') ?? '').split('.').map((part) =>
      JSON.parse(
        Buffer.from(part, 'base64url')
          .toString('latin1')
          .replace(/^[^{].*/s, 'null'),
      ),
    );
    expect(head).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'k' });
    expect(claims).toMatchObject({
      iss: 'svc@x.iam.gserviceaccount.com',
      sub: 'ann@x.example',
      aud: 'https://oauth2.googleapis.com/token',
      scope: 'https://mail.google.com/',
    });
  });
});
