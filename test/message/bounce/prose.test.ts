import { describe, expect, it } from 'vitest';
import type { MailMessage } from '../../../src/message/index.ts';
import { message, prose } from './kit.ts';

/** A report of each mail system that has a form of its own, and what is to be read from it. */
const reports: readonly {
  readonly system: string;
  readonly subject: string;
  readonly lines: readonly string[];
  /** Address, status, reason. */
  readonly recipients: readonly (readonly [string, string, string])[];
}[] = [
  {
    system: 'Postfix',
    subject: 'Undelivered Mail Returned to Sender',
    lines: [
      'This is the Postfix program at host mx.example.org.',
      '',
      "I'm sorry to have to inform you that the message returned",
      'below could not be delivered to one or more destinations.',
      '',
      'For further assistance, please contact <postmaster@mx.example.org>',
      '',
      '<bob@example.net>: Name service error for domain example.net: Host not',
      '    found, try again',
    ],
    recipients: [['bob@example.net', '5.1.2', 'unknown-host']],
  },
  {
    system: 'qmail',
    subject: 'failure notice',
    lines: [
      'Hi. This is the qmail-send program at mx.example.org.',
      "I'm afraid I wasn't able to deliver your message to the following addresses.",
      "This is a permanent error; I've given up. Sorry it didn't work out.",
      '',
      '<bob@example.net>:',
      '192.0.2.7 does not like recipient.',
      'Remote host said: 550 5.1.1 no such person',
      'Giving up on 192.0.2.7.',
      '',
      '<cleo@example.net>:',
      "Sorry, I couldn't find any host named example.net. (#5.1.2)",
      '',
      '--- Below this line is a copy of the message.',
      '',
      'Return-Path: <ann@example.com>',
      'Message-ID: <m1@example.com>',
      'To: elsewhere@example.net',
      '',
      'Hello dan@example.net',
    ],
    recipients: [
      ['bob@example.net', '5.1.1', 'unknown-user'],
      ['cleo@example.net', '5.1.2', 'unknown-host'],
    ],
  },
  {
    system: 'Exim',
    subject: 'Mail delivery failed: returning message to sender',
    lines: [
      'This message was created automatically by mail delivery software.',
      '',
      'A message that you sent could not be delivered to one or more of its',
      'recipients. This is a permanent error. The following address(es) failed:',
      '',
      '  bob@example.net',
      '    (ultimately generated from robert@example.net)',
      '    SMTP error from remote mail server after RCPT TO:<bob@example.net>:',
      '    host mx.example.net [192.0.2.7]: 552 mailbox is over quota',
      '',
      '------ This is a copy of the message, including all the headers. ------',
      '',
      'To: bob@example.net',
    ],
    recipients: [['bob@example.net', '5.2.2', 'mailbox-full']],
  },
  {
    system: 'sendmail',
    subject: 'Returned mail: see transcript for details',
    lines: [
      'The original message was received at Mon, 2 Mar 2026 10:00:00 +0100',
      'from localhost [127.0.0.1]',
      '',
      '   ----- The following addresses had permanent fatal errors -----',
      '<bob@example.net>',
      '    (reason: 553 5.3.0 Sorry, we do not relay)',
      '    (expanded from: <team@example.org>)',
      '',
      '   ----- Transcript of session follows -----',
      '... while talking to mx.example.net.:',
      '>>> RCPT To:<bob@example.net>',
      '<<< 553 5.3.0 Sorry, we do not relay',
    ],
    recipients: [['bob@example.net', '5.3.0', 'relaying-denied']],
  },
  {
    system: 'sendmail',
    subject: 'Returned mail: Host unknown',
    lines: [
      '   ----- Transcript of session follows -----',
      'While talking to mx.example.net:',
      '>>> MAIL From:<ann@example.com>',
      '<<< 501 <ann@example.com>... no access, your server is an open relay.',
      '554 <bob@example.net>... Remote protocol error',
      '550 example.invalid (smtp)... 550 Host unknown',
      '554 <cleo@example.invalid>... 550 Host unknown',
      '',
      '   ----- Unsent message follows -----',
      'To: bob@example.net',
    ],
    recipients: [
      ['bob@example.net', '5.7.1', 'blocked'],
      ['cleo@example.invalid', '5.1.2', 'unknown-host'],
    ],
  },
  {
    system: 'Gmail',
    subject: 'Delivery Status Notification (Failure)',
    lines: [
      'Delivery to the following recipient failed permanently:',
      '',
      '     bob@example.net',
      '',
      'Technical details of permanent failure:',
      'Google tried to deliver your message, but it was rejected by the server for the',
      'recipient domain. The error was: 550 5.7.26 message does not pass DMARC',
      '',
      '----- Original message -----',
      '',
      'Subject: Hi',
    ],
    recipients: [['bob@example.net', '5.7.26', 'authentication']],
  },
  {
    system: 'DragonFly Mail Agent',
    subject: 'Mail delivery failed',
    lines: [
      'This is the DragonFly Mail Agent v0.13 at mx.example.org.',
      '',
      'There was an error delivering your mail to <bob@example.net>.',
      '',
      'Could not deliver for the last 432000 seconds. Giving up.',
      '',
      'Message headers follow.',
      '',
      'To: bob@example.net',
    ],
    recipients: [['bob@example.net', '5.4.7', 'expired']],
  },
  {
    system: 'OpenSMTPD',
    subject: 'Delivery status notification: error',
    lines: [
      '    Hi!',
      '',
      '    This is the MAILER-DAEMON, please DO NOT REPLY to this e-mail.',
      '',
      '    An error has occurred while attempting to deliver a message for',
      '    the following list of recipients:',
      '',
      'bob@example.net: 550 5.7.25 no reverse DNS',
      'cleo@example.net: Domain does not exist',
    ],
    recipients: [
      ['bob@example.net', '5.7.25', 'blocked'],
      ['cleo@example.net', '5.1.2', 'unknown-host'],
    ],
  },
  {
    system: 'Exchange',
    subject: 'Undeliverable: Lunch',
    lines: [
      'Your message',
      '',
      '  To:      bob@example.net',
      '  Subject: Lunch',
      '  Sent:    Mon, 2 Mar 2026 10:00:00 +0100',
      '',
      'did not reach the following recipient(s):',
      '',
      'c=US;a= ;p=Firm;o=East;dda:SMTP=bob@example.net; on Mon, 2 Mar 2026 10:00:02',
      '    The recipient name is not recognized',
      'cleo@example.net on Mon, 2 Mar 2026 10:00:02 +0100',
      '    The message is too large for the recipient',
    ],
    recipients: [
      ['bob@example.net', '5.1.1', 'unknown-user'],
      ['cleo@example.net', '5.3.4', 'message-too-large'],
    ],
  },
  {
    system: 'Yahoo',
    subject: 'Failure Notice',
    lines: [
      'Sorry, we were unable to deliver your message to the following address.',
      '',
      '<bob@example.net>:',
      'This account has been disabled or discontinued.',
      '',
      '--- Original message follows.',
      '',
      'Subject: Hi',
    ],
    recipients: [['bob@example.net', '5.2.1', 'mailbox-disabled']],
  },
  {
    system: 'iMail',
    subject: 'Undeliverable Mail',
    lines: [
      'Unknown user: bob@example.net',
      '',
      'Original message follows.',
      '',
      'To: x@example.net',
    ],
    recipients: [['bob@example.net', '5.1.1', 'unknown-user']],
  },
  {
    system: 'Zoho',
    subject: 'Undelivered Mail Returned to Sender',
    lines: [
      'This message could not be delivered to one or more of its recipients.',
      'bob@example.net Invalid Address, ERROR_CODE :550, ERROR_CODE :5.1.1 no such user',
    ],
    recipients: [['bob@example.net', '5.1.1', 'unknown-user']],
  },
  {
    system: 'GMX',
    subject: 'Mail delivery failed: returning message to sender',
    lines: [
      'A message that you sent could not be delivered to one or more of',
      'its recipients. The following address failed:',
      '',
      '<bob@example.net>:',
      'Reason:',
      'delivery retry timeout exceeded',
    ],
    recipients: [['bob@example.net', '5.4.7', 'expired']],
  },
  {
    system: '1&1',
    subject: 'Mail delivery failed: returning message to sender',
    lines: [
      'The following address failed:',
      '',
      'bob@example.net',
      '',
      'For the following reason:',
      'Mail size limit exceeded.',
      '',
      '--- The header of the original message is following. ---',
      'To: bob@example.net',
    ],
    recipients: [['bob@example.net', '5.3.4', 'message-too-large']],
  },
  {
    system: 'Lotus Notes',
    subject: 'Undeliverable message',
    lines: [
      '------- Failure Reasons --------',
      '',
      'User not listed in public Name & Address Book',
      'bob@example.net',
      '',
      '------- Returned Message --------',
      '',
      'To: bob@example.net',
    ],
    recipients: [['bob@example.net', '5.1.1', 'unknown-user']],
  },
  {
    system: 'MailEnable',
    subject: 'Message Delivery Failure',
    lines: [
      'MailEnable: Message could not be delivered to some recipients.',
      'The following recipient(s) could not be reached:',
      '',
      '\tRecipient: [SMTP:bob@example.net]',
      '\tReason: Remote SMTP Server Returned: 550 spam is not wanted here',
    ],
    recipients: [['bob@example.net', '5.7.1', 'spam']],
  },
  {
    system: 'MDaemon',
    subject: 'Permanent Delivery Failure',
    lines: [
      'The attached message had PERMANENT fatal delivery errors!',
      'The following addresses did NOT receive a copy of your message:',
      '',
      '> bob@example.net',
      '',
      '--- Session Transcript ---',
      ' Waiting for socket connection...',
      ' Connection refused',
    ],
    recipients: [['bob@example.net', '5.4.1', 'network']],
  },
  {
    system: 'Mimecast',
    subject: '[Postmaster] Email Delivery Failure',
    lines: [
      'An email that you attempted to send to the following address could not be delivered:',
      '  -- bob@example.net',
      'The problem appears to be :',
      '  -- Recipient email server rejected the message',
      'Additional information follows :',
      '  -- 5.7.1 Message content rejected',
    ],
    recipients: [['bob@example.net', '5.7.1', 'spam']],
  },
  {
    system: 'text',
    subject: 'Delivery failure',
    lines: [
      'Your message has encountered delivery problems to local user bob.',
      '(Originally addressed to bob@example.net)',
      'User not known',
    ],
    recipients: [['bob@example.net', '5.1.1', 'unknown-user']],
  },
  {
    system: 'text',
    subject: 'Returned Mail: User unknown',
    lines: ['The original message was received at noon', 'bob@example.net [User unknown]'],
    recipients: [['bob@example.net', '5.1.1', 'unknown-user']],
  },
];

