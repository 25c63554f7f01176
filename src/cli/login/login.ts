// `posthorn login`: a person agrees in a browser; what comes of it is printed or stored.
import { access, constants, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { IssuedTokens } from '../../auth/index.ts';
import { AuthenticationError, OptionError, printable } from '../../base/index.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { paintFor } from '../paint.ts';
import { jsonLine } from '../text.ts';
import { type TokenFile, writeTokenFile } from '../token-file.ts';
import { byBrowser } from './browser.ts';
import { byDevice } from './device.ts';
import type { LoginFlags, LoginTarget } from './flags.ts';

/** Logs in at `provider`. */
export async function runLogin(provider: string, flags: LoginFlags, io: CliIo): Promise<ExitCode> {
  const target = await targetOf(provider, flags, io);
  const isBrowser = usesBrowser(provider, flags);
  // Nobody agrees in vain.
  if (flags.store !== undefined) await access(dirname(resolve(flags.store)), constants.W_OK);
  const interrupted = new AbortController();
  const forget = io.onInterrupt(() => interrupted.abort());
  let tokens: IssuedTokens;
  try {
    const way = isBrowser ? byBrowser : byDevice;
    tokens = await way(target, flags, io, interrupted.signal);
  } finally {
    forget();
  }
  const { refreshToken } = tokens;
  if (refreshToken === undefined) throw noRefreshToken();
  await tell({ ...target, refreshToken }, tokens, flags, io);
  return exitCodes.ok;
}

async function targetOf(provider: string, flags: LoginFlags, io: CliIo): Promise<LoginTarget> {
  const clientId = flags.clientId ?? io.env.POSTHORN_CLIENT_ID ?? '';
  if (clientId === '') {
    throw new OptionError(
      'clientId',
      "no application is named; register one at the provider and give its id with --client-id or POSTHORN_CLIENT_ID ('posthorn login --help' says more)",
    );
  }
  const isPreset = provider === 'google' || provider === 'microsoft';
  if (flags.tenant !== undefined && provider !== 'microsoft') {
    throw new OptionError('tenant', '--tenant goes with microsoft only');
  }
  if (!isPreset && !URL.canParse(provider)) {
    throw new OptionError(
      'provider',
      `'${printable(provider, 80)}' is not google, microsoft or the URL of an issuer`,
    );
  }
  const clientSecret = await secretOf(flags, io);
  return {
    ...(isPreset ? { preset: provider } : { issuer: provider }),
    ...(flags.tenant !== undefined && { tenant: flags.tenant }),
    clientId,
    ...(clientSecret !== undefined && { clientSecret }),
    ...(flags.scope !== undefined && { scope: flags.scope }),
  };
}

async function secretOf({ clientSecretFile }: LoginFlags, io: CliIo): Promise<string | undefined> {
  if (clientSecretFile !== undefined) {
    const [line = ''] = (await readFile(clientSecretFile, 'utf8')).split(/\r?\n/, 1);
    return line;
  }
  const { POSTHORN_CLIENT_SECRET: set } = io.env;
  return set === '' ? undefined : set;
}

function usesBrowser(provider: string, { browser = false, device = false }: LoginFlags): boolean {
  if (browser && device) {
    throw new OptionError('browser', '--browser and --device are two ways; choose one');
  }
  // Google gives no mail scopes by device code.
  return browser || (provider === 'google' && !device);
}

async function tell(
  file: TokenFile,
  { expiresAt, scope }: IssuedTokens,
  { store, json }: LoginFlags,
  io: CliIo,
): Promise<void> {
  const { refreshToken } = file;
  const paint = paintFor(io.stderr, io.env);
  if (store !== undefined) {
    await writeTokenFile(store, file);
    if (json) await io.stdout.write(jsonLine({ event: 'stored', path: store, scope }));
    else {
      await io.stderr.write(
        `${paint.green('Stored')} in '${printable(store)}'; use it with: posthorn send --token-file '${printable(store)}' …\n`,
      );
    }
    return;
  }
  if (json) {
    await io.stdout.write(jsonLine({ event: 'tokens', refreshToken, scope, expiresAt }));
    return;
  }
  await io.stderr.write(
    `${paint.green('Done.')} The refresh token, which is as good as a password:\n`,
  );
  await io.stdout.write(`${refreshToken}\n`);
}

function noRefreshToken(): AuthenticationError {
  const hint = "ask for it with --scope: most want 'offline_access' among the scopes";
  return new AuthenticationError(
    'TOKEN_REFUSED',
    `The provider gave no refresh token, so the login would end with this command; ${hint}`,
    { hint },
  );
}
