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

/** Whether the text is worth a look: the sender is a mail system, or nobody, or the subject is of a report. */
export function mayBeBounce({ headers, contentType }: ParsedEntity): boolean {
  if (headers.raw('X-Failed-Recipients') !== undefined) return true;
  const isReport = contentType.value === 'multipart/report';
  const from = headers.raw('From')?.slice(0, MAX_FIELD);
  if (from !== undefined && isDaemon(from)) return true;
  const subject = headers.get('Subject')?.slice(0, MAX_FIELD).trim() ?? '';
  if (ANSWERED_SUBJECT.test(subject)) return false;
  const hasSubject = BOUNCE_SUBJECT.some((pattern) => pattern.test(subject));
  // RFC 5321 section 4.5.5: reports go out with the null reverse-path.
  const hasNoPath = /^\s*<\s*(?:MAILER-DAEMON\S*)?\s*>/i.test(headers.raw('Return-Path') ?? '');
  return hasSubject || isReport || (hasNoPath && from === undefined);
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
