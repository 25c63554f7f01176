// Which server, and where its password comes from.
import { readFile } from 'node:fs/promises';
import { OptionError, printable } from '../../base/index.ts';
import type { SmtpClientOptions } from '../../client/index.ts';
import { parseSmtpUrl } from '../../smtp/index.ts';
import type { CliIo } from '../io.ts';
import { paintFor } from '../paint.ts';
import type { SendFlags } from './flags.ts';

/**
 * The server with its password, which is looked for in this order: the URL, `--password-file`,
 * POSTHORN_PASSWORD, a question on the terminal (unless the message came from there).
 */
export async function serverOptions(
  flags: SendFlags,
  io: CliIo,
  isStdinTaken: boolean,
): Promise<SmtpClientOptions> {
  const url = flags.server ?? io.env.POSTHORN_SERVER;
  if (url === undefined || url === '') {
    throw new OptionError(
      'server',
      'no server is named; use --server smtp://host:587 or set POSTHORN_SERVER',
    );
  }
  const options = parseSmtpUrl(url);
  if (options.password !== undefined && flags.server !== undefined) warnAboutArgv(io);
  if (options.password !== undefined || options.username === undefined) return options;
  const who = `${printable(options.username)} at ${printable(options.host ?? '')}`;
  const question = !isStdinTaken && io.stdin.isTTY ? `Password for ${who}: ` : undefined;
  return { ...options, password: await findPassword(flags, io, who, question) };
}

function warnAboutArgv(io: CliIo): void {
  const paint = paintFor(io.stderr, io.env);
  io.stderr.write(
    `${paint.yellow('posthorn: warning:')} a password on the command line can be seen by every user of ` +
      'this machine; set POSTHORN_PASSWORD, use --password-file, or leave it out to be asked\n',
  );
}

async function findPassword(
  flags: SendFlags,
  io: CliIo,
  who: string,
  question: string | undefined,
): Promise<string> {
  if (flags.passwordFile !== undefined) {
    const [line = ''] = (await readFile(flags.passwordFile, 'utf8')).split(/\r?\n/, 1);
    return line;
  }
  const { POSTHORN_PASSWORD: set } = io.env;
  if (set !== undefined && set !== '') return set;
  const answer = question === undefined ? undefined : await io.askSecret(question);
  if (answer !== undefined) return answer;
  throw new OptionError(
    'server',
    `no password for ${who}; set POSTHORN_PASSWORD or use --password-file`,
  );
}
