// What the second and third figure of a status code mean: RFC 3463 section 3, RFC 7372, RFC 7505, and the
// registry "SMTP Enhanced Status Codes".
import type { BounceReason } from './bounce-reason.ts';

/** `subject.detail` of a status code to its reason. */
export const REASON_OF_STATUS: ReadonlyMap<string, BounceReason> = new Map<string, BounceReason>([
  ['1.1', 'unknown-user'],
  ['1.2', 'unknown-host'],
  ['1.3', 'unknown-user'],
  ['1.4', 'unknown-user'],
  ['1.5', 'none'],
  ['1.6', 'moved'],
  ['1.7', 'sender-refused'],
  ['1.8', 'sender-refused'],
  ['1.10', 'unknown-host'],
  ['2.1', 'mailbox-disabled'],
  ['2.2', 'mailbox-full'],
  ['2.3', 'message-too-large'],
  ['3.4', 'message-too-large'],
  ['4.1', 'network'],
  ['4.2', 'network'],
  ['4.3', 'system'],
  ['4.4', 'unknown-host'],
  ['4.5', 'rate-limited'],
  ['4.6', 'loop'],
  ['4.7', 'expired'],
  ['5.3', 'rate-limited'],
  ['7.8', 'protocol'],
  ['7.13', 'mailbox-disabled'],
  ['7.20', 'authentication'],
  ['7.21', 'authentication'],
  ['7.22', 'authentication'],
  ['7.23', 'authentication'],
  ['7.24', 'authentication'],
  ['7.25', 'blocked'],
  ['7.26', 'authentication'],
  ['7.27', 'sender-refused'],
  ['7.28', 'rate-limited'],
]);

/** The second figure of a status code to a reason, when the third says no more. */
export const REASON_OF_SUBJECT: ReadonlyMap<string, BounceReason> = new Map<string, BounceReason>([
  ['1', 'unknown-user'],
  ['2', 'mailbox-disabled'],
  ['3', 'system'],
  ['4', 'network'],
  ['5', 'protocol'],
  ['6', 'content'],
  ['7', 'policy'],
]);
