// Asking an authorization server for tokens, whatever the grant.
import type { AuthorizationServer, ClientAuth } from 'oauth4webapi';
import {
  authorizationServer,
  type EndpointOptions,
  requestOptions,
  tokenEndpointOf,
} from './endpoints.ts';
import { OAuthHttp } from './http.ts';
import type { GrantOptions, IssuedTokens } from './options.ts';
import { type FailedRequest, refusalIn, scopeMissing, tokenError } from './token-error.ts';

/** One request for tokens. */
export interface TokenRequestInput {
  readonly grantType: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly clientId: string;
  /** How the application shows who it is. */
  readonly authentication: (server: AuthorizationServer) => ClientAuth | Promise<ClientAuth>;
  /** The scopes asked for. */
  readonly scopes: readonly string[];
}

// These name what comes beside the access token, not what it is good for.
const BESIDE = /^(?:openid|email|profile|offline_access)$|\/\.default$/;

/** One authorization server. */
export class TokenEndpoint {
  readonly http: OAuthHttp;
  readonly #options: EndpointOptions;
  readonly #extra: Readonly<Record<string, string>>;
  #server: Promise<AuthorizationServer> | undefined;

  constructor(options: EndpointOptions & Pick<GrantOptions, 'parameters'>) {
    this.#options = options;
    this.#extra = options.parameters ?? {};
    this.http = new OAuthHttp(options);
  }

  /** The server's metadata, found out once. */
  async server(): Promise<AuthorizationServer> {
    this.#server ??= authorizationServer(this.#options, this.http);
    try {
      return await this.#server;
    } catch (error) {
      // The next one may find it.
      this.#server = undefined;
      throw error;
    }
  }

  /** Now, by the server's clock as far as it is known. */
  readonly now = (): number => Date.now() + this.http.last.clockAheadMs;

  /**
   * Asks for tokens. Throws what the library throws for a refusal (see `refusalIn`), which the grant may know how to take;
   * everything else as `PosthornError`.
   */
  async request(input: TokenRequestInput): Promise<IssuedTokens> {
    const oauth = await import('oauth4webapi');
    const server = await this.server();
    const endpoint = tokenEndpointOf(server);
    const { host } = new URL(endpoint);
    const client = { client_id: input.clientId };
    const askedAt = Date.now();
    try {
      const response = await oauth.genericTokenEndpointRequest(
        server,
        client,
        await input.authentication(server),
        input.grantType,
        { ...this.#extra, ...input.parameters },
        requestOptions(oauth, this.http, endpoint),
      );
      const given = await oauth.processGenericTokenEndpointResponse(server, client, response);
      const { access_token: accessToken, refresh_token: refreshToken, scope } = given;
      checkScope(host, input.scopes, scope);
      const life = given.expires_in;
      return {
        accessToken,
        ...(life === undefined ? {} : { expiresAt: new Date(askedAt + life * 1000) }),
        ...(refreshToken === undefined ? {} : { refreshToken }),
        ...(scope === undefined ? {} : { scope }),
      };
    } catch (error) {
      if (refusalIn(error)) throw error;
      throw this.failure(error, 'a token', endpoint);
    }
  }

  /** As `PosthornError`. */
  failure(error: unknown, what: FailedRequest['what'], endpoint: string): Error {
    return tokenError(error, { host: new URL(endpoint).host, status: this.http.last.status, what });
  }
}

// A user may take away scopes one by one; a token without any of those asked for would only be refused later.
function checkScope(host: string, asked: readonly string[], given: string | undefined): void {
  const wanted = asked.filter((scope) => !BESIDE.test(scope));
  if (given === undefined || wanted.length === 0) return;
  const granted = new Set(given.toLowerCase().split(/\s+/));
  if (!wanted.some((scope) => granted.has(scope.toLowerCase())))
    throw scopeMissing(host, wanted, given);
}
