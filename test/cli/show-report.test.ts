import { describe, expect, it } from 'vitest';
import { runCommand } from './fake-io.ts';

const lines = (...all: string[]): string => all.join('\r\n');

const bounce = lines(
  'From: MAILER-DAEMON@mx.example.org',
  'Subject: Undelivered Mail Returned to Sender',
  'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
  '',
  '--b',
  '',
  'It did not work.',
  '--b',
  'Content-Type: message/delivery-status',
  '',
  'Reporting-MTA: dns; mx.example.org',
  'Arrival-Date: Mon, 2 Mar 2026 10:00:00 +0000',
  '',
  'Final-Recipient: rfc822; bob@example.net',
  'Action: failed',
  'Status: 5.1.1',
  'Remote-MTA: dns; mx.example.net',
  'Diagnostic-Code: smtp; 550 5.1.1 no such user \u001b[2J',
  '',
  'Final-Recipient: rfc822; cleopatra@example.net',
  'Action: delayed',
  'Status: 4.2.2',
  'Will-Retry-Until: Fri, 6 Mar 2026 10:00:00 +0000',
  '',
  'Final-Recipient: rfc822; dan@example.net',
  'Action: delivered',
  'Status: 2.0.0',
  '--b',
  'Content-Type: text/rfc822-headers',
  '',
  'Subject: Lunch',
  'Message-ID: <m1@example.com>',
  '--b--',
);

const show = (stdin: string, argv: string[] = []) => runCommand(['show', '-', ...argv], { stdin });

describe('posthorn show of a report', () => {
  it('shows a bounce as a table', async () => {
    const { code, stdout } = await show(bounce);
    expect(code).toBe(0);
    expect(stdout.split('\n\n')[1]?.split('\n')).toEqual([
      'Delivery report by mx.example.org (RFC 3464)',
      '  Recipient              Action     Status  Reason',
      '  bob@example.net        failed     5.1.1   unknown-user',
      '    mx.example.net: 550 5.1.1 no such user \\u{1b}[2J',
      '  cleopatra@example.net  delayed    4.2.2   mailbox-full',
      '    tried until 2026-03-06T10:00:00.000Z',
      '  dan@example.net        delivered  2.0.0',
      '  Arrived:    2026-03-02T10:00:00.000Z',
      '  Original:   <m1@example.com>',
    ]);
  });

  it('gives a bounce as JSON', async () => {
    const { stdout } = await show(bounce, ['--json']);
    const { report } = JSON.parse(stdout);
    expect(report).toMatchObject({
      kind: 'bounce',
      format: 'RFC 3464',
      reportingMta: 'mx.example.org',
      arrivalDate: '2026-03-02T10:00:00.000Z',
      originalMessageId: 'm1@example.com',
      originalHeaders: [{ name: 'Subject', value: 'Lunch' }, { name: 'Message-ID' }],
      fields: [{ name: 'reporting-mta', value: 'dns; mx.example.org' }, {}],
    });
    expect(report).not.toHaveProperty('original');
    expect(report.recipients).toHaveLength(3);
    expect(report.recipients[0]).toMatchObject({
      address: 'bob@example.net',
      action: 'failed',
      status: '5.1.1',
      permanent: true,
      reason: 'unknown-user',
      fields: expect.arrayContaining([{ name: 'status', value: '5.1.1' }]),
    });
  });

  it('shows only the first rows of a long table', async () => {
    const rows = Array.from({ length: 60 }, (_, i) =>
      lines(
        `Final-Recipient: rfc822; user${i}@example.net`,
        'Action: failed',
        'Status: 5.1.1',
        '',
        '',
      ),
    );
    const long = lines(
      'From: MAILER-DAEMON@mx.example.org',
      'Content-Type: message/delivery-status',
      '',
      rows.join(''),
    );
    const { stdout } = await show(long);
    expect(stdout).toContain('  user49@example.net');
    expect(stdout).not.toContain('  user50@example.net');
    expect(stdout).toContain('  (… and 10 more; --json lists all)\n');
  });

  it('shows complaints, receipts and automatic answers', async () => {
    const part = (type: string, ...fields: string[]) =>
      lines('From: a@example.net', `Content-Type: message/${type}`, '', ...fields);
    const complaint = part(
      'feedback-report',
      'Feedback-Type: abuse',
      'User-Agent: Robot/1',
      'Source-IP: 192.0.2.7',
      'Original-Rcpt-To: <bob@example.net>',
    );
    expect((await show(complaint)).stdout).toContain(
      'Feedback report by Robot/1: abuse\n  Source:     192.0.2.7\n  Recipients: bob@example.net\n',
    );
    const receipt = part(
      'disposition-notification',
      'Final-Recipient: rfc822; bob@example.net',
      'Original-Message-ID: <m1@example.com>',
      'Disposition: manual-action/MDN-sent-manually; displayed',
    );
    expect((await show(receipt)).stdout).toContain(
      'Receipt: displayed by bob@example.net (sent by person)\n  Original:   <m1@example.com>\n',
    );
    const answer = lines(
      'Auto-Submitted: auto-replied',
      'In-Reply-To: <m1@example.com>',
      '',
      'Away.',
    );
    expect((await show(answer)).stdout).toContain(
      'Automatic reply\n  Shown by:   Auto-Submitted\n  Original:   <m1@example.com>\n',
    );
    const json = JSON.parse((await show(answer, ['--json'])).stdout);
    expect(json.report).toEqual({
      kind: 'auto-reply',
      shownBy: 'Auto-Submitted',
      originalMessageId: 'm1@example.com',
    });
    const person = JSON.parse((await show('Subject: x\r\n\r\nHi', ['--json'])).stdout);
    expect(person).not.toHaveProperty('report');
  });
});
