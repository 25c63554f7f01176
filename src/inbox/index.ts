/**
 * The development inbox: an SMTP server (RFC 5321) that keeps what it gets, a web page and an HTTP
 * API that show it, and `waitForMail` for tests. Nothing is ever passed on.
 * @module
 */

export type { Inbox } from './inbox.ts';
export { startInbox } from './inbox.ts';
export type {
  InboxAttachment,
  InboxEnvelope,
  InboxMessage,
  InboxProblem,
  InboxSession,
} from './inbox-message.ts';
export type { InboxOptions, InboxTlsOptions } from './options.ts';
export type { MailCriteria, MailFilter, MailSource, WaitOptions } from './wait-for-mail.ts';
export { waitForMail } from './wait-for-mail.ts';
