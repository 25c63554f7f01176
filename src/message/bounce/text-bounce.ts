// Reports in prose: what mail systems wrote before RFC 3464 or beside it.
import { limits } from '../../base/index.ts';
import { MailAddress, type ParsedEntity, readAddressList } from '../../mime/index.ts';
import { DELAY_WORDS, FAILURE_WORDS, SUCCESS_WORDS } from './bounce-signs.data.ts';
import { bounceSign, isBounceSubject } from './daemon.ts';
import { readStatusFields } from './delivery-status.ts';
import { NOTICE_FORMATS } from './formats.data.ts';
import { type NoticeRecipient, readRecipients } from './notice-recipients.ts';
import { type NoticeText, noticeText } from './notice-text.ts';
import { holdsOriginal, OriginalMessage } from './original-message.ts';
import { makeRecipient } from './recipient.ts';
import type { BounceRecipient, BounceReport, DeliveryAction } from './report.ts';

const NO_FIELDS: ReadonlyMap<string, string> = new Map();

/**
 * The report in the prose of a message that a mail system may have written; `undefined` when it is none.
 * @param readNested Reads the report in the message that came back: a gateway may have wrapped it.
 */
export function readTextBounce(
  root: ParsedEntity,
  leaves: readonly ParsedEntity[],
  readNested: (inner: ParsedEntity) => BounceReport | undefined,
): BounceReport | undefined {
  const sign = bounceSign(root);
  if (sign === undefined) return undefined;
  const notice = noticeText(leaves);
  const prose = notice.lines.join('\n');
  const original = originalOf(leaves, notice);
  const fields = STATUS_FIELDS.exec(prose);
  const report = fields && readStatusFields(prose.slice(fields.index), leaves, original);
  if (report) return report;
  const format = NOTICE_FORMATS.find(([, line]) => line.test(prose))?.[0];
  if (sign === 'possible' && format === undefined) return undefined;
  const subject = root.headers.get('Subject')?.slice(0, MAX_SUBJECT) ?? '';
  const failed = addressesIn(root, 'X-Failed-Recipients');
  const hasSubject = isBounceSubject(subject);
  const action = actionIn(`${subject}\n${prose}`, hasSubject || failed.length > 0);
  if (action === undefined) return undefined;
  // A sender called postmaster and words like "mailbox full" are not enough.
  const isReport = failed.length > 0 || root.contentType.value === 'multipart/report';
  if (!(isReport || hasSubject || format !== undefined)) return undefined;
  const { recipients, preamble } = readRecipients(notice.lines);
  const named = notOfSender(recipients, root, failed);
  const nested = named.length === 0 && original.entity ? readNested(original.entity) : undefined;
  if (nested) return nested;
  const found = named.length > 0 ? named : fromElsewhere(failed, original, preamble);
  if (found.length === 0) return undefined;
  const told = found.map((recipient) => fromProse(recipient, action));
  return textReport(told, format ?? 'text', original);
}

const MAX_SUBJECT = 500;

/** What the words say became of the message; `undefined` when they report nothing. */
function actionIn(text: string, isReport: boolean): DeliveryAction | undefined {
  if (SUCCESS_WORDS.test(text)) return 'delivered';
  if (DELAY_WORDS.test(text)) return 'delayed';
  return isReport || FAILURE_WORDS.test(text) ? 'failed' : undefined;
}

function textReport(
  recipients: readonly BounceRecipient[],
  format: string,
  original: OriginalMessage,
): BounceReport {
  return {
    kind: 'bounce',
    recipients,
    format,
    reportingMta: undefined,
    arrivalDate: undefined,
    envelopeId: undefined,
    get original() {
      return original.entity;
    },
    get originalHeaders() {
      return original.headers;
    },
    get originalMessageId() {
      return original.messageId;
    },
    fields: NO_FIELDS,
  };
}

// The fields of RFC 3464 in a text.
const STATUS_FIELDS = /^(?:reporting-mta|final-recipient) ?:/im;

/** A report goes to the sender, whom it may name also. One who wrote to himself is both. */
function notOfSender(
  recipients: readonly NoticeRecipient[],
  root: ParsedEntity,
  failed: readonly string[],
): readonly NoticeRecipient[] {
  const wanted = new Set(failed.map((address) => address.toLowerCase()));
  const sender = new Set(addressesIn(root, 'To').map((address) => address.toLowerCase()));
  const others = recipients.filter(({ address }) => {
    const key = address.toLowerCase();
    return wanted.has(key) || !sender.has(key);
  });
  return others.length > 0 || wanted.size > 0 ? others : recipients;
}

/** The recipients that a field of the report or the original message names, when the prose names none. */
function fromElsewhere(
  failed: readonly string[],
  original: OriginalMessage,
  preamble: string,
): NoticeRecipient[] {
  const { entity } = original;
  const addresses = failed.length > 0 || !entity ? failed : addressesIn(entity, 'To');
  return addresses
    .slice(0, limits.bounceRecipients)
    .map((address) => ({ address, alias: undefined, texts: [preamble] }));
}

function fromProse(
  { address, alias, texts }: NoticeRecipient,
  action: DeliveryAction,
): BounceRecipient {
  return makeRecipient({
    finalRecipient: address,
    originalRecipient: alias,
    action,
    texts,
    fields: NO_FIELDS,
  });
}

function originalOf(leaves: readonly ParsedEntity[], { rest = '' }: NoticeText): OriginalMessage {
  return leaves.some(holdsOriginal) ? OriginalMessage.in(leaves) : OriginalMessage.inText(rest);
}

/** The addresses of a field; at most as many as a report may have. */
function addressesIn({ headers }: ParsedEntity, name: string): string[] {
  const raw = headers.raw(name)?.slice(0, limits.bounceText);
  if (raw === undefined || !raw.includes('@')) return [];
  return readAddressList(raw).addresses.flatMap((item) =>
    item instanceof MailAddress && item.address.includes('@') ? [item.address] : [],
  );
}