const said = ({ bounce }: MailMessage) =>
  bounce?.recipients.map(({ address, status, reason }) => [address, status, reason]);

describe('reports in prose', () => {
  it.each(reports.map((one, i) => [`${one.system} (${i})`, one] as const))('%s', (_, one) => {
    const mail = prose(one.subject, ...one.lines);
    expect(said(mail)).toEqual(one.recipients);
    expect(mail.bounce?.format).toBe(one.system);
    expect(mail.isBounce).toBe(true);
  });

  it('keep the alias that led to a recipient', () => {
    const [exim, sendmail] = ['Exim', 'sendmail'].map((name) => {
      const one = reports.find(({ system }) => system === name);
      return prose(one?.subject ?? '', ...(one?.lines ?? [])).bounce?.recipients[0];
    });
    expect(exim?.originalRecipient).toBe('robert@example.net');
    expect(sendmail?.originalRecipient).toBe('team@example.org');
  });

  it('give the original message', () => {
    const qmail = reports.find(({ system }) => system === 'qmail');
    const { bounce } = prose(qmail?.subject ?? '', ...(qmail?.lines ?? []));
    expect(bounce?.originalMessageId).toBe('m1@example.com');
    expect(bounce?.originalHeaders?.get('To')).toBe('elsewhere@example.net');
    expect(bounce?.original?.text()).toBe('Hello dan@example.net');
  });

  it('are read from HTML when there is no plain text', () => {
    const mail = message(
      'From: System Administrator <postmaster@mx.example.org>',
      'Subject: Undeliverable: Lunch',
      'Content-Type: text/html',
      '',
      '<html><head><title>x</title></head><body>Your message<br>did not reach the following',
      'recipient(s):<p>bob@example.net on Mon, 2 Mar 2026<br>&nbsp;&nbsp;Mailbox full &lt;#5.2.2&gt;</body>',
    );
    expect(said(mail)).toEqual([['bob@example.net', '5.2.2', 'mailbox-full']]);
  });

  it('may hold the fields of RFC 3464', () => {
    const mail = prose(
      'Delivery Status Notification (Failure)',
      'An error occurred while trying to deliver the mail to the following recipients:',
      'bob@example.net',
      '',
      'Technical report:',
      '',
      'Reporting-MTA: dns; mx.example.org',
      '',
      'Action: failed',
      'Final-Recipient: rfc822; bob@example.net',
      'Diagnostic-Code: smtp; 550 5.2.1',
      ' Disabled',
      'Status: 5.2.1',
    );
    expect(mail.bounce).toMatchObject({ format: 'RFC 3464', reportingMta: 'mx.example.org' });
    expect(said(mail)).toEqual([['bob@example.net', '5.2.1', 'mailbox-disabled']]);
  });

  it('that only wait are no failures', () => {
    const mail = prose(
      'Delivery Status Notification (Delay)',
      'THIS IS A WARNING MESSAGE ONLY.',
      'YOU DO NOT NEED TO RESEND YOUR MESSAGE.',
      'Delivery to the following recipient has been delayed:',
      '',
      '     bob@example.net',
      '',
      'Message will be retried for 2 more day(s)',
    );
    expect(mail.isBounce).toBe(false);
    expect(mail.bounce?.recipients[0]).toMatchObject({
      action: 'delayed',
      status: '4.4.7',
      permanent: false,
    });
  });

  it('that tell of success are no failures', () => {
    const mail = prose(
      'Successful Mail Delivery Report',
      'This is the mail system at host mx.example.org.',
      '',
      'Your message was successfully delivered to the destination(s) listed below.',
      '',
      '<bob@example.net>: delivery via mx.example.net: 250 2.0.0 Ok',
    );
    expect(mail.isBounce).toBe(false);
    expect(mail.bounce?.recipients[0]).toMatchObject({
      address: 'bob@example.net',
      action: 'delivered',
      status: '2.0.0',
      reason: 'none',
    });
  });

  it('may be in a language that is not known here', () => {
    const mail = prose(
      'Undelivered Mail Returned to Sender',
      'Diese Nachricht wurde nicht zugestellt an:',
      '',
      'bob@example.net',
      '550 5.1.1 gibt es nicht',
    );
    expect(said(mail)).toEqual([['bob@example.net', '5.1.1', 'unknown-user']]);
  });

  it('that name nobody are about those in X-Failed-Recipients, else those of the original', () => {
    const lines = ['Der Empfänger konnte nicht erreicht werden.'];
    const named = message(
      'From: MAILER-DAEMON@mx.example.org',
      'X-Failed-Recipients: bob@example.net, cleo@example.net',
      '',
      ...lines,
    );
    expect(named.bounce?.recipients.map(({ address }) => address)).toEqual([
      'bob@example.net',
      'cleo@example.net',
    ]);
    const returned = prose(
      'Returned mail: Host unknown',
      'This mail could not be delivered: no such host.',
      '',
      '   ----- Unsent message follows -----',
      'To: Bob <bob@example.net>',
    );
    expect(said(returned)).toEqual([['bob@example.net', '5.1.2', 'unknown-host']]);
  });

  it('do not take the sender for a recipient, unless he wrote to himself', () => {
    const lines = (address: string) => [
      'This message was created automatically by mail delivery software.',
      'A message sent by',
      '    <ann@example.com>',
      'could not be delivered to:',
      `  ${address}`,
      '    user unknown',
    ];
    const subject = 'Mail delivery failed';
    expect(said(prose(subject, ...lines('bob@example.net')))?.[0]?.[0]).toBe('bob@example.net');
    const self = prose(subject, ...lines('ann@example.com'));
    expect(said(self)).toEqual([['ann@example.com', '5.1.1', 'unknown-user']]);
  });

  it('that a gateway has wrapped are read inside', () => {
    const mail = message(
      'From: Mail Delivery Subsystem <MAILER-DAEMON@gate.example.org>',
      'Subject: Returned mail: User unknown',
      'Content-Type: multipart/mixed; boundary=o',
      '',
      '--o',
      '',
      '----- The following addresses had permanent delivery errors -----',
      '--o',
      'Content-Type: message/rfc822',
      '',
      'From: MAILER-DAEMON@mx.example.org',
      'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
      '',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example.org',
      '',
      'Final-Recipient: rfc822; bob@example.net',
      'Action: failed',
      'Status: 5.1.1',
      '--b--',
      '--o--',
    );
    expect(said(mail)).toEqual([['bob@example.net', '5.1.1', 'unknown-user']]);
  });
});

