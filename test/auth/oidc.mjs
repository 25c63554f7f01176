// A real OAuth 2 server (oidc-provider) in this process: every grant that Posthorn speaks, without a browser.
import { createHmac, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { createServer } from 'node:http';

// It would like a newer Node and a database; that is no business of a test's output.
const { warn, info } = console;
const isQuiet = (text) => String(text).includes('oidc-provider');
console.warn = (text, ...more) => isQuiet(text) || warn(text, ...more);
console.info = (text, ...more) => isQuiet(text) || info(text, ...more);
const { default: Provider, errors } = await import('oidc-provider');

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key) => key.export({ type: 'pkcs8', format: 'pem' });
const jwk = (key, kid) => ({ ...key.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' });

/** Starts the server on a free port of 127.0.0.1. */
export async function startOidc({ accessSeconds = 600, clockAheadSeconds = 0 } = {}) {
  const [own, client, service] = [pair(), pair(), pair()];
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const user = {
    application_type: 'native',
    redirect_uris: ['http://127.0.0.1/'],
    response_types: ['code'],
    id_token_signed_response_alg: 'ES256',
    scope: 'openid offline_access mail',
  };
  const daemon = {
    redirect_uris: [],
    response_types: [],
    grant_types: ['client_credentials'],
    scope: 'mail',
    id_token_signed_response_alg: 'ES256',
  };
  const provider = new Provider(issuer, {
    clients: [
      {
        ...user,
        client_id: 'cli',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token', DEVICE],
      },
      {
        ...user,
        client_id: 'web',
        client_secret: 'web%/+ secret',
        grant_types: ['authorization_code', JWT_BEARER],
      },
      {
        ...daemon,
        client_id: 'daemon-basic',
        client_secret: 's3cret%/+ x',
        token_endpoint_auth_method: 'client_secret_basic',
      },
      {
        ...daemon,
        client_id: 'daemon-post',
        client_secret: 'p0st',
        token_endpoint_auth_method: 'client_secret_post',
      },
      {
        ...daemon,
        client_id: 'dovecot',
        client_secret: 'dovecot-secret',
        token_endpoint_auth_method: 'client_secret_post',
      },
      {
        ...daemon,
        client_id: 'daemon-key',
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
        jwks: { keys: [jwk(client.publicKey, 'k1')] },
      },
    ],
    jwks: { keys: [jwk(own.privateKey, 'own')] },
    cookies: { keys: [createHmac('sha256', issuer).digest('hex')] },
    scopes: ['openid', 'offline_access', 'mail'],
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    rotateRefreshToken: true,
    // Whose mailbox a token of an application is for: its own.
    extraTokenClaims: (_, token) =>
      token.kind === 'ClientCredentials' ? { sub: token.clientId } : undefined,
    issueRefreshToken: async (_, each, code) =>
      each.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
    ttl: {
      AccessToken: accessSeconds,
      ClientCredentials: accessSeconds,
      RefreshToken: 86_400,
      DeviceCode: 120,
      Grant: 86_400,
      Session: 3600,
      IdToken: 600,
      Interaction: 300,
      AuthorizationCode: 60,
    },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    features: {
      devInteractions: { enabled: false },
      deviceFlow: { enabled: true },
      clientCredentials: { enabled: true },
      revocation: { enabled: true },
      introspection: { enabled: true, allowedPolicy: async () => true },
    },
  });
  provider.registerGrantType(
    JWT_BEARER,
    async (ctx) => {
      const [head = '', body = '', signature = ''] = String(ctx.oidc.params.assertion).split('.');
      const key = {
        key: createPublicKey(service.publicKey.export({ type: 'spki', format: 'pem' })),
        dsaEncoding: 'ieee-p1363',
      };
      const isSigned = verify(
        'sha256',
        Buffer.from(`${head}.${body}`),
        key,
        Buffer.from(signature, 'base64url'),
      );
      const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
      const now = Date.now() / 1000 + clockAheadSeconds;
      const isInTime = claims.iat <= now + 5 && claims.exp > now && claims.exp - claims.iat <= 3600;
      if (
        !isSigned ||
        claims.iss !== 'svc@example.com' ||
        claims.aud !== `${issuer}/token` ||
        !isInTime
      ) {
        throw new errors.InvalidGrant('assertion');
      }
      const grantId = await grantFor(claims.sub, ctx.oidc.client.clientId);
      const token = new provider.AccessToken({
        accountId: claims.sub,
        client: ctx.oidc.client,
        grantId,
        gty: 'jwt-bearer',
        scope: 'mail',
      });
      ctx.body = {
        access_token: await token.save(),
        token_type: 'Bearer',
        expires_in: token.expiration,
        scope: 'mail',
      };
    },
    ['assertion', 'scope'],
  );
  async function grantFor(accountId, clientId) {
    const grant = new provider.Grant({ accountId, clientId });
    grant.addOIDCScope('openid offline_access mail');
    return await grant.save();
  }

  // Nobody waits five seconds between two questions in a test.
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.path === '/device/auth' && ctx.status === 200)
      ctx.body = { ...ctx.body, interval: 0.1 };
  });
  // No pages: whoever comes is the account of `login_hint`, and agrees; 'nobody' says no.
  async function interaction(request, response) {
    const { params, prompt, session } = await provider.interactionDetails(request, response);
    const account = params.login_hint ?? 'ann@example.com';
    const result =
      account === 'nobody'
        ? { error: 'access_denied', error_description: 'the user said no' }
        : prompt.name === 'login'
          ? { login: { accountId: account } }
          : { consent: { grantId: await grantFor(session.accountId, params.client_id) } };
    await provider.interactionFinished(request, response, result, {
      mergeWithLastSubmission: true,
    });
  }

  let tokenRequests = 0;
  const callback = provider.callback();
  server.on('request', (request, response) => {
    if (request.url.startsWith('/interaction/')) {
      interaction(request, response).catch((error) => response.writeHead(500).end(String(error)));
      return;
    }
    if (request.url === '/token') tokenRequests++;
    if (clockAheadSeconds !== 0) {
      response.setHeader('date', new Date(Date.now() + clockAheadSeconds * 1000).toUTCString());
    }
    callback(request, response);
  });
  const close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    issuer,
    clientKey: pem(client.privateKey),
    serviceKey: pem(service.privateKey),
    tokenRequests: () => tokenRequests,
    async refreshToken(account = 'ann@example.com') {
      const found = await provider.Client.find('cli');
      const grantId = await grantFor(account, 'cli');
      const token = new provider.RefreshToken({
        accountId: account,
        client: found,
        grantId,
        gty: 'device_code',
        scope: 'openid offline_access mail',
        authTime: Math.floor(Date.now() / 1000),
        expiresWithSession: false,
      });
      return await token.save();
    },
    async expire(value) {
      const token = await provider.AccessToken.find(value);
      await token?.destroy();
    },
    async revoke(value) {
      const token = await provider.RefreshToken.find(value);
      await token?.destroy();
    },
    async answerDevice(userCode, answer) {
      const code = await provider.DeviceCode.findByUserCode(userCode.replaceAll('-', ''));
      if (answer === 'no') {
        Object.assign(code, { error: 'access_denied', errorDescription: 'the user said no' });
      } else {
        const accountId = 'ann@example.com';
        Object.assign(code, {
          accountId,
          grantId: await grantFor(accountId, code.clientId),
          scope: code.params.scope,
          claims: {},
          authTime: Math.floor(Date.now() / 1000),
          sessionUid: 'test',
          expiresWithSession: false,
        });
      }
      await code.save(120);
    },
    async accountOf(value) {
      const token =
        (await provider.AccessToken.find(value)) ?? (await provider.ClientCredentials.find(value));
      return token?.accountId ?? token?.clientId;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
