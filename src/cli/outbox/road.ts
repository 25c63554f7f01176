// Over which road a worker sends.
import { OptionError } from '../../base/index.ts';
import { SmtpClient, type Transport } from '../../client/index.ts';
import type { CliIo } from '../io.ts';
import { serverOptions } from '../send/server.ts';
import type { WorkFlags } from './flags.ts';

/** The transport of the flags: a server, a pickup directory or the system's mail program. */
export async function roadOf(flags: WorkFlags, io: CliIo): Promise<Transport> {
  const { server, pickup, sendmail } = flags;
  const named = [server, pickup, sendmail].filter((road) => road !== undefined);
  if (named.length > 1) {
    throw new OptionError('server', 'use one of --server, --pickup and --sendmail');
  }
  if (pickup !== undefined) {
    const { PickupDirectory } = await import('../../delivery/index.ts');
    return new PickupDirectory(pickup);
  }
  if (sendmail !== undefined) {
    const { SendmailTransport } = await import('../../delivery/index.ts');
    return new SendmailTransport(sendmail === true ? {} : { path: sendmail });
  }
  if (server?.toLowerCase().startsWith('lmtp:')) {
    const { LmtpTransport } = await import('../../delivery/index.ts');
    return new LmtpTransport(server);
  }
  const connections = flags.concurrency === undefined ? {} : { connections: flags.concurrency };
  return new SmtpClient({ ...(await serverOptions(flags, io, false)), ...connections });
}
