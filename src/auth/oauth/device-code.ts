// The device authorization grant (RFC 8628): the user agrees in a browser anywhere, while we ask again and again.
import { PosthornError } from '../../base/index.ts';
import { bySecret } from './client-authentication.ts';
import { requestOptions } from './endpoints.ts';
import type { DeviceCodeOptions, IssuedTokens } from './options.ts';
import type { TokenEndpoint } from './token-endpoint.ts';
import { refusalIn } from './token-error.ts';

// RFC 8628 sections 3.2 and 3.5: the pause where none is named, and what `slow_down` adds.
const PAUSE_S = 5;

/** Runs the grant to its end: tokens, or the user's no, or the end of the code's time. */
export async function runDeviceCode(
  endpoint: TokenEndpoint,
  options: DeviceCodeOptions,
  scopes: readonly string[],
  abandoned: AbortSignal,
): Promise<IssuedTokens> {
  const { clientId, onPrompt } = options;
  const oauth = await import('oauth4webapi');
  const server = await endpoint.server();
  const url = server.device_authorization_endpoint ?? '';
  const client = { client_id: clientId };
  let given: Awaited<ReturnType<typeof oauth.processDeviceAuthorizationResponse>>;
  try {
    const response = await oauth.deviceAuthorizationRequest(
      server,
      client,
      await bySecret(options, server),
      { ...options.parameters, ...(scopes.length > 0 && { scope: scopes.join(' ') }) },
      requestOptions(oauth, endpoint.http, url === '' ? server.issuer : url),
    );
    given = await oauth.processDeviceAuthorizationResponse(server, client, response);
  } catch (error) {
    throw endpoint.failure(error, 'a device code', url === '' ? server.issuer : url);
  }
  const expiresAt = new Date(Date.now() + given.expires_in * 1000);
  await onPrompt({
    verificationUri: given.verification_uri,
    verificationUriComplete: given.verification_uri_complete,
    userCode: given.user_code,
    expiresAt,
  });
  return await poll({
    pauseMs: (given.interval ?? PAUSE_S) * 1000,
    abandoned,
    ask: async () =>
      await endpoint.request({
        grantType: 'urn:ietf:params:oauth:grant-type:device_code',
        parameters: { device_code: given.device_code },
        clientId,
        authentication: async (found) => await bySecret(options, found),
        scopes,
      }),
    isOver: () => Date.now() >= expiresAt.getTime(),
    failed: (error) => endpoint.failure(error, 'a token', server.token_endpoint ?? server.issuer),
  });
}

interface Polling {
  readonly pauseMs: number;
  readonly abandoned: AbortSignal;
  readonly ask: () => Promise<IssuedTokens>;
  readonly isOver: () => boolean;
  readonly failed: (error: unknown) => Error;
}

async function poll({ pauseMs, abandoned, ask, isOver, failed }: Polling): Promise<IssuedTokens> {
  for (let pause = pauseMs; ; ) {
    await sleep(pause, abandoned);
    try {
      return await ask();
    } catch (error) {
      const refusal = refusalIn(error);
      const isLost = error instanceof PosthornError && error.retryable;
      const isPending = refusal?.error === 'authorization_pending';
      const isTooFast = refusal?.error === 'slow_down';
      // RFC 8628 section 3.5: whoever does not answer is asked less often, too.
      if (isTooFast || isLost) pause += PAUSE_S * 1000;
      if (abandoned.aborted || isOver() || !(isPending || isTooFast || isLost)) {
        throw failed(error);
      }
    }
  }
}

function sleep(ms: number, abandoned: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      abandoned.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (abandoned.aborted) done();
    else abandoned.addEventListener('abort', done);
  });
}
