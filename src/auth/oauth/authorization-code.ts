// The authorization code grant with PKCE (RFC 6749 section 4.1, RFC 7636): for programs that a browser can come back to.
import { ProtocolError, printable } from '../../base/index.ts';
import { bySecret } from './client-authentication.ts';
import { begin, scopesOf } from './grant.ts';
import type { AuthorizationOptions, IssuedTokens } from './options.ts';

/** An authorization under way. */
export interface Authorization {
  /** Where the user has to go with a browser. */
  readonly url: string;
  /**
   * Gets the tokens with what the browser came back with: the whole URL. Throws `AuthenticationError` when the user or the
   * server said no, and `ProtocolError` when this is no answer to {@link Authorization.url}.
   */
  redeem(callbackUrl: string): Promise<IssuedTokens>;
}

// What makes them give a refresh token, each time.
const OFFLINE = { google: { access_type: 'offline', prompt: 'consent' }, microsoft: {} } as const;

/**
 * Begins to get tokens by a browser on this machine: for Google, which gives no mail scopes by device code. Throws
 * `OptionError`, and what reading the issuer's metadata throws.
 */
export async function beginAuthorization(options: AuthorizationOptions): Promise<Authorization> {
  const { clientId, redirectUri, loginHint, preset, parameters } = options;
  const scopes = scopesOf(options, 'user');
  const endpoint = begin(options, ['clientId', 'redirectUri']);
  const oauth = await import('oauth4webapi');
  const server = await endpoint.server();
  const state = oauth.generateRandomState();
  const verifier = oauth.generateRandomCodeVerifier();
  if (server.authorization_endpoint === undefined) {
    throw new ProtocolError(
      'PROTOCOL_VIOLATION',
      `The metadata of ${printable(server.issuer)} name no authorization endpoint; give 'authorizationEndpoint'`,
    );
  }
  const url = new URL(server.authorization_endpoint);
  const asked = {
    ...(preset === undefined ? {} : OFFLINE[preset]),
    ...parameters,
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    ...(loginHint !== undefined && { login_hint: loginHint }),
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  return {
    url: url.href,
    redeem: async (callbackUrl) => {
      try {
        const answer = new URL(callbackUrl);
        const found = oauth.validateAuthResponse(server, { client_id: clientId }, answer, state);
        return await endpoint.request({
          grantType: 'authorization_code',
          parameters: {
            code: found.get('code') ?? '',
            redirect_uri: redirectUri,
            code_verifier: verifier,
          },
          clientId,
          authentication: async (each) => await bySecret(options, each),
          scopes,
        });
      } catch (error) {
        throw endpoint.failure(error, 'an authorization', url.href);
      }
    },
  };
}
