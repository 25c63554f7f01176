// What a message written by a machine says, for people: a bounce as a table of its recipients.
import type {
  BounceRecipient,
  BounceReport,
  FeedbackReport,
  MailReport,
  ReceiptReport,
} from '../../message/index.ts';
import type { Paint } from '../paint.ts';
import { printableLine } from '../text.ts';

// More rows are read by nobody; --json has all.
const MAX_ROWS = 50;

/** The report as lines of text. */
export function reportView(report: MailReport, paint: Paint): string {
  const lines = linesOf(report, paint);
  return lines.join('\n');
}

function linesOf(report: MailReport, paint: Paint): string[] {
  if (report.kind === 'bounce') return bounceLines(report, paint);
  if (report.kind === 'feedback') return feedbackLines(report, paint);
  if (report.kind === 'receipt') return receiptLines(report, paint);
  return [
    paint.yellow('Automatic reply'),
    field('Shown by', report.shownBy, paint),
    ...original(report.originalMessageId, paint),
  ];
}

function bounceLines(bounce: BounceReport, paint: Paint): string[] {
  const { recipients, reportingMta, format, arrivalDate, originalMessageId } = bounce;
  const rows = recipients.slice(0, MAX_ROWS);
  const width = widest(['Recipient', ...rows.map(addressOf)]);
  const by = reportingMta === undefined ? '' : ` by ${printableLine(reportingMta, 200)}`;
  const more = recipients.length - rows.length;
  return [
    `${paint.yellow('Delivery report')}${by} ${paint.dim(`(${format})`)}`,
    paint.dim(`  ${['Recipient'.padEnd(width), 'Action   ', 'Status', 'Reason'].join('  ')}`),
    ...rows.flatMap((row) => recipientLines(row, width, paint)),
    ...(more > 0 ? [paint.dim(`  (… and ${more} more; --json lists all)`)] : []),
    ...(arrivalDate ? [field('Arrived', arrivalDate.toISOString(), paint)] : []),
    ...original(originalMessageId, paint),
  ];
}

function recipientLines(recipient: BounceRecipient, width: number, paint: Paint): string[] {
  const { action, status, reason, diagnostic, remoteMta, willRetryUntil } = recipient;
  const look = action === 'failed' ? paint.red : action === 'delayed' ? paint.yellow : paint.green;
  const row = [
    addressOf(recipient).padEnd(width),
    look(action.padEnd('delivered'.length)),
    status.padEnd('5.1.10'.length),
    reason === 'none' ? '' : reason,
  ];
  const server = remoteMta === undefined ? '' : `${printableLine(remoteMta, 200)}: `;
  const said = diagnostic === undefined ? '' : printableLine(diagnostic, 500);
  const detail = server + said;
  return [
    `  ${row.join('  ')}`.trimEnd(),
    ...(detail === '' ? [] : [`    ${paint.dim(detail)}`]),
    ...(willRetryUntil ? [`    ${paint.dim(`tried until ${willRetryUntil.toISOString()}`)}`] : []),
  ];
}

function addressOf({ address }: BounceRecipient): string {
  return address === '' ? '(no address)' : printableLine(address, 100);
}

function feedbackLines(report: FeedbackReport, paint: Paint): string[] {
  const { feedbackType, userAgent, sourceIp, originalRecipients, originalMessageId } = report;
  const by = userAgent === undefined ? '' : ` by ${printableLine(userAgent, 200)}`;
  return [
    `${paint.yellow('Feedback report')}${by}: ${printableLine(feedbackType, 100)}`,
    ...(sourceIp === undefined ? [] : [field('Source', sourceIp, paint)]),
    ...(originalRecipients.length === 0
      ? []
      : [field('Recipients', originalRecipients.slice(0, MAX_ROWS).join(', '), paint)]),
    ...original(originalMessageId, paint),
  ];
}

function receiptLines(report: ReceiptReport, paint: Paint): string[] {
  const { disposition, finalRecipient, sentBy, originalMessageId } = report;
  const by = finalRecipient === undefined ? '' : ` by ${printableLine(finalRecipient, 200)}`;
  const how = sentBy === undefined ? '' : paint.dim(` (sent by ${sentBy})`);
  return [
    `${paint.yellow('Receipt')}: ${printableLine(disposition, 100)}${by}${how}`,
    ...original(originalMessageId, paint),
  ];
}

function original(messageId: string | undefined, paint: Paint): string[] {
  return messageId === undefined ? [] : [field('Original', `<${messageId}>`, paint)];
}

function field(name: string, value: string, paint: Paint): string {
  return `  ${paint.dim(`${name}:`.padEnd(12))}${printableLine(value, 500)}`;
}

function widest(texts: readonly string[]): number {
  return Math.min(40, Math.max(...texts.map(({ length }) => length)));
}
