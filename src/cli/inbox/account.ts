// What `posthorn inbox` prints: prose for people, one JSON object a line for programs.
import { printable } from '../../base/index.ts';
import type { Inbox, InboxMessage } from '../../inbox/index.ts';
import type { CliIo } from '../io.ts';
import { type Paint, paintFor } from '../paint.ts';
import { count, formatSize, jsonLine, printableLine } from '../text.ts';
import type { InboxFlags } from './flags.ts';

/** Is told what happens to the inbox, and tells it on. */
export interface InboxAccount {
  listening(inbox: Inbox): void;
  message(mail: InboxMessage): void;
  closed(): void;
}

/** The account that the flags ask for. */
export function accountFor(flags: InboxFlags, io: CliIo): InboxAccount {
  return flags.json ? jsonAccount(io) : proseAccount(flags, io, paintFor(io.stdout, io.env));
}

function proseAccount(flags: InboxFlags, io: CliIo, paint: Paint): InboxAccount {
  let messages = 0;
  let octets = 0;
  const taken = (asked: number, got: number): string =>
    asked === 0 || asked === got ? '' : `  ${paint.yellow(`(port ${asked} was taken)`)}`;
  return {
    listening: ({ smtpPort, httpPort, url }) => {
      const smtp = `smtp://${urlHost(flags.host)}:${smtpPort}`;
      void io.stdout.write(
        `Posthorn inbox\n\n  Send to   ${paint.cyan(smtp)}${taken(flags.smtpPort, smtpPort)}\n` +
          `  Look at   ${paint.cyan(url)}${taken(flags.httpPort, httpPort)}\n\n` +
          'Mail is kept in memory only. Ctrl-C ends.\n\n',
      );
    },
    message: (mail) => {
      messages += 1;
      octets += mail.size;
      void io.stdout.write(`${lineFor(mail, paint)}\n`);
    },
    closed: () => {
      const arrived = messages === 0 ? 'no message' : count(messages, 'message');
      void io.stdout.write(
        `\nClosed: ${arrived} arrived${octets ? `, ${formatSize(octets)}` : ''}.\n`,
      );
    },
  };
}

function lineFor(mail: InboxMessage, paint: Paint): string {
  const { from, to } = mail.envelope;
  const [first = '', ...others] = to;
  const more = others.length > 0 ? ` +${others.length}` : '';
  const way = `${printable(from, 60) || '<>'} → ${printable(first, 60)}${more}`;
  const time = mail.receivedAt.toTimeString().slice(0, 8);
  const subject = printableLine(mail.subject, 100) || paint.dim('(no subject)');
  return `${paint.dim(time)}  ${way}  ${paint.bold(subject)}  ${paint.dim(formatSize(mail.size))}`;
}

function jsonAccount(io: CliIo): InboxAccount {
  let messages = 0;
  const tell = (event: Record<string, unknown>): void => {
    void io.stdout.write(jsonLine(event));
  };
  return {
    listening: ({ smtpPort, httpPort, url }) =>
      tell({ event: 'listening', smtpPort, httpPort, url }),
    message: (mail) => {
      messages += 1;
      const { id, envelope, receivedAt, size, subject, messageId } = mail;
      tell({ event: 'message', id, envelope, receivedAt, size, subject, messageId });
    },
    closed: () => tell({ event: 'closed', messages }),
  };
}

/** An IPv6 address stands in brackets in a URL (RFC 3986 section 3.2.2). */
function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
