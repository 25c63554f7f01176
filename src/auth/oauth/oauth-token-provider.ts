// Access tokens from an authorization server, by each of the grants that need no browser in between.
import { OptionError } from '../../base/index.ts';
import { byKey, bySecret, unnamed } from './client-authentication.ts';
import { runDeviceCode } from './device-code.ts';
import { tokenEndpointOf } from './endpoints.ts';
import { begin, scopeParameter, scopesOf } from './grant.ts';
import { JwtSigner } from './jwt.ts';
import type {
  ClientCredentialsOptions,
  DeviceCodeOptions,
  GrantOptions,
  IssuedTokens,
  JwtBearerOptions,
  RefreshTokenOptions,
} from './options.ts';
import { TokenCache } from './token-cache.ts';
import type { TokenEndpoint } from './token-endpoint.ts';
import { refusalIn } from './token-error.ts';
import type { AccessToken, TokenProvider, TokenRequest } from './token-provider.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
// A clock that is less wrong than this is right enough for any assertion.
const WRONG_CLOCK_MS = 30_000;

type Obtain = (abandoned: AbortSignal) => Promise<IssuedTokens>;

/**
 * Gives access tokens of an OAuth 2 authorization server (RFC 6749): keeps them, replaces them before they expire, once
 * for many waiting callers. Made by one of the static methods, one for each grant. Secrets stay inside: nothing of them is
 * in errors, in `JSON.stringify` or in what `console.log` shows.
 */
export class OAuthTokenProvider implements TokenProvider {
  readonly #cache: TokenCache;

