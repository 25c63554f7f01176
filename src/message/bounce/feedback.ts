// Complaints of mailbox providers: the Abuse Reporting Format (RFC 5965, RFC 6591), and one form before it.
import { type ParsedEntity, readDate } from '../../mime/index.ts';
import { type FieldGroup, firstLine, readFields, typedValue } from './field-groups.ts';
import { holdsOriginal, OriginalMessage } from './original-message.ts';
import type { FeedbackReport } from './report.ts';

/** Whether the part is the machine-readable part of such a report. */
export function isFeedbackReport({ contentType }: ParsedEntity): boolean {
  return contentType.value === 'message/feedback-report';
}

/** The report of a message that holds a feedback report part. */
export function readFeedback(leaves: readonly ParsedEntity[]): FeedbackReport {
  return feedbackOf(readFields(leaves.filter(isFeedbackReport)), leaves);
}

// Outlook.com's Junk Mail Reporting Program: the message alone, and this subject.
const JUNK_MAIL_REPORT = /^\s*complaint about message from [\d.:a-f]+\s*$/i;

/** The report that a provider sends without that part; `undefined` when it is none. */
export function readPlainComplaint(
  root: ParsedEntity,
  leaves: readonly ParsedEntity[],
): FeedbackReport | undefined {
  const subject = root.headers.get('Subject') ?? '';
  if (!JUNK_MAIL_REPORT.test(subject.slice(0, 200)) || !leaves.some(holdsOriginal))
    return undefined;
  const sourceIp = subject.trim().split(' ').at(-1) ?? '';
  return feedbackOf(new Map([['source-ip', sourceIp]]), leaves);
}

function feedbackOf(fields: FieldGroup, leaves: readonly ParsedEntity[]): FeedbackReport {
  const original = OriginalMessage.in(leaves);
  const incidents = Number.parseInt(fields.get('incidents') ?? '1', 10);
  const date = fields.get('arrival-date') ?? fields.get('received-date');
  return {
    kind: 'feedback',
    feedbackType: firstLine(fields.get('feedback-type') ?? 'abuse').toLowerCase(),
    originalRecipients: valuesOf(fields, 'original-rcpt-to').map(bare),
    originalMailFrom: valuesOf(fields, 'original-mail-from').map(bare)[0],
    arrivalDate: date === undefined ? undefined : readDate(firstLine(date)),
    sourceIp: valuesOf(fields, 'source-ip')[0],
    reportedDomains: valuesOf(fields, 'reported-domain'),
    reportedUris: valuesOf(fields, 'reported-uri'),
    userAgent: valuesOf(fields, 'user-agent')[0],
    reportingMta: typedValue(fields.get('reporting-mta')),
    incidents: incidents > 0 ? incidents : 1,
    get original() {
      return original.entity;
    },
    get originalHeaders() {
      return original.headers;
    },
    get originalMessageId() {
      return original.messageId;
    },
    fields,
  };
}

function valuesOf(fields: FieldGroup, name: string): string[] {
  return (fields.get(name) ?? '').split('\n').filter((value) => value !== '');
}

/** An address without the angle brackets of an SMTP command. */
function bare(value: string): string {
  const open = value.indexOf('<');
  const close = value.lastIndexOf('>');
  return open !== -1 && close > open ? value.slice(open + 1, close) : value.trim();
}
