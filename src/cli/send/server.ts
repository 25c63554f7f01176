// Which server, and where its password comes from.
import { readFile } from 'node:fs/promises';
import { OptionError, printable } from '../../base/index.ts';
import type { CliIo } from '../io.ts';
import { paintFor } from '../paint.ts';
import type { SendFlags } from './flags.ts';

/**
 * The server's URL, complete with the password. The password is looked for in this order: the URL,
 * `--password-file`, POSTHORN_PASSWORD, a question on the terminal (unless the message came from there).
 */
export async function serverUrl(
  flags: SendFlags,
  io: CliIo,
  isStdinTaken: boolean,
): Promise<string> {
  const given = flags.server ?? io.env.POSTHORN_SERVER;
  if (given === undefined || given === '') {
    throw new OptionError(
      'server',
      'no server is named; use --server smtp://host:587 or set POSTHORN_SERVER',
    );
  }
  const url = URL.canParse(given) ? new URL(given) : undefined;
  // What is not a URL is left to the client, which knows what a server may look like.
  if (!url) return given;
  if (url.password !== '') {
    if (flags.server !== undefined) warnAboutArgv(io);
    return given;
  }
  if (url.username === '') return given;
  const password = await findPassword(flags, url, io, !isStdinTaken && io.stdin.isTTY);
  // The setter of URL leaves '%' as it is, so that it must come encoded.
  url.password = encodeURIComponent(password);
  return url.href;
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
  url: URL,
  io: CliIo,
  canAsk: boolean,
): Promise<string> {
  if (flags.passwordFile !== undefined) {
    const [line = ''] = (await readFile(flags.passwordFile, 'utf8')).split(/\r?\n/, 1);
    return line;
  }
  const set = io.env.POSTHORN_PASSWORD;
  if (set !== undefined && set !== '') return set;
  const user = printable(url.username);
  if (!canAsk) {
    throw new OptionError(
      'server',
      `no password for ${user}: set POSTHORN_PASSWORD or use --password-file`,
    );
  }
  return io.askSecret(`Password for ${user} at ${printable(url.host)}: `);
}
