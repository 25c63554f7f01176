// `posthorn send`: makes or loads the message, sends it, tells what became of it.
import { OptionError, printable } from '../../base/index.ts';
import { type SendReceipt, SmtpClient, type SmtpClientOptions } from '../../client/index.ts';
import { MailMessage } from '../../message/index.ts';
import { mailboxesOf, parseAddressList } from '../../mime/index.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { readInput } from '../input.ts';
import type { CliIo } from '../io.ts';
import { paintFor } from '../paint.ts';
import { count, jsonLine } from '../text.ts';
import { accountOf, exitCodeOf } from './account.ts';
import { compose } from './compose.ts';
import { dryRun, type Outgoing } from './dry-run.ts';
import type { SendFlags } from './flags.ts';
import { progressLine } from './progress.ts';
import { serverOptions } from './server.ts';

/** Sends the message of the flags, or the stored ones in `files`. */
export async function runSend(
  files: readonly string[],
  flags: SendFlags,
  io: CliIo,
): Promise<ExitCode> {
  if (files.length === 0) return await sendOne(undefined, flags, io);
  refuseComposing(flags);
  const { areMany, storedFiles } = await import('./many/stored-files.ts');
  if (!(await areMany(files))) return await sendOne(files[0], flags, io);
  const found = await storedFiles(files);
  const envelope = envelopeOf(flags);
  if (flags.dryRun) return await dryRunMany(found, envelope, flags, io);
  const { sendMany } = await import('./many/send-many.ts');
  return await sendMany(found, envelope, flags, io);
}

async function sendOne(file: string | undefined, flags: SendFlags, io: CliIo): Promise<ExitCode> {
  const outgoing = file === undefined ? await composed(flags, io) : await stored(file, flags, io);
  if (flags.dryRun) {
    await dryRun(outgoing, flags, io);
    return exitCodes.ok;
  }
  const { text, textFile, html, htmlFile, invite } = flags;
  const isStdinTaken = [file, text, textFile, html, htmlFile, invite].includes('-');
  const receipt = await deliver(outgoing, await serverOptions(flags, io, isStdinTaken), io);
  await io.stdout.write(
    flags.json ? jsonLine(receipt) : accountOf(receipt, paintFor(io.stdout, io.env)),
  );
  return exitCodeOf(receipt);
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
  ['invite', '--invite'],
  ['priority', '--priority'],
];

function refuseComposing(flags: SendFlags): void {
  for (const [name, option] of composing) {
    if (flags[name] === undefined) continue;
    throw new OptionError(
      name,
      `${option} does not go with a stored message, which is sent as it is; ` +
        '--from and --to say who it is from and for on the wire',
    );
  }
}

async function stored(file: string, flags: SendFlags, io: CliIo): Promise<Outgoing> {
  const message = await MailMessage.load(file === '-' ? await readInput(file, io) : file);
  return { message, envelope: completed(message, envelopeOf(flags)) };
}

/** What the options say of the envelope. */
interface FlagEnvelope {
  readonly from?: string;
  readonly to?: string[];
}

function envelopeOf({ from, to }: SendFlags): FlagEnvelope {
  return {
    ...(from !== undefined && { from: reversePath(from) }),
    ...(to !== undefined && { to: addressesOf(to, '--to') }),
  };
}

function completed(message: MailMessage, { from, to }: FlagEnvelope): Outgoing['envelope'] {
  if (from !== undefined && to !== undefined) return { from, to };
  const own = message.envelope();
  return { from: from ?? own.from, to: to ?? own.to };
}

async function dryRunMany(
  files: readonly string[],
  envelope: FlagEnvelope,
  flags: SendFlags,
  io: CliIo,
): Promise<ExitCode> {
  for (const file of files) {
    const message = await MailMessage.load(file);
    const { from, to } = completed(message, envelope);
    const { messageId } = message;
    const line = flags.json
      ? jsonLine({ dryRun: true, file, messageId, envelope: { from, to } })
      : `${printable(file)}: from ${printable(from || '<>')} to ${printable(to.join(', '), 2000)}\n`;
    await io.stdout.write(line);
  }
  if (!flags.json) await io.stderr.write(`Not sent: ${count(files.length, 'message')}.\n`);
  return exitCodes.ok;
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
