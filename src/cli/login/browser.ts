// Agreeing in the browser on this machine: it comes back to a port that we listen on (RFC 8252 section 7.3).
import { createServer, type Server } from 'node:http';
import { beginAuthorization, type IssuedTokens } from '../../auth/index.ts';
import { PosthornError, printable } from '../../base/index.ts';
import type { CliIo } from '../io.ts';
import { paintFor } from '../paint.ts';
import { jsonLine } from '../text.ts';
import type { LoginFlags, LoginTarget } from './flags.ts';
import { waitingLine } from './waiting-line.ts';

const PATIENCE_MS = 600_000;
const PAGE = `<!doctype html><meta charset="utf-8"><title>posthorn</title>
<p>posthorn has what it needs, or knows why not. You can close this window.</p>`;

/** Shows the address and waits until the browser comes back. */
export async function byBrowser(
  target: LoginTarget,
  flags: LoginFlags,
  io: CliIo,
  signal: AbortSignal,
): Promise<IssuedTokens> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  let stopWaiting = (): void => {};
  try {
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    // Microsoft takes any port with this name; RFC 8252 section 8.3 prefers the address.
    const host = target.preset === 'microsoft' ? 'localhost' : '127.0.0.1';
    const redirectUri = `http://${host}:${port}/`;
    const { username } = flags;
    const authorization = await beginAuthorization({
      ...target,
      redirectUri,
      ...(username !== undefined && { loginHint: username }),
    });
    const expiresAt = new Date(Date.now() + PATIENCE_MS);
    show(authorization.url, expiresAt, flags, io);
    stopWaiting = waitingLine(expiresAt, io);
    const callback = await comingBack(server, redirectUri, signal);
    return await authorization.redeem(callback);
  } finally {
    stopWaiting();
    server.close();
    server.closeAllConnections();
  }
}

function show(url: string, expiresAt: Date, { json }: LoginFlags, io: CliIo): void {
  if (json) {
    void io.stdout.write(jsonLine({ event: 'prompt', url, expiresAt }));
    return;
  }
  const paint = paintFor(io.stderr, io.env);
  void io.stderr.write(
    `To log in, open this address in a browser on this machine:\n\n    ${paint.cyan(printable(url, Number.POSITIVE_INFINITY))}\n\n`,
  );
}

// What a browser asks for besides (an icon) is no answer.
function comingBack(server: Server, redirectUri: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (code: 'ABORTED' | 'TIMEOUT', message: string): void => {
      clearTimeout(timer);
      reject(new PosthornError(code, message, { stage: 'auth' }));
    };
    const timer = setTimeout(
      () => fail('TIMEOUT', 'The browser did not come back within ten minutes; begin anew'),
      PATIENCE_MS,
    );
    const onAbort = (): void => fail('ABORTED', 'The login was interrupted');
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
    server.on('request', (request, response) => {
      const url = new URL(request.url ?? '/', redirectUri);
      const isAnswer = url.searchParams.has('code') || url.searchParams.has('error');
      response
        .writeHead(isAnswer ? 200 : 404, { 'content-type': 'text/html', connection: 'close' })
        .end(isAnswer ? PAGE : '');
      if (!isAnswer) return;
      clearTimeout(timer);
      resolve(url.href);
    });
  });
}
