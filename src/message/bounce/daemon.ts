// Whether a message may be a mail system's, by its header alone: ordinary mail costs no look at its text.
import { MailAddress, type ParsedEntity, readAddressList } from '../../mime/index.ts';
import {
  ANSWERED_SUBJECT,
  BOUNCE_SUBJECT,
  DAEMON_MAILBOX,
  DAEMON_NAME,
} from './bounce-signs.data.ts';

// A field says who sent it at its beginning.
const MAX_FIELD = 500;

/**
 * How much the header looks like a mail system's: `'likely'` by sender or subject; `'possible'` when a postmaster
 * answers, or only the return path is empty, which absence notices have as well; `undefined` not at all.
 */
export function bounceSign({
  headers,
  contentType,
}: ParsedEntity): 'likely' | 'possible' | undefined {
  if (headers.raw('X-Failed-Recipients') !== undefined) return 'likely';
  const subject = headers.get('Subject')?.slice(0, MAX_FIELD).trim() ?? '';
  const isAnswer = ANSWERED_SUBJECT.test(subject);
  // Postmasters are people too.
  if (isDaemon(headers.raw('From')?.slice(0, MAX_FIELD) ?? ''))
    return isAnswer ? 'possible' : 'likely';
  if (isAnswer) return undefined;
  if (contentType.value === 'multipart/report') return 'likely';
  if (isBounceSubject(subject)) return 'likely';
  // RFC 5321 section 4.5.5: reports go out with the null reverse-path.
  const path = headers.raw('Return-Path')?.slice(0, MAX_FIELD) ?? '';
  return /^\s*<(?:MAILER-DAEMON)?>/i.test(path) ? 'possible' : undefined;
}

/** Whether it is a subject that mail systems give their reports. */
export function isBounceSubject(subject: string): boolean {
  return BOUNCE_SUBJECT.some((pattern) => pattern.test(subject.slice(0, MAX_FIELD).trim()));
}

function isDaemon(from: string): boolean {
  if (/^\s*<>/.test(from)) return true;
  const { addresses } = readAddressList(from);
  const [sender] = addresses;
  if (!(sender instanceof MailAddress)) return false;
  const { address, name } = sender;
  const at = address.lastIndexOf('@');
  const mailbox = (at === -1 ? address || name : address.slice(0, at)).replace(/^"|"$/g, '');
  return DAEMON_MAILBOX.test(mailbox) || DAEMON_NAME.test(name);
}
