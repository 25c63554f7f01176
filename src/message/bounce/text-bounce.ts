// Reports in prose: what mail systems wrote before RFC 3464 or beside it.
import { limits } from '../../base/index.ts';
import { MailAddress, type ParsedEntity, readAddressList } from '../../mime/index.ts';
import { DELAY_WORDS, FAILURE_WORDS } from './bounce-signs.data.ts';
import { NOTICE_FORMATS } from './formats.data.ts';
import { type NoticeRecipient, readRecipients } from './notice-recipients.ts';
import { type NoticeText, noticeText } from './notice-text.ts';
import { holdsOriginal, originalIn, originalInText } from './original-message.ts';
import { makeRecipient } from './recipient.ts';
import type { BounceRecipient, BounceReport, DeliveryAction, OriginalMessage } from './report.ts';

const NO_FIELDS: ReadonlyMap<string, string> = new Map();

/** The report in the prose of a message that a mail system may have written; `undefined` when it is none. */
export function readTextBounce(
  root: ParsedEntity,
  leaves: readonly ParsedEntity[],
): BounceReport | undefined {
  const notice = noticeText(leaves);
  const subject = root.headers.get('Subject') ?? '';
  const prose = notice.lines.join('\n');
  const named = addressesIn(root, 'X-Failed-Recipients');
  const text = `${subject.slice(0, 500)}\n${prose}`;
  if (named.length === 0 && !FAILURE_WORDS.test(text)) return undefined;
  const original = originalOf(leaves, notice);
  const found = recipientsOf(root, notice, named, original);
  if (found.length === 0) return undefined;
  const action: DeliveryAction = DELAY_WORDS.test(text) ? 'delayed' : 'failed';
  return {
    kind: 'bounce',
    recipients: found.map((recipient) => fromProse(recipient, action)),
    format: NOTICE_FORMATS.find(([, line]) => line.test(prose))?.[0] ?? 'text',
    reportingMta: undefined,
    arrivalDate: undefined,
    envelopeId: undefined,
    originalHeaders: original?.headers,
    originalMessageId: original?.messageId,
    original,
    fields: NO_FIELDS,
  };
}

/** What the prose says of each recipient; those named elsewhere when it names none. */
function recipientsOf(
  root: ParsedEntity,
  { lines }: NoticeText,
  named: readonly string[],
  original: OriginalMessage | undefined,
): NoticeRecipient[] {
  const { recipients, preamble } = readRecipients(lines);
  // A report goes to the sender, whom it may name also.
  const sender = new Set(addressesIn(root, 'To').map((address) => address.toLowerCase()));
  const others = recipients.filter(({ address }) => !sender.has(address.toLowerCase()));
  const found = others.length > 0 ? others : named.length > 0 ? [] : recipients;
  if (found.length > 0) return found.slice(0, limits.bounceRecipients);
  const rest = named.length > 0 ? named : original ? addressesIn(original.entity, 'To') : [];
  return rest
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

function originalOf(
  leaves: readonly ParsedEntity[],
  { rest }: NoticeText,
): OriginalMessage | undefined {
  const part = leaves.find(holdsOriginal);
  if (part) return originalIn(part);
  return rest === undefined || rest.trim() === '' ? undefined : originalInText(rest);
}

/** The addresses of a field; at most as many as a report may have. */
function addressesIn({ headers }: ParsedEntity, name: string): string[] {
  const raw = headers.raw(name)?.slice(0, limits.bounceText);
  if (raw === undefined || !raw.includes('@')) return [];
  return readAddressList(raw).addresses.flatMap((item) =>
    item instanceof MailAddress && item.address.includes('@') ? [item.address] : [],
  );
}
