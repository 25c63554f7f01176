// `posthorn outbox show`: all that is known of one message, or its octets.
import { OutboxError, printable } from '../../base/index.ts';
import type { OutboxAttempt, OutboxMessage } from '../../delivery/index.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { type Paint, paintFor } from '../paint.ts';
import { replyText } from '../send/account.ts';
import { formatDuration, formatSize, jsonLine, printableLine } from '../text.ts';
import type { ShowFlags } from './flags.ts';
import { inColourOf, momentText } from './looks.ts';
import { withOutbox } from './open.ts';

/** Shows the message with this id. */
export async function runShow(id: string, flags: ShowFlags, io: CliIo): Promise<ExitCode> {
  return await withOutbox(flags, io, async (outbox) => {
    if (flags.content) {
      for await (const piece of outbox.content(id)) await io.stdout.write(piece);
      return exitCodes.ok;
    }
    const message = await outbox.get(id);
    if (!message) throw notFound(id);
    const paint = paintFor(io.stdout, io.env);
    await io.stdout.write(flags.json ? jsonLine(message) : accountOf(message, paint));
    return exitCodes.ok;
  });
}

/** A message with its recipients and attempts, in prose. */
function accountOf(message: OutboxMessage, paint: Paint): string {
  const { envelope, recipients, attempts } = message;
  const facts: readonly (readonly [string, string])[] = [
    ['state', inColourOf(message.state, message.state, paint)],
    ['subject', printableLine(message.subject)],
    ['message', printable(message.messageId)],
    ['from', printable(envelope.from || '<>')],
    ['size', formatSize(message.size)],
    ['enqueued', momentText(message.enqueuedAt)],
    ['send at', momentText(message.sendAt)],
    ['expires', momentText(message.expiresAt)],
    ['due', momentText(message.dueAt)],
    ['settled', momentText(message.settledAt)],
    ['key', printable(message.idempotencyKey ?? '')],
  ];
  const lines = [
    paint.bold(message.id),
    ...facts
      .filter(([, text]) => text !== '')
      .map(([name, text]) => `  ${paint.dim(name.padEnd(9))} ${text}`),
    ...recipients.flatMap(({ address, state, outcome, retryAt, bounce }) => [
      `  ${inColourOf(state, state.padEnd(9), paint)} ${printable(address)}${
        retryAt ? paint.dim(`, again ${momentText(retryAt)}`) : ''
      }`,
      ...said(outcome?.reply ? replyText(outcome.reply) : outcome?.message),
      ...said(bounce && `bounced ${momentText(bounce.at)}: ${bounce.diagnostic ?? bounce.reason}`),
    ]),
    ...attempts.flatMap((attempt) => attemptLines(attempt, paint)),
  ];
  return `${lines.join('\n')}\n`;
}

function attemptLines(attempt: OutboxAttempt, paint: Paint): string[] {
  const { at, durationMs, host, port, stage, reply, message, delivered, worker } = attempt;
  const where = host === undefined ? '' : ` ${printable(host)}${port ? `:${port}` : ''}`;
  const double = attempt.isPossibleDuplicate ? paint.yellow(', a possible duplicate') : '';
  const fate = delivered === 'unknown' ? paint.red(', may be delivered') : '';
  return [
    `  ${paint.dim('attempt')}   ${momentText(at)}${where}, ${formatDuration(durationMs)}` +
      `${stage ? `, stage '${stage}'` : ''}${double}${fate}${paint.dim(` by ${printable(worker)}`)}`,
    ...said(reply ? replyText(reply) : message),
  ];
}

const said = (text: string | undefined): string[] =>
  text === undefined ? [] : [`              ${printableLine(text, 500)}`];

/** There is no message with this id. */
function notFound(id: string): OutboxError {
  return new OutboxError(
    'OUTBOX_NOT_FOUND',
    `The outbox has no message ${JSON.stringify(id)}; 'posthorn outbox list' shows those it has`,
  );
}
