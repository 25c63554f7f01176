// What `posthorn send` prints after a success.
import { printable, type SmtpReply } from '../../base/index.ts';
import type { SendReceipt } from '../../client/index.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Paint } from '../paint.ts';
import { count, formatDuration, formatSize } from '../text.ts';

/** The receipt in prose: each recipient, the server's answer, size and time. */
export function accountOf(receipt: SendReceipt, paint: Paint): string {
  const { accepted, rejected, unsettled, size, durationMs, reply, server, messageId } = receipt;
  const refused = rejected.length > 0 ? `, ${paint.red(`${rejected.length} refused`)}` : '';
  const lines = [
    `${paint.green('Sent')} to ${count(accepted.length, 'recipient')}${refused}: ${formatSize(size)} in ${formatDuration(durationMs)}`,
    ...accepted.map((address) => `  ${paint.green('accepted')}  ${printable(address)}`),
    ...rejected.map(
      ({ address, reply: why }) =>
        `  ${paint.red('refused')}   ${printable(address)}: ${replyText(why)}`,
    ),
    ...unsettled.map(
      ({ address, error }) =>
        `  ${paint.red(error.delivered === 'unknown' ? 'unknown ' : 'not sent')}  ${printable(address)}: ${error.message}`,
    ),
    `  ${paint.dim('server')}    ${printable(server.host)}:${server.port} (${securityOf(server)})`,
    `  ${paint.dim('answer')}    ${replyText(reply)}`,
    // A stored message may have none.
    ...(messageId === '' ? [] : [`  ${paint.dim('message')}   ${printable(messageId)}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** The exit code for what became of the recipients: the worst of it. */
export function exitCodeOf({ rejected, unsettled }: SendReceipt): ExitCode {
  if (unsettled.some(({ error }) => error.delivered === 'unknown')) return exitCodes.ioError;
  return rejected.length + unsettled.length === 0 ? exitCodes.ok : exitCodes.unavailable;
}

/** A reply in one line, safe to print. */
export function replyText({ code, enhanced, lines }: SmtpReply): string {
  return printable([code, enhanced, ...lines].filter((word) => word !== undefined).join(' '));
}

function securityOf({ security, tls }: SendReceipt['server']): string {
  return security === 'none' ? 'not encrypted' : (tls?.protocol ?? 'TLS');
}
