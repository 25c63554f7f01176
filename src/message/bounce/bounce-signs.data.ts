// What shows, in a message's header alone, that a mail system may have written it. Only then is its text looked at:
// what people write about bounces, and their answers to them, are no bounces.
import { anyOf } from './any-of.ts';

/** The sender's mailbox, without its domain. */
export const DAEMON_MAILBOX: RegExp =
  /^(?:mailer[-_.]?daemon|post_?master|mail[-_.]?(?:daemon|system|delivery|gateway|admin)|mail\.delivery\.(?:sub)?system|mdaemon|mmdf|double-?bounce|microsoftexchange[0-9a-f]{8,}|e\d+_smtp_mail_service|symantec_antivirus[a-z_]*|sysadmin|system administrator|root-daemon)$/i;

/** The sender's name. */
export const DAEMON_NAME: RegExp = anyOf([
  /mail(?:er)?[ -]?(?:delivery|deliver|daemon)/,
  /delivery (?:sub)?system/,
  /postmaster/,
  /mail system/,
  /system administrator/,
  /internet mail/,
  /jetmail/,
  /ndr administrator/,
  /microsoft (?:outlook|exchange)/,
]);

/** The beginning of Subject; behind Re: or Fwd: it is a person's. */
export const BOUNCE_SUBJECT: readonly RegExp[] = [
  /^(?:\[postmaster\] )?(?:your )?(?:e-?mail |message |mail )?(?:delivery )?(?:failure|failed|error|problem|warning|rejected|returned|undeliver\w{1,20}|could not be delivered)\b/i,
  /^(?:un-?deliver(?:able|ed)|non-?deliver(?:y|able|ed)|not delivered|unable to deliver|could not (?:send|deliver))\b/i,
  /^(?:delayed|returned?|rejected|bounced|failed) mail\b/i,
  /^(?:mail )?delivery (?:status )?(?:notification|failure|failed|report|error|problem|warning|delay|has failed)/i,
  /^mail (?:system error|could not be|not delivered|failure)/i,
  /^(?:warning: (?:message|could not|e-?mail)|warning--could not)/i,
  /^(?:failure (?:notice|delivery)|failed mail|there was an error sending|permanent delivery|loop alert|unzustellbar|message (?:status|undeliverable)|メールエラー)/i,
  /\b(?:mail failure|delivery failed|non remis|undeliverable)\b/i,
];

/** Subjects behind which a person stands. */
export const ANSWERED_SUBJECT: RegExp = /^\s*(?:re|fwd?|aw|wg|sv|tr|rv|antw)\s*(?:\[\d+\])?\s*:/i;

/** Words without which a text reports no failure. */
export const FAILURE_WORDS: RegExp = anyOf([
  /(?:not|n't|never|un|cannot|fail\w{0,12}|unable|error\w{0,12}|trouble|problem\w{0,12}|impossible)\b.{0,80}\b(?:deliver\w{0,12}|reach\w{0,12}|sen[dt]|accept\w{0,12}|receiv\w{0,12}|recipient)/,
  /undeliver\w{1,20}/,
  /deliver\w{0,12}.{0,60}(?:not|fail\w{0,12}|problem\w{0,12}|error\w{0,12}|delayed|postponed|impossible|unsuccessful)/,
  /(?:mail|message|address\w{0,12}|recipient\w{0,12}|transmission).{0,80}(?:fail\w{0,12}|reject\w{0,12}|returned|bounced|errors?\b|refused|delayed|not exist|disabled|full|unknown)/,
  /(?:failed|unknown|invalid) (?:address|user|recipient|final)/,
  /user (?:not|unknown)/,
  /mailbox (?:is full|exceeds|full|unavailable|disabled)/,
  /(?:no longer|not) (?:accept|exist|work)/,
  /non-?deliver/,
  /host unknown/,
  /deferred/,
  /no valid recipients/,
  /returned mail/,
  /failed mail/,
  /session follows/,
]);

/** Words of a report that says the message arrived. */
export const SUCCESS_WORDS: RegExp = anyOf([
  /(?<!un|not (?:been )?)successful(?:ly)? (?:delivered|relayed|mail delivery|delivery)/,
  /(?:was|were|has been|have been) successfully delivered/,
]);

/** Words of a report that says the message is still being tried. */
export const DELAY_WORDS: RegExp = anyOf([
  /this is a warning (?:message )?only/,
  /not yet been delivered/,
  /has been (?:delayed|postponed)/,
  /you do not need to resend/,
  /will be retried/,
  /no action is required on your part/,
  /still being retried/,
  /temporarily delayed/,
  /advisory-only/,
  /will continue to (?:try|be made)/,
  /message delayed/,
  /is delayed for more than/,
  /temporary failure report/,
]);
