// What logs the user of a server in: a token or a password, and where it comes from.
import type { TokenSource } from '../auth/index.ts';
import type { CliIo } from './io.ts';
import { findPassword, type PasswordOwner } from './password.ts';
import { tokenProviderOf } from './token-file.ts';

/** The flags that name a secret's place. */
export interface CredentialFlags {
  readonly passwordFile?: string;
  readonly tokenFile?: string;
}

/** One of the two, as options of a client. */
export type FoundCredentials =
  | { readonly password: string }
  | { readonly tokenProvider: TokenSource };

/**
 * Looks in this order: `--token-file`, `--password-file`, POSTHORN_TOKEN, POSTHORN_PASSWORD, a question on the terminal
 * where `mayAsk`. Throws {@link OptionError} when there is nothing.
 */
export async function findCredentials(
  owner: PasswordOwner,
  { passwordFile, tokenFile }: CredentialFlags,
  mayAsk: boolean,
  io: CliIo,
): Promise<FoundCredentials> {
  if (tokenFile !== undefined) return { tokenProvider: await tokenProviderOf(tokenFile, io) };
  const { POSTHORN_TOKEN: token } = io.env;
  if (passwordFile === undefined && token !== undefined && token !== '') {
    return { tokenProvider: () => token };
  }
  return { password: await findPassword(owner, passwordFile, mayAsk, io) };
}
