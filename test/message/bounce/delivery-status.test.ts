import { describe, expect, it } from 'vitest';
import { dsn, message } from './kit.ts';

const original = [
  'Content-Type: message/rfc822',
  '',
  'From: Ann <ann@example.com>',
  'To: bob@example.net',
  'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=',
  'Message-ID: <m1@example.com>',
  '',
  'Hello',
];

describe('a delivery status notification (RFC 3464)', () => {
  const { bounce, isBounce, report } = dsn(
    [
      {
        'Original-Recipient': 'rfc822;bob@example.net',
        'Final-Recipient': 'rfc822; <bob@inner.example.net>',
        Action: 'failed',
        Status: '5.1.1 (bad mailbox)',
        'Remote-MTA': 'dns; mx.example.net',
        'Diagnostic-Code': 'smtp; 550 5.1.1 <bob@inner.example.net>:\r\n    Recipient unknown',
        'Last-Attempt-Date': 'Mon, 2 Mar 2026 11:00:00 +0100',
        'Final-Log-ID': 'q77',
        'X-Queue': 'fast',
      },
      {
        'Final-Recipient': 'rfc822; cleo@example.net',
        Action: 'delayed',
        Status: '4.2.2',
        'Diagnostic-Code': 'smtp; 452 mailbox full',
        'Will-Retry-Until': 'Fri, 6 Mar 2026 11:00:00 +0100',
      },
      { 'Final-Recipient': 'rfc822; dan@example.net', Action: 'relayed', Status: '2.0.0' },
    ],
    original,
  );

  it('gives every recipient with all that is said of it', () => {
    expect(report).toBe(bounce);
    expect(isBounce).toBe(true);
    const [bob, cleo, dan, ...more] = bounce?.recipients ?? [];
    expect(more).toEqual([]);
    expect({ ...bob, fields: bob?.fields.get('x-queue') }).toEqual({
      address: 'bob@inner.example.net',
      originalRecipient: 'bob@example.net',
      finalRecipient: 'bob@inner.example.net',
      action: 'failed',
      status: '5.1.1',
      statusSource: 'diagnostic',
      permanent: true,
      reason: 'unknown-user',
      diagnostic: '550 5.1.1 <bob@inner.example.net>: Recipient unknown',
      replyCode: 550,
      remoteMta: 'mx.example.net',
      lastAttempt: new Date('2026-03-02T10:00:00Z'),
      willRetryUntil: undefined,
      finalLogId: 'q77',
      fields: 'fast',
    });
    expect(cleo).toMatchObject({
      address: 'cleo@example.net',
      originalRecipient: undefined,
      action: 'delayed',
      status: '4.2.2',
      statusSource: 'field',
      permanent: false,
      reason: 'mailbox-full',
      replyCode: 452,
      willRetryUntil: new Date('2026-03-06T10:00:00Z'),
    });
    expect(dan).toMatchObject({ action: 'relayed', status: '2.0.0', reason: 'none' });
  });

  it('gives what is said of all of them, and the message', () => {
    expect(bounce).toMatchObject({
      kind: 'bounce',
      format: 'RFC 3464',
      reportingMta: 'mx.example.org',
      envelopeId: 'env-7',
      arrivalDate: new Date('2026-03-02T09:00:00Z'),
      originalMessageId: 'm1@example.com',
    });
    expect(bounce?.originalHeaders?.get('Subject')).toBe('Grüße');
    expect(bounce?.original?.text()).toBe('Hello\n'.trimEnd());
    expect(bounce?.fields.get('reporting-mta')).toBe('dns; mx.example.org');
  });

  it('reads the header alone when only that came back', () => {
    const { bounce } = dsn(
      [{ 'Final-Recipient': 'rfc822; bob@example.net', Action: 'failed', Status: '5.0.0' }],
      ['Content-Type: text/rfc822-headers', '', 'Subject: Hi', 'Message-ID: <m2@example.com>', ''],
    );
    expect(bounce?.originalHeaders?.get('subject')).toBe('Hi');
    expect(bounce?.originalMessageId).toBe('m2@example.com');
  });

  it('knows the message by its number when nothing else came back', () => {
    const { bounce } = dsn([
      {
        'Final-Recipient': 'rfc822; bob@example.net',
        Action: 'failed',
        Status: '5.0.0',
        'X-Original-Message-ID': '<m3@example.com>',
      },
    ]);
    expect(bounce?.originalMessageId).toBe('m3@example.com');
    expect(bounce?.originalHeaders).toBeUndefined();
  });

  it('has no original when none came back', () => {
    const { bounce } = dsn([
      { 'Final-Recipient': 'rfc822; bob@example.net', Action: 'failed', Status: '5.0.0' },
    ]);
    expect(bounce?.original).toBeUndefined();
    expect(bounce?.originalHeaders).toBeUndefined();
    expect(bounce?.originalMessageId).toBeUndefined();
  });
});

describe('delays and successes', () => {
  const one = (action: string, status: string) =>
    dsn([{ 'Final-Recipient': 'rfc822; bob@example.net', Action: action, Status: status }]);

  it('are reports and no failures', () => {
    for (const action of ['delayed', 'delivered', 'relayed', 'expanded'] as const) {
      const { bounce, isBounce } = one(action, action === 'delayed' ? '4.4.1' : '2.0.0');
      expect({ isBounce, action: bounce?.recipients[0]?.action }).toEqual({
        isBounce: false,
        action,
      });
      expect(bounce?.recipients[0]?.permanent).toBe(false);
    }
  });

  it('are told by the status when the action is missing or another word', () => {
    expect(one('expired', '4.4.7').bounce?.recipients[0]?.action).toBe('failed');
    expect(one('?', '2.1.5').bounce?.recipients[0]?.action).toBe('delivered');
    expect(one('failed (not delivered)', '5.1.1').isBounce).toBe(true);
  });
});

