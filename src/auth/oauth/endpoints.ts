// Where an authorization server is asked, found out once.
import type { AuthorizationServer } from 'oauth4webapi';
import { OptionError, ProtocolError, printable } from '../../base/index.ts';
import type { OAuthHttp } from './http.ts';
import type { AuthorizationServerOptions } from './options.ts';
import { presetOf } from './presets.ts';
import { tokenError } from './token-error.ts';

/** Options of one server, with the endpoints that only some grants need. */
export interface EndpointOptions extends AuthorizationServerOptions {
  readonly authorizationEndpoint?: string | undefined;
  readonly deviceAuthorizationEndpoint?: string | undefined;
}

/** Checks the addresses that were given. Throws `OptionError`. */
export function checkEndpoints(options: EndpointOptions): void {
  const { preset, issuer, ...endpoints } = options;
  const { tokenEndpoint, authorizationEndpoint, deviceAuthorizationEndpoint } = endpoints;
  const given = [preset, issuer, tokenEndpoint].filter((each) => each !== undefined);
  if (given.length !== 1) {
    throw new OptionError(
      'issuer',
      "One of the options 'preset', 'issuer' and 'tokenEndpoint' must be given",
    );
  }
  if (preset !== undefined) presetOf(preset, options.tenant);
  const urls = { issuer, tokenEndpoint, authorizationEndpoint, deviceAuthorizationEndpoint };
  for (const [name, url] of Object.entries(urls)) {
    if (url !== undefined) safeUrl(url, `Option '${name}'`, name);
  }
}

/** The server's metadata: known, given, or read from the issuer. */
export async function authorizationServer(
  options: EndpointOptions,
  http: OAuthHttp,
): Promise<AuthorizationServer> {
  const { preset, issuer, tokenEndpoint } = options;
  if (preset !== undefined) {
    const known = presetOf(preset, options.tenant);
    return {
      issuer: known.issuer,
      authorization_endpoint: known.authorizationEndpoint,
      token_endpoint: known.tokenEndpoint,
      device_authorization_endpoint: known.deviceAuthorizationEndpoint,
      // Both take the secret in the form; neither lists how in a document that is read here.
      token_endpoint_auth_methods_supported: ['client_secret_post'],
    };
  }
  if (tokenEndpoint !== undefined) {
    return {
      issuer: new URL(tokenEndpoint).origin,
      token_endpoint: tokenEndpoint,
      ...(options.authorizationEndpoint && {
        authorization_endpoint: options.authorizationEndpoint,
      }),
      ...(options.deviceAuthorizationEndpoint && {
        device_authorization_endpoint: options.deviceAuthorizationEndpoint,
      }),
    };
  }
  return await discovered(issuer ?? '', http);
}

async function discovered(issuer: string, http: OAuthHttp): Promise<AuthorizationServer> {
  const oauth = await import('oauth4webapi');
  const url = new URL(issuer);
  let failed: unknown;
  // OpenID Connect Discovery first, as most have it; then RFC 8414.
  for (const algorithm of ['oidc', 'oauth2'] as const) {
    try {
      const request = { ...requestOptions(oauth, http, url.href), algorithm };
      const response = await oauth.discoveryRequest(url, request);
      const found = await oauth.processDiscoveryResponse(url, response);
      const { token_endpoint, authorization_endpoint, device_authorization_endpoint } = found;
      for (const each of [token_endpoint, authorization_endpoint, device_authorization_endpoint]) {
        if (each !== undefined) safeUrl(each, `What ${printable(url.host)} names`, 'issuer');
      }
      return found;
    } catch (error) {
      failed ??= error;
      // Whoever does not answer at all does not answer better at another path.
      if (http.last.status === 0) break;
    }
  }
  throw tokenError(failed, { host: url.host, status: http.last.status, what: 'its metadata' });
}

/** How requests to `url` are made; a server on this machine may be spoken to in clear. */
export function requestOptions(
  oauth: typeof import('oauth4webapi'),
  http: OAuthHttp,
  url: string,
): { [allow: symbol]: unknown } {
  return {
    [oauth.customFetch]: http.fetch,
    [oauth.allowInsecureRequests]: new URL(url).protocol === 'http:',
  };
}

/** The token endpoint. Throws `ProtocolError` when the server names none. */
export function tokenEndpointOf(server: AuthorizationServer): string {
  const { token_endpoint: endpoint, issuer } = server;
  if (endpoint !== undefined) return endpoint;
  throw new ProtocolError(
    'PROTOCOL_VIOLATION',
    `The metadata of ${printable(issuer)} name no token endpoint; give 'tokenEndpoint'`,
  );
}

// RFC 6749 section 3.2: TLS, but to this machine.
function safeUrl(text: string, what: string, option: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url?.hostname ?? '');
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal)) return url;
  throw new OptionError(option, `${what} must be an https: URL, or http: to this machine`);
}
