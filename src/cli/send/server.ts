// Which server, and where its password or token comes from.
import { OptionError } from '../../base/index.ts';
import type { SmtpClientOptions } from '../../client/index.ts';
import { parseSmtpUrl } from '../../smtp/index.ts';
import { findCredentials } from '../credentials.ts';
import type { CliIo } from '../io.ts';
import { warnAboutArgv } from '../password.ts';
import type { SendFlags } from './flags.ts';

/**
 * The server with what logs its user in, which is looked for in this order: the URL, then as `findCredentials` says; asked
 * for on the terminal unless the message came from there.
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
  const options = { ...parseSmtpUrl(url), ...(flags.tnef && { tnef: true }) };
  if (options.password !== undefined && flags.server !== undefined) warnAboutArgv(io);
  if (options.password !== undefined || options.username === undefined) return options;
  const { username, host = '' } = options;
  return { ...options, ...(await findCredentials({ username, host }, flags, !isStdinTaken, io)) };
}