describe('the status', () => {
  const status = (fields: Record<string, string>) => {
    const all = { 'Final-Recipient': 'rfc822; bob@example.net', Action: 'failed', ...fields };
    const [recipient] = dsn([all]).bounce?.recipients ?? [];
    return [recipient?.status, recipient?.statusSource, recipient?.reason];
  };

  it('is the one of the server that refused, when it sent one', () => {
    const blocked = {
      Status: '5.1.1',
      'Diagnostic-Code': 'smtp; 550 5.7.1 IP address blacklisted',
    };
    expect(status(blocked)).toEqual(['5.7.1', 'diagnostic', 'blocked']);
    const vague = {
      Status: '5.0.0 (undefined)',
      'Diagnostic-Code': "smtp; 550-'5.2.2 Over quota'",
    };
    expect(status(vague)).toEqual(['5.2.2', 'diagnostic', 'mailbox-full']);
  });

  it('is that of the last attempt rather than "too old"', () => {
    const late = {
      Status: '4.4.7',
      'Diagnostic-Code': 'smtp; 554 4.4.7 Expired <421 4.4.2 timed out>',
    };
    expect(status(late)[0]).toBe('4.4.2');
  });

  it('is that of the field otherwise, without what is written around it', () => {
    expect(status({ Status: '5.1.2 (unknown host)' })).toEqual(['5.1.2', 'field', 'unknown-host']);
    expect(status({ Status: '5.01.001' })[0]).toBe('5.1.1');
  });

  it('is worked out when there is none', () => {
    expect(status({ 'Diagnostic-Code': 'smtp; 552 message size exceeds fixed maximum' })).toEqual([
      '5.3.4',
      'rules',
      'message-too-large',
    ]);
    expect(status({ 'Diagnostic-Code': 'smtp; 451 greylisted, come back' })).toEqual([
      '4.4.5',
      'rules',
      'rate-limited',
    ]);
    expect(status({ Status: 'none' })).toEqual(['5.0.0', 'rules', 'unknown']);
  });

  it('is not taken from addresses and versions', () => {
    const diagnostic = 'smtp; 550 refused by 5.1.1.2 running 4.92.3, see rfc2.5.1/5.2.2';
    expect(status({ 'Diagnostic-Code': diagnostic })[1]).toBe('rules');
  });
});

describe('reports that are not as they should be', () => {
  it('keep their recipients without empty lines between them', () => {
    const { bounce } = message(
      'From: postmaster@mx.example.org',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: message/delivery-status',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'Reporting-MTA: dns; mx.example.org',
      'Final-Recipient: rfc822; bob@example.net',
      'Action: failed',
      'Status: 5.1.1',
      'Final-Recipient: rfc822; cleo=40example.net',
      'Action: failed',
      'Status: 5.2.2',
      '--b--',
    );
    expect(bounce?.reportingMta).toBe('mx.example.org');
    expect(bounce?.recipients.map(({ address, status }) => [address, status])).toEqual([
      ['bob@example.net', '5.1.1'],
      ['cleo@example.net', '5.2.2'],
    ]);
  });

  it('name a recipient once for each action', () => {
    const attempt = (action: string, status: string) => ({
      'Final-Recipient': 'rfc822; Bob@example.net',
      Action: action,
      Status: status,
    });
    const { bounce } = dsn([
      attempt('failed', '5.1.1'),
      attempt('failed', '5.3.5'),
      attempt('delivered', '2.0.0'),
    ]);
    expect(bounce?.recipients.map(({ status }) => status)).toEqual(['5.1.1', '2.0.0']);
  });

  it('are understood by their prose where their fields are silent', () => {
    const { bounce } = message(
      'From: MAILER-DAEMON@mx.example.org',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      'An error has occurred while attempting to deliver a message for',
      'the following list of recipients:',
      '',
      'bob@example.net: 550 5.1.1 no such user',
      'cleo@example.net: 552 5.2.2 mailbox full',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example.org',
      '',
      'Final-Recipient: rfc822; cleo@example.net',
      'Action: failed',
      'Status: 5.0.0',
      '--b--',
    );
    expect(bounce?.recipients).toHaveLength(1);
    expect(bounce?.recipients[0]).toMatchObject({
      address: 'cleo@example.net',
      status: '5.2.2',
      diagnostic: '552 5.2.2 mailbox full',
    });
  });

  it('are none when they name nobody', () => {
    expect(dsn([]).bounce).toBeUndefined();
  });
});

describe('internationalized reports (RFC 6533)', () => {
  it('give addresses in their own letters, however they are written', () => {
    const { bounce } = message(
      'From: MAILER-DAEMON@mx.example.org',
      'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
      '',
      '--b',
      'Content-Type: message/global-delivery-status',
      'Content-Transfer-Encoding: 8bit',
      '',
      'Reporting-MTA: dns; mx.example.org',
      '',
      'Original-Recipient: utf-8; \\x{6DF}\\x{66}@example.net',
      'Final-Recipient: utf-8; jürgen@exämple.net',
      'Action: failed',
      'Status: 5.6.7',
      '',
      '--b',
      'Content-Type: message/global-headers',
      '',
      'Subject: Grüße',
      '--b--',
    );
    expect(bounce?.recipients[0]).toMatchObject({
      address: 'jürgen@exämple.net',
      originalRecipient: '\u06dff@example.net',
      status: '5.6.7',
    });
    expect(bounce?.originalHeaders?.get('Subject')).toBe('Grüße');
  });
});
