// The file that `posthorn login --store` makes and `--token-file` reads: how to get access tokens for one account.
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import process from 'node:process';
import {
  type AccessToken,
  OAuthTokenProvider,
  type RefreshTokenOptions,
  type TokenProvider,
  type TokenRequest,
} from '../auth/index.ts';
import { AuthenticationError, OptionError, PosthornError } from '../base/index.ts';
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

/** Access tokens by the file; a new refresh token goes back into it, and one that another program has put there is used. */
export async function tokenProviderOf(path: string, io: CliIo): Promise<TokenProvider> {
  const tokens = new FileTokens(path, await readTokenFile(path));
  await warnAboutReaders(path, io);
  return tokens;
}

/** The tokens of one file, which other programs may use at the same time. */
class FileTokens implements TokenProvider {
  readonly #path: string;
  #content: TokenFile;
  #provider: TokenProvider;

  constructor(path: string, content: TokenFile) {
    this.#path = path;
    this.#content = content;
    this.#provider = this.#providerOf(content);
  }

  async getToken(request?: TokenRequest): Promise<AccessToken> {
    try {
      return await this.#provider.getToken(request);
    } catch (error) {
      if (!(error instanceof AuthenticationError) || error.retryable) throw error;
      const now = await readTokenFile(this.#path);
      if (now.refreshToken === this.#content.refreshToken) throw error;
      this.#content = now;
      this.#provider = this.#providerOf(now);
      return await this.#provider.getToken(request);
    }
  }

  #providerOf(content: TokenFile): TokenProvider {
    try {
      return OAuthTokenProvider.refreshToken({
        ...content,
        onTokens: async ({ refreshToken }) => {
          if (refreshToken === undefined || refreshToken === this.#content.refreshToken) return;
          this.#content = { ...content, refreshToken };
          await writeTokenFile(this.#path, this.#content);
        },
      });
    } catch (error) {
      throw error instanceof PosthornError ? notOurs() : error;
    }
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