describe('mail of people is no report', () => {
  const text = [
    'Hi, I got this from qmail, what shall I do?',
    '',
    '<bob@example.net>:',
    'Remote host said: 550 5.1.1 no such user, could not be delivered',
  ];
  const from = (...header: string[]) => message(...header, '', ...text).report;

  it('whatever it quotes', () => {
    expect(from('From: Ann <ann@example.com>', 'Subject: a bounce')).toBeUndefined();
    expect(from('From: Ann <ann@example.com>', 'Subject: Re: failure notice')).toBeUndefined();
    expect(from('From: Ann <ann@example.com>', 'Subject: Fwd: Undelivered Mail')).toBeUndefined();
    expect(from('From: postmaster@example.com', 'Subject: Re: Undelivered Mail')).toBeUndefined();
    expect(from('From: Postmaster Ann <ann@example.com>', 'Subject: AW: mail')).toBeUndefined();
  });

  it('nor an absence notice with an empty return path', () => {
    const away = message(
      'Return-Path: <>',
      'From: bob@example.net',
      'Subject: I am away',
      '',
      'I can not be reached. For urgent mail write to',
      'cleo@example.net',
    );
    expect(away.bounce).toBeUndefined();
  });

  it('nor a mail system that reports no failure', () => {
    const hello = prose('Welcome', 'Your mailbox is ready:', 'ann@example.com', 'Enjoy it.');
    expect(hello.report).toBeUndefined();
    const full = prose(
      'Housekeeping',
      'Your mailbox is full. For more room write to',
      'help@example.com',
    );
    expect(full.report).toBeUndefined();
  });
});
