// `posthorn outbox retry`, `cancel` and `resolve`: each id in turn; what fails stops no other.
import { OptionError, PosthornError, printable } from '../../base/index.ts';
import type { Outbox, OutboxMessage } from '../../delivery/index.ts';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { paintFor } from '../paint.ts';
import { reportError } from '../report-error.ts';
import { worseOf } from '../send/many/worse.ts';
import { jsonLine } from '../text.ts';
import type { OutboxFlags } from './flags.ts';
import { inColourOf } from './looks.ts';
import { withOutbox } from './open.ts';

/** Tries the messages now. */
export async function runRetry(
  ids: readonly string[],
  flags: OutboxFlags,
  io: CliIo,
): Promise<ExitCode> {
  return await each(ids, flags, io, (outbox, id) => outbox.retry(id));
}

/** Sees to it that nobody else gets the messages. */
export async function runCancel(
  ids: readonly string[],
  flags: OutboxFlags,
  io: CliIo,
): Promise<ExitCode> {
  return await each(ids, flags, io, (outbox, id) => outbox.cancel(id));
}

/** Settles the recipients of whom nobody knows. */
export async function runResolve(
  ids: readonly string[],
  how: string,
  flags: OutboxFlags,
  io: CliIo,
): Promise<ExitCode> {
  if (how !== 'retry' && how !== 'drop') {
    throw new OptionError(
      'resolution',
      `first 'retry' (send it again) or 'drop' (leave it), then the ids; not '${printable(how, 40)}'`,
    );
  }
  return await each(ids, flags, io, (outbox, id) => outbox.resolve(id, how));
}

async function each(
  ids: readonly string[],
  flags: OutboxFlags,
  io: CliIo,
  change: (outbox: Outbox, id: string) => Promise<OutboxMessage>,
): Promise<ExitCode> {
  const paint = paintFor(io.stdout, io.env);
  return await withOutbox(flags, io, async (outbox) => {
    let code: ExitCode = exitCodes.ok;
    for (const id of ids) {
      try {
        const message = await change(outbox, id);
        const { state } = message;
        await io.stdout.write(
          flags.json ? jsonLine(message) : `${id}  ${inColourOf(state, state, paint)}\n`,
        );
      } catch (error) {
        if (!(error instanceof PosthornError)) throw error;
        code = worseOf(code, exitCodeOf(error));
        reportError(error, io, {
          json: flags.json ?? false,
          verbose: flags.verbose ?? false,
          delivers: false,
        });
      }
    }
    return code;
  });
}
