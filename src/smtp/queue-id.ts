// The server's own number for a message, where the final reply holds one. Every server words it differently.
import type { SmtpReply } from '../base/index.ts';

// First match wins; each is anchored enough not to take a word of prose for a number.
const PATTERNS: readonly RegExp[] = [
  // Postfix, Haraka: 'Ok: queued as 4X1Y2Z'
  /\bqueued as ([A-Za-z0-9._-]+)/i,
  // Exim: 'OK id=1rABcd-000abc-01'
  /\bid=([A-Za-z0-9-]+)/,
  // Exchange: '<…> [InternalId=123, Hostname=…] Queued mail for delivery'
  /\[InternalId=(\d+)/,
  // Gmail: 'OK  1700000000 a12-20020…sor.1 - gsmtp'
  /^OK\s+\d+ (\S+) - gsmtp/i,
  // Sendmail, OpenSMTPD: '3ABCdef0 Message accepted for delivery'
  /^(\S+) Message accepted for delivery/i,
  // qmail: 'ok 1700000000 qp 12345'
  /^ok \d+ qp (\d+)/i,
  // Amazon SES, many relays: 'Ok 0100018b…-000000'
  /^Ok:? ([A-Za-z0-9-]{12,})$/i,
];

/** The queue number in the final reply; `undefined` when none is recognised. */
export function queueIdOf({ lines }: SmtpReply): string | undefined {
  const text = lines.join(' ').trim();
  for (const pattern of PATTERNS) {
    const found = pattern.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}
