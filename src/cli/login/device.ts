// Agreeing by a code that is typed in a browser anywhere (RFC 8628).
import { type DevicePrompt, type IssuedTokens, OAuthTokenProvider } from '../../auth/index.ts';
import { printable } from '../../base/index.ts';
import type { CliIo } from '../io.ts';
import { paintFor } from '../paint.ts';
import { jsonLine } from '../text.ts';
import type { LoginFlags, LoginTarget } from './flags.ts';
import { waitingLine } from './waiting-line.ts';

/** Shows the code and waits for the user. */
export async function byDevice(
  target: LoginTarget,
  flags: LoginFlags,
  io: CliIo,
  signal: AbortSignal,
): Promise<IssuedTokens> {
  let tokens: IssuedTokens | undefined;
  let stopWaiting = (): void => {};
  const provider = OAuthTokenProvider.deviceCode({
    ...target,
    onPrompt: (prompt) => {
      show(prompt, flags, io);
      stopWaiting = waitingLine(prompt.expiresAt, io);
    },
    onTokens: (issued) => {
      tokens = issued;
    },
  });
  try {
    const { token } = await provider.getToken({ signal });
    return tokens ?? { accessToken: token };
  } finally {
    stopWaiting();
  }
}

function show(prompt: DevicePrompt, { json }: LoginFlags, io: CliIo): void {
  const { verificationUri, verificationUriComplete, userCode } = prompt;
  if (json) {
    void io.stdout.write(jsonLine({ event: 'prompt', ...prompt }));
    return;
  }
  const paint = paintFor(io.stderr, io.env);
  const lines = [
    'To log in, open this address in a browser, on any machine:',
    '',
    `    ${paint.cyan(printable(verificationUri))}`,
    '',
    'and type this code:',
    '',
    `    ${paint.bold(printable(userCode))}`,
    '',
    ...(verificationUriComplete === undefined
      ? []
      : [`Or open it with the code: ${printable(verificationUriComplete)}`, '']),
  ];
  void io.stderr.write(`${lines.join('\n')}\n`);
}
