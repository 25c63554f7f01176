// `posthorn outbox list`: a table of messages, or a line of JSON for each.
import { OptionError, printable } from '../../base/index.ts';
import type { EntryState, ListOptions, OutboxMessage } from '../../delivery/index.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { type Paint, paintFor } from '../paint.ts';
import { count, formatSize, jsonLine, printableLine } from '../text.ts';
import type { ListFlags } from './flags.ts';
import { inColourOf, momentText, states } from './looks.ts';
import { withOutbox } from './open.ts';

const STATE_WIDTH = 8;
const LONGEST_RECIPIENTS = 40;
const LONGEST_SUBJECT = 60;

/** Lists the messages of the flags. */
export async function runList(flags: ListFlags, io: CliIo): Promise<ExitCode> {
  const options = optionsOf(flags);
  const paint = paintFor(io.stdout, io.env);
  return await withOutbox(flags, io, async (outbox) => {
    let found = 0;
    for await (const message of outbox.list(options)) {
      found += 1;
      await io.stdout.write(flags.json ? jsonLine(message) : rowOf(message, paint));
    }
    if (!flags.json) await io.stderr.write(`${count(found, 'message')}.\n`);
    return exitCodes.ok;
  });
}

function rowOf(message: OutboxMessage, paint: Paint): string {
  const { id, state, envelope, subject, size, attempts, dueAt } = message;
  const due = dueAt && state !== 'sending' ? paint.dim(`  due ${momentText(dueAt)}`) : '';
  const tries = attempts.length > 1 ? paint.dim(`  ${attempts.length} attempts`) : '';
  return (
    `${id}  ${inColourOf(state, state.padEnd(STATE_WIDTH), paint)}  ` +
    `${printableLine(envelope.to.join(', '), LONGEST_RECIPIENTS)}  ` +
    `${paint.bold(printableLine(subject, LONGEST_SUBJECT))}  ${formatSize(size)}${tries}${due}\n`
  );
}

function optionsOf({ state, limit, key, messageId, after }: ListFlags): ListOptions {
  const wanted = (state ?? []).flatMap((list) => list.split(',')).map(stateOf);
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 0)) {
    throw new OptionError('limit', '--limit is a whole number');
  }
  return {
    ...(wanted.length > 0 && { state: wanted }),
    ...(limit !== undefined && { limit }),
    ...(key !== undefined && { idempotencyKey: key }),
    ...(messageId !== undefined && { messageId: withBrackets(messageId) }),
    ...(after !== undefined && { after }),
  };
}

function stateOf(given: string): EntryState {
  const found = states.find((state) => state === given.trim());
  if (found) return found;
  throw new OptionError(
    'state',
    `--state is one of ${states.join(', ')}, not '${printable(given, 40)}'`,
  );
}

const withBrackets = (id: string): string => (id.startsWith('<') ? id : `<${id}>`);
