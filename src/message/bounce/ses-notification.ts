// What Amazon SES tells by Amazon SNS: the report as JSON in the text of a message.

import { limits } from '../../base/index.ts';
import type { ParsedEntity } from '../../mime/index.ts';
import { readDate } from '../../mime/index.ts';
import { makeRecipient } from './recipient.ts';
import type { BounceRecipient, BounceReport, FeedbackReport } from './report.ts';

const NO_FIELDS: ReadonlyMap<string, string> = new Map();
const START = /^\s{0,100}\{"(?:notificationType|eventType)":/;

/** The report in the text; `undefined` when it is none. */
export function readSesNotification(
  leaves: readonly ParsedEntity[],
): BounceReport | FeedbackReport | undefined {
  const [first] = leaves;
  if (first?.contentType.type !== 'text' || first.rawSize > limits.bounceText) return undefined;
  const text = first.text();
  if (!START.test(text)) return undefined;
  const event = parse(text);
  const mail = objectIn(event, 'mail');
  const kind = stringIn(event, 'notificationType') ?? stringIn(event, 'eventType');
  if (kind === 'Bounce') return bounceOf(objectIn(event, 'bounce'), mail);
  if (kind === 'Delivery') return deliveryOf(objectIn(event, 'delivery'), mail);
  return kind === 'Complaint' ? complaintOf(objectIn(event, 'complaint'), mail) : undefined;
}

type Json = Readonly<Record<string, unknown>>;

function parse(text: string): Json {
  // The mail that carries it breaks long lines and puts a footer below.
  const end = text.indexOf('\n--\n');
  try {
    const value: unknown = JSON.parse(
      text.slice(0, end === -1 ? undefined : end).replace(/\n ?/g, ''),
    );
    return asObject(value);
  } catch {
    return {};
  }
}

function bounceOf(bounce: Json, mail: Json): BounceReport | undefined {
  const isPermanent = stringIn(bounce, 'bounceType') !== 'Transient';
  const recipients = arrayIn(bounce, 'bouncedRecipients').map((item) => {
    const status = stringIn(item, 'status') ?? (isPermanent ? '5.0.0' : '4.0.0');
    return makeRecipient({
      finalRecipient: stringIn(item, 'emailAddress'),
      originalRecipient: undefined,
      action: 'failed',
      texts: [(stringIn(item, 'diagnosticCode') ?? '').replace(/^smtp;\s?/i, '')],
      fields: new Map([['status', status]]),
    });
  });
  return reportOf(recipients, bounce, mail);
}

function deliveryOf(delivery: Json, mail: Json): BounceReport | undefined {
  const recipients = stringsIn(delivery, 'recipients').map((address) =>
    makeRecipient({
      finalRecipient: address,
      originalRecipient: undefined,
      action: 'delivered',
      texts: [stringIn(delivery, 'smtpResponse') ?? ''],
      fields: NO_FIELDS,
    }),
  );
  return reportOf(recipients, delivery, mail);
}

function reportOf(
  recipients: readonly BounceRecipient[],
  event: Json,
  mail: Json,
): BounceReport | undefined {
  if (recipients.length === 0) return undefined;
  return {
    kind: 'bounce',
    recipients: recipients.slice(0, limits.bounceRecipients),
    format: 'Amazon SES',
    reportingMta: stringIn(event, 'reportingMTA')?.replace(/^dsn;\s?/i, ''),
    arrivalDate: dateIn(mail, 'timestamp'),
    envelopeId: undefined,
    originalHeaders: undefined,
    originalMessageId: stringIn(objectIn(mail, 'commonHeaders'), 'messageId')?.replace(
      /^<|>$/g,
      '',
    ),
    original: undefined,
    fields: NO_FIELDS,
  };
}

function complaintOf(complaint: Json, mail: Json): FeedbackReport {
  return {
    kind: 'feedback',
    feedbackType: stringIn(complaint, 'complaintFeedbackType') ?? 'abuse',
    originalRecipients: arrayIn(complaint, 'complainedRecipients').flatMap(
      (item) => stringIn(item, 'emailAddress') ?? [],
    ),
    originalMailFrom: stringIn(mail, 'source'),
    arrivalDate: dateIn(complaint, 'arrivalDate') ?? dateIn(mail, 'timestamp'),
    sourceIp: stringIn(mail, 'sourceIp'),
    reportedDomains: [],
    reportedUris: [],
    userAgent: stringIn(complaint, 'userAgent'),
    reportingMta: undefined,
    incidents: 1,
    originalHeaders: undefined,
    originalMessageId: stringIn(objectIn(mail, 'commonHeaders'), 'messageId')?.replace(
      /^<|>$/g,
      '',
    ),
    original: undefined,
    fields: NO_FIELDS,
  };
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function objectIn(json: Json, name: string): Json {
  return asObject(json[name]);
}

function arrayIn(json: Json, name: string): Json[] {
  const value = json[name];
  return Array.isArray(value) ? value.map(asObject) : [];
}

function stringsIn(json: Json, name: string): string[] {
  const value = json[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function stringIn(json: Json, name: string): string | undefined {
  const value = json[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function dateIn(json: Json, name: string): Date | undefined {
  const value = stringIn(json, name);
  return value === undefined ? undefined : readDate(value);
}
