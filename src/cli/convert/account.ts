// What `posthorn convert` says of each file and of all.
import { printable } from '../../base/index.ts';
import type { ConvertOutcome, Loss } from '../../convert/index.ts';
import type { Paint } from '../paint.ts';
import { count, formatNumber } from '../text.ts';

/** How many there were. */
export interface ConvertTally {
  converted: number;
  failed: number;
  skipped: number;
  /** Messages in what was converted; an mbox file holds many. */
  messages: number;
  /** Files of which something has no place in the new format. */
  lossy: number;
}

/** The lines for people about one file; `''` when there is nothing to say. */
export function accountOf(outcome: ConvertOutcome, paint: Paint, isVerbose: boolean): string {
  const { source, status, error, losses } = outcome;
  if (status === 'failed') {
    return `${paint.red(printable(source, 300))}: ${printable(error?.message ?? 'failed', 1000)}\n`;
  }
  if (!isVerbose) return '';
  if (status === 'skipped') return `${printable(source, 300)}: ${paint.dim('skipped, no mail')}\n`;
  return `${printable(source, 300)}\n${lossLines(losses, paint)}`;
}

/** What could not be held, a line for each. */
export function lossLines(losses: readonly Loss[], paint: Paint): string {
  return losses
    .map(({ code, message }) => `  ${printable(message, 1000)} ${paint.dim(`(${code})`)}\n`)
    .join('');
}

/** The last line. */
export function summaryOf(tally: ConvertTally, paint: Paint): string {
  const { converted, failed, skipped, messages, lossy } = tally;
  const more = messages === converted ? '' : `, ${count(messages, 'message')}`;
  const parts = [
    `${paint.green('Converted')} ${formatNumber(converted)} of ${count(converted + failed, 'file')}${more}`,
    ...(lossy > 0
      ? [`of ${formatNumber(lossy)} not everything has a place in the new format`]
      : []),
    ...(skipped > 0 ? [`${formatNumber(skipped)} skipped`] : []),
    ...(failed > 0 ? [paint.red(`${formatNumber(failed)} failed`)] : []),
  ];
  return `${parts.join('; ')}\n`;
}

/** One file as a program reads it. */
export function outcomeToJson(outcome: ConvertOutcome): Record<string, unknown> {
  const { source, index, status, from, targets, messages, losses, error } = outcome;
  return {
    index,
    source,
    status,
    ...(from !== undefined && { from }),
    targets,
    messages,
    losses,
    ...(error && { error: error.toJSON() }),
  };
}
