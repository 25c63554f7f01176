// What `posthorn send` prints when many messages have been sent.
import { type PosthornError, printable, RecipientsError } from '../../../base/index.ts';
import type { BulkReport } from '../../../client/index.ts';
import type { Paint } from '../../paint.ts';
import { formatNumber, formatTimeLeft } from '../../text.ts';
import { replyText } from '../account.ts';

/** A message that did not get to everybody. */
export interface Trouble {
  readonly file: string;
  /** Who did not get it, where that is known. */
  readonly to: readonly string[];
  readonly reason: string;
}

/** The trouble that an error stands for. */
export function troubleOf(file: string, error: PosthornError): Trouble {
  const { reply, message, delivered } = error;
  const to = error instanceof RecipientsError ? error.rejected.map(({ address }) => address) : [];
  const fate =
    delivered === 'unknown' ? ' (the server may have it: look before you send it again)' : '';
  return { file, to, reason: `${reply ? replyText(reply) : message}${fate}` };
}

/** The report in prose: how many, how long, a table of what failed. */
export function manyAccountOf(
  report: BulkReport,
  total: number,
  troubles: readonly Trouble[],
  paint: Paint,
): string {
  const { sent, failed, notAttempted, durationMs } = report;
  const perSecond = sent / (durationMs / 1000);
  const parts = [
    `${paint.green('Sent')} ${formatNumber(sent)} of ${formatNumber(total)} messages in ${formatTimeLeft(durationMs)}` +
      ` (${formatNumber(perSecond, perSecond < 10 ? 1 : 0)}/s)`,
    ...(failed > 0 ? [paint.red(`${formatNumber(failed)} failed`)] : []),
    ...(notAttempted > 0 ? [paint.yellow(`${formatNumber(notAttempted)} not attempted`)] : []),
  ];
  return `${[parts.join(', '), ...tableOf(troubles, failed, paint)].join('\n')}\n`;
}

function tableOf(troubles: readonly Trouble[], failed: number, paint: Paint): string[] {
  const rows = troubles.map(({ file, to, reason }) => [
    printable(file),
    printable(to.join(', ')),
    printable(reason, 500),
  ]);
  const widths = [0, 1].map((at) => Math.max(0, ...rows.map((row) => row[at]?.length ?? 0)));
  const lines = rows.map(([file = '', to = '', reason = '']) => {
    const who = widths[1] ? `  ${to.padEnd(widths[1])}` : '';
    return `  ${paint.red(file.padEnd(widths[0] ?? 0))}${who}  ${reason}`;
  });
  const more = failed - troubles.length;
  return more > 0 ? [...lines, `  and ${formatNumber(more)} more; --json tells each`] : lines;
}
