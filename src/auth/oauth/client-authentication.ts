// How the application shows who it is at the token endpoint (RFC 6749 section 2.3, RFC 7523 section 2.2).
import type { AuthorizationServer, ClientAuth } from 'oauth4webapi';
import { tokenEndpointOf } from './endpoints.ts';
import type { JwtSigner } from './jwt.ts';
import type { ClientOptions } from './options.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Shows the id, and the secret when there is one. */
export async function bySecret(
  { clientSecret, clientAuthentication }: Omit<ClientOptions, 'clientId'>,
  server: AuthorizationServer,
): Promise<ClientAuth> {
  const oauth = await import('oauth4webapi');
  if (clientSecret === undefined) return oauth.None();
  // RFC 8414 section 2: Basic, where nothing is said.
  const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  const preferred = methods.includes('client_secret_basic') ? 'basic' : 'post';
  return (clientAuthentication ?? preferred) === 'basic'
    ? oauth.ClientSecretBasic(clientSecret)
    : oauth.ClientSecretPost(clientSecret);
}

/** Shows an assertion signed with the application's key (private_key_jwt). */
export function byKey(signer: JwtSigner, nowMs: () => number): ClientAuth {
  return (server, { client_id: id }, body) => {
    const claims = { iss: id, sub: id, aud: tokenEndpointOf(server) };
    body.set('client_id', id);
    body.set('client_assertion_type', ASSERTION_TYPE);
    body.set('client_assertion', signer.sign(claims, nowMs()));
  };
}

/** Shows nothing: the assertion in the request is all there is to know. */
export const unnamed: ClientAuth = () => {};
