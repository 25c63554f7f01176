// Reports for the tests, written here in the forms that mail systems give them.
import { MailMessage } from '../../../src/message/index.ts';

/** A message of these lines. */
export function message(...lines: readonly string[]): MailMessage {
  return MailMessage.parse(lines.join('\r\n'));
}

/** The fields of one recipient in a delivery status part. */
export type Fields = Readonly<Record<string, string>>;

/** A delivery status notification (RFC 3464) with these recipients. */
export function dsn(recipients: readonly Fields[], original: readonly string[] = []): MailMessage {
  const group = (fields: Fields): string[] => [
    ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`),
    '',
  ];
  return message(
    'Return-Path: <>',
    'From: Mail Delivery System <MAILER-DAEMON@mx.example.org>',
    'To: ann@example.com',
    'Subject: Undelivered Mail Returned to Sender',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'This is the mail system at host mx.example.org.',
    '',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.org',
    'Original-Envelope-Id: env-7',
    'Arrival-Date: Mon, 2 Mar 2026 10:00:00 +0100',
    '',
    ...recipients.flatMap(group),
    ...(original.length === 0 ? [] : ['--b', ...original]),
    '--b--',
    '',
  );
}

/** A report in prose, from a mail system. */
export function prose(subject: string, ...lines: readonly string[]): MailMessage {
  return message(
    'From: MAILER-DAEMON@mx.example.org',
    'To: ann@example.com',
    `Subject: ${subject}`,
    '',
    ...lines,
  );
}
