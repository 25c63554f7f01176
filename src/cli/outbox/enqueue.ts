// `posthorn outbox enqueue`: puts a message made from options, or stored ones as they are, into the outbox.
import { OptionError, PosthornError, printable } from '../../base/index.ts';
import type { Sendable } from '../../client/index.ts';
import type { EnqueueOptions, Outbox } from '../../delivery/index.ts';
import { MailMessage } from '../../message/index.ts';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-codes.ts';
import { readInput } from '../input.ts';
import type { CliIo } from '../io.ts';
import { paintFor } from '../paint.ts';
import { reportError } from '../report-error.ts';
import { compose } from '../send/compose.ts';
import { areMany, storedFiles } from '../send/many/stored-files.ts';
import { worseOf } from '../send/many/worse.ts';
import { jsonLine } from '../text.ts';
import type { EnqueueFlags } from './flags.ts';
import { withOutbox } from './open.ts';
import { momentOf } from './times.ts';

// What a stored message has already.
const composing: readonly (readonly [keyof EnqueueFlags, string])[] = [
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
];

/** Enqueues the message of the flags, or the stored ones in `files`. */
export async function runEnqueue(
  files: readonly string[],
  flags: EnqueueFlags,
  io: CliIo,
): Promise<ExitCode> {
  const options = optionsOf(flags);
  if (files.length === 0) {
    const message = await compose(flags, io);
    return await withOutbox(flags, io, (outbox) => enqueue(outbox, message, options, flags, io));
  }
  for (const [name, option] of composing) {
    if (flags[name] === undefined) continue;
    throw new OptionError(
      name,
      `${option} does not go with a stored message, which is kept as it is`,
    );
  }
  const many = await areMany(files);
  if (many && flags.key !== undefined) {
    throw new OptionError('key', '--key is for one message: the same key is the same message');
  }
  const paths = many ? await storedFiles(files) : files;
  const stored = { ...options, ...envelopeOf(flags) };
  return await withOutbox(flags, io, async (outbox) => {
    let code: ExitCode = exitCodes.ok;
    for (const path of paths) {
      try {
        const message = await MailMessage.load(path === '-' ? await readInput('-', io) : path);
        await enqueue(outbox, message, stored, flags, io, many ? path : undefined);
      } catch (error) {
        if (!many || !(error instanceof PosthornError) || isOver(error)) throw error;
        code = worseOf(code, exitCodeOf(error));
        if (!flags.json) await io.stderr.write(`${printable(path)}:\n`);
        reportError(error, io, { json: flags.json ?? false, verbose: false, delivers: false });
      }
    }
    return code;
  });
}

// Where one could not be stored, the next can't be either.
const isOver = ({ code }: PosthornError): boolean => code.startsWith('OUTBOX_');

async function enqueue(
  outbox: Outbox,
  message: Sendable,
  options: EnqueueOptions,
  flags: EnqueueFlags,
  io: CliIo,
  file?: string,
): Promise<ExitCode> {
  const enqueued = await outbox.enqueue(message, options);
  const { id, messageId, isNew } = enqueued;
  if (flags.json) {
    await io.stdout.write(jsonLine({ ...(file !== undefined && { file }), ...enqueued }));
    return exitCodes.ok;
  }
  const paint = paintFor(io.stdout, io.env);
  const what = isNew ? paint.green('enqueued') : paint.yellow('was there');
  await io.stdout.write(`${id}  ${what}  ${printable(messageId)}\n`);
  return exitCodes.ok;
}

function optionsOf({ key, sendAt, expiresAt, urgency, atMostOnce }: EnqueueFlags): EnqueueOptions {
  return {
    ...(key !== undefined && { idempotencyKey: key }),
    ...(sendAt !== undefined && { sendAt: momentOf(sendAt, 'send-at') }),
    ...(expiresAt !== undefined && { expiresAt: momentOf(expiresAt, 'expires-at') }),
    ...(urgency !== undefined && { priority: urgencyOf(urgency) }),
    ...(atMostOnce && { delivery: 'at-most-once' }),
  };
}

function urgencyOf(given: string): number {
  if (/^-?\d$/.test(given)) return Number(given);
  throw new OptionError(
    'urgency',
    `--urgency is a whole number from -9 to 9, not '${printable(given, 40)}'`,
  );
}

function envelopeOf({ from, to }: EnqueueFlags): Pick<EnqueueOptions, 'envelope'> {
  if (from === undefined && to === undefined) return {};
  return {
    envelope: {
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to: to.join(', ') }),
    },
  };
}
