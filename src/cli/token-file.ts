// The file that `posthorn login --store` makes and `--token-file` reads: how to get access tokens for one account.
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { OAuthTokenProvider, type RefreshTokenOptions, type TokenProvider } from '../auth/index.ts';
import { OptionError, PosthornError } from '../base/index.ts';
import type { CliIo } from './io.ts';
import { paintFor } from './paint.ts';

/** What the file holds: options of `OAuthTokenProvider.refreshToken`, as JSON. */
export type TokenFile = Pick<
  RefreshTokenOptions,
  'preset' | 'tenant' | 'issuer' | 'clientId' | 'clientSecret' | 'scope' | 'refreshToken'
>;

// Read and written by its owner only.
const MODE = 0o600;

/** Writes the file, whole or not at all. */
export async function writeTokenFile(path: string, content: TokenFile): Promise<void> {
  const beside = `${path}.${process.pid}.new`;
  try {
    await writeFile(beside, `${JSON.stringify(content, undefined, 2)}\n`, {
      mode: MODE,
      flag: 'wx',
    });
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** Access tokens by the file; a new refresh token goes back into it. */
export async function tokenProviderOf(path: string, io: CliIo): Promise<TokenProvider> {
  const content = await readTokenFile(path);
  await warnAboutReaders(path, io);
  try {
    return OAuthTokenProvider.refreshToken({
      ...content,
      onTokens: async ({ refreshToken }) => {
        if (refreshToken === undefined || refreshToken === content.refreshToken) return;
        await writeTokenFile(path, { ...content, refreshToken });
      },
    });
  } catch (error) {
    throw error instanceof PosthornError ? notOurs() : error;
  }
}

async function readTokenFile(path: string): Promise<TokenFile> {
  const text = await readFile(path, 'utf8');
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // The reason could quote the file.
  }
  if (typeof content === 'object' && content !== null && 'refreshToken' in content) {
    return content as TokenFile;
  }
  throw notOurs();
}

function notOurs(): OptionError {
  return new OptionError(
    'tokenFile',
    "--token-file is not a file that 'posthorn login --store' has made; make a new one with it",
  );
}

async function warnAboutReaders(path: string, io: CliIo): Promise<void> {
  const { mode } = await stat(path);
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  const paint = paintFor(io.stderr, io.env);
  void io.stderr.write(
    `${paint.yellow('posthorn: warning:')} other users of this machine can read the token file; chmod 600 it\n`,
  );
}
