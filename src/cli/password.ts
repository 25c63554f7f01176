// Where the password of a server's user comes from.
import { readFile } from 'node:fs/promises';
import { OptionError, printable } from '../base/index.ts';
import type { CliIo } from './io.ts';
import { paintFor } from './paint.ts';

/** Whose password is wanted. */
export interface PasswordOwner {
  readonly username: string;
  readonly host: string;
}

/**
 * The password, looked for in this order: `passwordFile` (its first line), POSTHORN_PASSWORD, a question
 * on the terminal where `mayAsk`. Throws {@link OptionError} when there is none.
 */
export async function findPassword(
  { username, host }: PasswordOwner,
  passwordFile: string | undefined,
  mayAsk: boolean,
  io: CliIo,
): Promise<string> {
  if (passwordFile !== undefined) {
    const [line = ''] = (await readFile(passwordFile, 'utf8')).split(/\r?\n/, 1);
    return line;
  }
  const { POSTHORN_PASSWORD: set } = io.env;
  if (set !== undefined && set !== '') return set;
  const who = `${printable(username)} at ${printable(host)}`;
  const isAsked = mayAsk && io.stdin.isTTY;
  const answer = isAsked ? await io.askSecret(`Password for ${who}: `) : undefined;
  if (answer !== undefined) return answer;
  throw new OptionError(
    'server',
    `no password for ${who}; set POSTHORN_PASSWORD or use --password-file`,
  );
}

/** Says that a password in the arguments is no secret. */
export function warnAboutArgv(io: CliIo): void {
  const paint = paintFor(io.stderr, io.env);
  void io.stderr.write(
    `${paint.yellow('posthorn: warning:')} a password on the command line can be seen by every user of ` +
      'this machine; set POSTHORN_PASSWORD, use --password-file, or leave it out to be asked\n',
  );
}