  private constructor(endpoint: TokenEndpoint, options: GrantOptions, obtain: Obtain) {
    const { onTokens, earlyRefreshMs } = options;
    this.#cache = new TokenCache(async (abandoned): Promise<AccessToken> => {
      let tokens: IssuedTokens;
      try {
        tokens = await obtain(abandoned);
      } catch (error) {
        const { token_endpoint: url, issuer } = await endpoint.server();
        throw endpoint.failure(error, 'a token', url ?? issuer);
      }
      await onTokens?.(tokens);
      return { token: tokens.accessToken, expiresAt: tokens.expiresAt };
    }, earlyRefreshMs);
  }

  /**
   * From a refresh token (RFC 6749 section 6), which a user's consent once gave. A server may replace it at each use:
   * `onTokens` gets the one to keep. Throws `OptionError`.
   */
  static refreshToken(options: RefreshTokenOptions): OAuthTokenProvider {
    const scopes = scopesOf(options, 'user');
    const endpoint = begin(options, ['clientId', 'refreshToken']);
    let { refreshToken } = options;
    return new OAuthTokenProvider(endpoint, options, async () => {
      const tokens = await refresh(endpoint, options, scopes, refreshToken);
      refreshToken = tokens.refreshToken ?? refreshToken;
      return { ...tokens, refreshToken };
    });
  }

  /**
   * For the application itself (RFC 6749 section 4.4), by its secret or its key. Throws `OptionError`.
   */
  static clientCredentials(options: ClientCredentialsOptions): OAuthTokenProvider {
    const scopes = scopesOf(options, 'application');
    const endpoint = begin(options, ['clientId']);
    const { clientId, clientSecret, privateKey, ...more } = options;
    if ((clientSecret === undefined) === (privateKey === undefined)) {
      throw new OptionError(
        'clientSecret',
        "One of the options 'clientSecret' and 'privateKey' must be given",
      );
    }
    const signer = privateKey === undefined ? undefined : new JwtSigner({ ...more, privateKey });
    const request = async (): Promise<IssuedTokens> =>
      await endpoint.request({
        grantType: 'client_credentials',
        parameters: scopeParameter(scopes),
        clientId,
        authentication: async (server) =>
          signer ? byKey(signer, endpoint.now) : await bySecret(options, server),
        scopes,
      });
    const obtain = signer ? withRightClock(endpoint, request) : request;
    return new OAuthTokenProvider(endpoint, options, obtain);
  }

  /**
   * From a user who agrees in a browser elsewhere (RFC 8628): `onPrompt` shows where and which code. The first
   * `getToken` waits for that; later ones use the refresh token, when the server gave one. Throws `OptionError`.
   */
  static deviceCode(options: DeviceCodeOptions): OAuthTokenProvider {
    const scopes = scopesOf(options, 'user');
    const endpoint = begin(options, ['clientId', 'onPrompt']);
    let refreshToken: string | undefined;
    return new OAuthTokenProvider(endpoint, options, async (abandoned) => {
      const tokens =
        (await refreshed(endpoint, options, scopes, refreshToken)) ??
        (await runDeviceCode(endpoint, options, scopes, abandoned));
      refreshToken = tokens.refreshToken ?? refreshToken;
      return { ...tokens, ...(refreshToken !== undefined && { refreshToken }) };
    });
  }

  /**
   * From an assertion that we sign (RFC 7523 section 2.1): service accounts of Google and the like. Throws `OptionError`.
   */
  static jwtBearer(options: JwtBearerOptions): OAuthTokenProvider {
    const scopes = scopesOf(options, 'assertion');
    const endpoint = begin(options, ['clientId', 'privateKey']);
    const { clientId, clientSecret, subject = clientId, assertionIssuer = clientId } = options;
    const signer = new JwtSigner(options);
    const request = async (): Promise<IssuedTokens> => {
      const audience = options.audience ?? tokenEndpointOf(await endpoint.server());
      const scope = scopes.length > 0 ? scopes.join(' ') : undefined;
      const claims = { iss: assertionIssuer, sub: subject, aud: audience, scope };
      return await endpoint.request({
        grantType: JWT_BEARER,
        parameters: {
          assertion: signer.sign(claims, endpoint.now()),
          // Google reads the scope in the assertion, others beside it.
          ...(options.preset === undefined ? scopeParameter(scopes) : {}),
        },
        clientId,
        authentication: async (server) =>
          clientSecret === undefined ? unnamed : await bySecret({ clientSecret }, server),
        scopes,
      });
    };
    return new OAuthTokenProvider(endpoint, options, withRightClock(endpoint, request));
  }

  /**
   * A token that is good now. Throws `AuthenticationError` (`TOKEN_REFUSED`), `ConnectionError`, `TlsError`,
   * `TimeoutError`, `ProtocolError`, `LimitError`; `ABORTED` when `signal` says so.
   */
  async getToken(request: TokenRequest = {}): Promise<AccessToken> {
    return await this.#cache.get(request);
  }
}

async function refresh(
  endpoint: TokenEndpoint,
  options: RefreshTokenOptions | DeviceCodeOptions,
  scopes: readonly string[],
  refreshToken: string,
): Promise<IssuedTokens> {
  return await endpoint.request({
    grantType: 'refresh_token',
    parameters: { refresh_token: refreshToken, ...scopeParameter(scopes) },
    clientId: options.clientId,
    authentication: async (server) => await bySecret(options, server),
    scopes,
  });
}

// `undefined` when there is no refresh token, or when it is no longer good: the user has to be asked.
async function refreshed(
  endpoint: TokenEndpoint,
  options: DeviceCodeOptions,
  scopes: readonly string[],
  refreshToken: string | undefined,
): Promise<IssuedTokens | undefined> {
  if (refreshToken === undefined) return undefined;
  try {
    return await refresh(endpoint, options, scopes, refreshToken);
  } catch (error) {
    if (refusalIn(error)?.error === 'invalid_grant') return undefined;
    throw error;
  }
}

// An assertion from the future or the past is refused; the refusal tells what time it is.
function withRightClock(endpoint: TokenEndpoint, request: () => Promise<IssuedTokens>): Obtain {
  return async () => {
    const believedMs = endpoint.http.last.clockAheadMs;
    try {
      return await request();
    } catch (error) {
      const isWrong = Math.abs(endpoint.http.last.clockAheadMs - believedMs) > WRONG_CLOCK_MS;
      if (!refusalIn(error) || !isWrong) throw error;
      return await request();
    }
  };
}
