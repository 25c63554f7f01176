// `posthorn forward`: sends a stored message on, and tells what became of it.
import { SmtpClient } from '../../client/index.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { paintFor } from '../paint.ts';
import { accountOf, exitCodeOf } from '../send/account.ts';
import { progressLine } from '../send/progress.ts';
import { serverOptions } from '../send/server.ts';
import { jsonLine } from '../text.ts';
import type { ForwardFlags } from './flags.ts';

/** Sends the message in `file` on to the recipients of the flags. */
export async function runForward(
  file: string,
  { from, to, resent = false, json, ...flags }: ForwardFlags,
  io: CliIo,
): Promise<ExitCode> {
  const client = new SmtpClient(await serverOptions(flags, io, file === '-'));
  const interrupted = new AbortController();
  const forget = io.onInterrupt(() => interrupted.abort());
  const progress = progressLine(io);
  try {
    const receipt = await client.forward(from, to.join(', '), file === '-' ? io.stdin : file, {
      resent,
      signal: interrupted.signal,
      onProgress: progress.onProgress,
    });
    progress.clear();
    await io.stdout.write(
      json ? jsonLine(receipt) : accountOf(receipt, paintFor(io.stdout, io.env)),
    );
    return exitCodeOf(receipt);
  } finally {
    progress.clear();
    forget();
    await client.close();
  }
}
