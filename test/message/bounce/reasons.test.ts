import { describe, expect, it } from 'vitest';
import type { BounceReason } from '../../../src/message/index.ts';
import { dsn } from './kit.ts';

/** What servers say, in their usual words. */
const replies: readonly (readonly [BounceReason, ...string[]])[] = [
  [
    'unknown-user',
    '550 5.1.1 The account that you tried to reach does not exist',
    '550 5.4.1 Recipient address rejected: Access denied',
    '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup',
    '550 5.1.1 <bob@example.net>: Recipient address rejected: User unknown in virtual mailbox table',
    '550 Requested action not taken: mailbox unavailable',
    "554 delivery error: dd This user doesn't have an example.net account",
    'Sorry, no mailbox here by that name. (#5.1.1)',
    '550 5.1.0 Address rejected bob@example.net',
    '553 5.1.1 unknown or illegal user',
    '550 no such person at this address',
    '550 Invalid recipient <bob@example.net>',
    '550 unrouteable address',
  ],
  [
    'unknown-host',
    'Host or domain name not found. Name service error for name=example.invalid type=MX',
    'unable to look up host mx.example.net: Name or service not known',
    "Sorry, I couldn't find any host named example.invalid. (#5.1.2)",
    'DNS lookup: NXDOMAIN Domain name not found',
    'an MX or SRV record indicated no SMTP service',
    '556 5.1.10 Domain does not accept mail (nullMX)',
  ],
  [
    'mailbox-full',
    '452-4.2.2 The recipient is out of storage space',
    '552 5.2.2 mailbox full',
    '552 user is over quota',
    'Quota exceeded',
    '554 5.2.2 mailbox full; STOREDRV.Deliver: MapiExceptionShutoffQuotaExceeded',
    "452 this user's mailbox exceeds its size",
  ],
  [
    'mailbox-disabled',
    '550 5.2.1 The account that you tried to reach is disabled',
    '550 account inactive',
    '554 The mailbox is temporarily suspended',
    'vdelivermail: account is locked email bounced',
  ],
  ['moved', '551 5.1.6 bob has moved to example.org', '550 no longer works here'],
  [
    'message-too-large',
    '552 5.3.4 Message size exceeds fixed limit',
    '552 message too large',
    '550 5.2.3 exceeded the maximum message size',
  ],
  [
    'blocked',
    '554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using a blocklist',
    '550 5.7.606 Access denied, banned sending IP [192.0.2.7]',
    '550 5.7.25 no reverse DNS for 192.0.2.7',
    '421 4.7.0 Messages from 192.0.2.7 temporarily deferred due to user complaints',
    '554 your server has a poor reputation',
    '571 No PTR record found',
  ],
  [
    'sender-refused',
    '450 4.1.8 <ann@example.com>: Sender address rejected: Domain not found',
    '550 sender verify failed',
    '550 Unroutable sender address',
  ],
  [
    'authentication',
    '550 5.7.26 This mail is blocked because the sender is unauthenticated; use SPF or DKIM',
    '550 5.7.509 Access denied, sending domain example.com does not pass DMARC verification',
  ],
  ['spam', '550 5.7.1 rejected as spam', '554 message looks like unsolicited mail'],
  ['virus', '550 the message contains a virus', '554 5.7.1 infected with Eicar'],
  [
    'rate-limited',
    '451 4.7.1 Greylisted, come back later',
    '421 too many connections',
    '450 4.2.1 The user is receiving mail at a rate that prevents more messages',
    '550 You have reached your daily relay quota',
  ],
  [
    'relaying-denied',
    '554 5.7.1 <bob@example.net>: Relay access denied',
    "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
    '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain',
  ],
  ['loop', '554 5.4.6 Too many hops', 'mail for example.net loops back to myself'],
  [
    'expired',
    'Could not deliver for the last 432000 seconds. Giving up.',
    'retry timeout exceeded',
    "I'm not going to try again; this message has been in the queue too long.",
  ],
  [
    'network',
    'connect to mx.example.net[192.0.2.7]:25: Connection timed out',
    'connect to mx.example.net[192.0.2.7]:25: No route to host',
    'lost connection with mx.example.net while receiving the initial server greeting',
  ],
  ['system', '451 4.3.0 internal system error', 'Command died with status 127', '550 mailer error'],
  [
    'protocol',
    '530 5.7.0 Must issue a STARTTLS command first',
    '503 5.5.1 bad sequence of commands',
  ],
  ['content', '554 5.6.0 invalid header', '550 Missing Message-ID header'],
  ['policy', '554 5.7.1 rejected for policy reasons', '550 closed mailing list'],
];

describe('the reason', () => {
  it.each(replies)('%s is found in what servers say', (reason, ...said) => {
    const found = said.map((text) => {
      const recipient = { 'Final-Recipient': 'rfc822; bob@example.net', Action: 'failed' };
      const { bounce } = dsn([{ ...recipient, 'Diagnostic-Code': `smtp; ${text}` }]);
      return [text, bounce?.recipients[0]?.reason];
    });
    expect(found).toEqual(said.map((text) => [text, reason]));
  });

  it('is found in the status code when nothing is said', () => {
    const reason = (status: string) =>
      dsn([{ 'Final-Recipient': 'rfc822; bob@example.net', Action: 'failed', Status: status }])
        .bounce?.recipients[0]?.reason;
    expect(
      ['5.1.1', '5.1.2', '5.2.2', '5.3.4', '4.4.7', '5.4.6', '5.7.26', '5.7.99'].map(reason),
    ).toEqual([
      ...['unknown-user', 'unknown-host', 'mailbox-full', 'message-too-large', 'expired', 'loop'],
      ...['authentication', 'policy'],
    ]);
    expect(['5.0.0', '5.9.9'].map(reason)).toEqual(['unknown', 'unknown']);
  });
});
