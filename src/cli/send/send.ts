// `posthorn send`: makes or loads the message, sends it, tells what became of it.
import { OptionError } from '../../base/index.ts';
import { type SendReceipt, SmtpClient, type SmtpClientOptions } from '../../client/index.ts';
import { MailMessage } from '../../message/index.ts';
import { mailboxesOf, parseAddressList } from '../../mime/index.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { readInput } from '../input.ts';
import type { CliIo } from '../io.ts';
import { paintFor } from '../paint.ts';
import { jsonLine } from '../text.ts';
import { accountOf } from './account.ts';
import { compose } from './compose.ts';
import { dryRun, type Outgoing } from './dry-run.ts';
import type { SendFlags } from './flags.ts';
import { progressLine } from './progress.ts';
import { serverOptions } from './server.ts';

/** Sends the message of the flags, or the stored one in `file`. */
export async function runSend(
  file: string | undefined,
  flags: SendFlags,
  io: CliIo,
): Promise<ExitCode> {
  const outgoing = file === undefined ? await composed(flags, io) : await stored(file, flags, io);
  if (flags.dryRun) {
    await dryRun(outgoing, flags, io);
    return exitCodes.ok;
  }
  const { text, textFile, html, htmlFile } = flags;
  const isStdinTaken = [file, text, textFile, html, htmlFile].includes('-');
  const receipt = await deliver(outgoing, await serverOptions(flags, io, isStdinTaken), io);
  await io.stdout.write(
    flags.json ? jsonLine(receipt) : accountOf(receipt, paintFor(io.stdout, io.env)),
  );
  return receipt.rejected.length === 0 ? exitCodes.ok : exitCodes.unavailable;
}

async function composed(flags: SendFlags, io: CliIo): Promise<Outgoing> {
  const message = await compose(flags, io);
  return { message, envelope: message.envelope() };
}

// What a stored message has already; changing it would change its bytes.
const composing: readonly (readonly [keyof SendFlags, string])[] = [
  ['cc', '--cc'],
  ['bcc', '--bcc'],
  ['replyTo', '--reply-to'],
  ['subject', '--subject'],
  ['text', '--text'],
  ['textFile', '--text-file'],
  ['html', '--html'],
  ['htmlFile', '--html-file'],
  ['attach', '--attach'],
  ['inline', '--inline'],
  ['header', '--header'],
  ['priority', '--priority'],
];

async function stored(file: string, flags: SendFlags, io: CliIo): Promise<Outgoing> {
  for (const [name, option] of composing) {
    if (flags[name] === undefined) continue;
    throw new OptionError(
      name,
      `${option} does not go with a stored message, which is sent as it is; ` +
        '--from and --to say who it is from and for on the wire',
    );
  }
  const message = await MailMessage.load(await readInput(file, io));
  const from = flags.from === undefined ? undefined : reversePath(flags.from);
  const to = flags.to === undefined ? undefined : addressesOf(flags.to, '--to');
  if (from !== undefined && to !== undefined) return { message, envelope: { from, to } };
  const own = message.envelope();
  return { message, envelope: { from: from ?? own.from, to: to ?? own.to } };
}

/** One address, or nothing at all for the null reverse-path of bounces (RFC 5321 section 4.5.5). */
function reversePath(given: string): string {
  if (['', '<>'].includes(given.trim())) return '';
  const [first = '', ...others] = addressesOf(given, '--from');
  if (others.length === 0) return first;
  throw new OptionError(
    'from',
    '--from is one address on the wire; name the one that failures go to',
  );
}

function addressesOf(given: string | readonly string[], field: string): string[] {
  return mailboxesOf(parseAddressList(given, field)).map(({ address }) => address);
}

async function deliver(
  outgoing: Outgoing,
  server: SmtpClientOptions,
  io: CliIo,
): Promise<SendReceipt> {
  const { message, envelope } = outgoing;
  const interrupted = new AbortController();
  const forget = io.onInterrupt(() => interrupted.abort());
  const client = new SmtpClient(server);
  const progress = progressLine(io);
  try {
    const { signal } = interrupted;
    return await client.send(message, { envelope, signal, onProgress: progress.onProgress });
  } finally {
    progress.clear();
    forget();
    await client.close();
  }
}
