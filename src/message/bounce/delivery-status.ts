// Delivery status notifications (RFC 3464; in their own letters, RFC 6533).
import { limits } from '../../base/index.ts';
import { type ParsedEntity, readDate } from '../../mime/index.ts';
import { statusIn } from './diagnostic.ts';
import {
  addressIn,
  type FieldGroup,
  firstLine,
  readFieldGroups,
  typedValue,
} from './field-groups.ts';
import { readRecipients } from './notice-recipients.ts';
import { noticeText } from './notice-text.ts';
import { messageIdIn, OriginalMessage } from './original-message.ts';
import { textOfParts } from './part-text.ts';
import { makeRecipient } from './recipient.ts';
import type { BounceRecipient, BounceReport, DeliveryAction } from './report.ts';

/** Whether the part is the machine-readable part of such a report. */
export function isDeliveryStatus({ contentType }: ParsedEntity): boolean {
  return (
    contentType.value === 'message/delivery-status' ||
    contentType.value === 'message/global-delivery-status'
  );
}

/** The report of a message that holds a delivery status part; `undefined` when the part names no recipient. */
export function readDeliveryStatus(leaves: readonly ParsedEntity[]): BounceReport | undefined {
  const text = textOfParts(leaves.filter(isDeliveryStatus), limits.reportText);
  return readStatusFields(text, leaves, OriginalMessage.in(leaves));
}

/** The report that these fields make, wherever they stand. */
export function readStatusFields(
  text: string,
  leaves: readonly ParsedEntity[],
  original: OriginalMessage,
): BounceReport | undefined {
  const groups = readFieldGroups(text, 'final-recipient');
  const message: FieldGroup = new Map(
    groups.filter((group) => !isOfRecipient(group)).flatMap((group) => [...group]),
  );
  const recipients = withoutRepeats(groups.filter(namesRecipient));
  if (recipients.length === 0) return undefined;
  const prose = new Prose(leaves);
  const all = new Map([...message, ...(recipients[0] ?? [])]);
  return {
    kind: 'bounce',
    recipients: recipients.map((group) => recipientOf(group, prose)),
    format: 'RFC 3464',
    reportingMta: typedValue(all.get('reporting-mta')),
    arrivalDate: dateIn(all.get('arrival-date')),
    envelopeId: message.get('original-envelope-id'),
    get original() {
      return original.entity;
    },
    get originalHeaders() {
      return original.headers;
    },
    get originalMessageId() {
      // Gmail sends no more of the message than this.
      return original.messageId ?? messageIdIn(all.get('x-original-message-id'));
    },
    fields: message,
  };
}

const OF_RECIPIENT = [
  'final-recipient',
  'original-recipient',
  'action',
  'status',
  'diagnostic-code',
];

function isOfRecipient(group: FieldGroup): boolean {
  return OF_RECIPIENT.some((name) => group.has(name));
}

function namesRecipient(group: FieldGroup): boolean {
  return (
    group.has('final-recipient') ||
    group.has('original-recipient') ||
    (group.has('action') && group.has('status'))
  );
}

/** One group for each recipient and action: sendmail repeats a recipient for every attempt. */
function withoutRepeats(groups: readonly FieldGroup[]): FieldGroup[] {
  const found = new Map<string, FieldGroup>();
  for (const group of groups.slice(0, limits.bounceRecipients)) {
    const address = addressIn(group.get('final-recipient'))?.toLowerCase();
    const key = address === undefined ? `${found.size}` : `${actionOf(group)} ${address}`;
    if (!found.has(key)) found.set(key, group);
  }
  return [...found.values()];
}

function recipientOf(group: FieldGroup, prose: Prose): BounceRecipient {
  const final =
    addressIn(group.get('final-recipient')) ?? addressIn(group.get('x-actual-recipient'));
  const original = addressIn(group.get('original-recipient'));
  const diagnostic = diagnosticIn(group.get('diagnostic-code'));
  return makeRecipient({
    finalRecipient: final,
    originalRecipient: original,
    action: actionOf(group),
    texts: diagnostic === undefined ? prose.saidOf(final ?? original) : [diagnostic],
    fields: group,
    remoteMta: typedValue(group.get('remote-mta')),
    lastAttempt: dateIn(group.get('last-attempt-date')),
    willRetryUntil: dateIn(group.get('will-retry-until')),
  });
}

/** What the prose beside the fields says; read when the fields leave something open. */
class Prose {
  readonly #leaves: readonly ParsedEntity[];
  #texts: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(leaves: readonly ParsedEntity[]) {
    this.#leaves = leaves;
  }

  /** What is said of an address, or of the only one that is named. */
  saidOf(address = ''): readonly string[] {
    this.#texts ??= new Map(
      readRecipients(noticeText(this.#leaves).lines).recipients.map((recipient) => [
        recipient.address.toLowerCase(),
        recipient.texts,
      ]),
    );
    const [only = []] = this.#texts.size === 1 ? this.#texts.values() : [];
    return this.#texts.get(address.toLowerCase()) ?? only;
  }
}

/** The text of a Diagnostic-Code field (RFC 3464 section 2.3.6), without its type. */
function diagnosticIn(field: string | undefined): string | undefined {
  if (field === undefined) return undefined;
  const text = field.replaceAll('\n', ' ');
  const type = /^[\w-]{1,20}\s{0,5};\s*/.exec(text);
  return text.slice(type?.[0].length ?? 0).trim() || undefined;
}

const ACTIONS: ReadonlyMap<string, DeliveryAction> = new Map<string, DeliveryAction>([
  ['failed', 'failed'],
  ['delayed', 'delayed'],
  ['delivered', 'delivered'],
  ['relayed', 'relayed'],
  ['expanded', 'expanded'],
  // Not in RFC 3464, met in real reports.
  ['delay', 'delayed'],
  ['deferred', 'delayed'],
]);

function actionOf(group: FieldGroup): DeliveryAction {
  const word = /^[a-z]+/i.exec(group.get('action') ?? '')?.[0].toLowerCase() ?? '';
  const known = ACTIONS.get(word);
  if (known) return known;
  if (group.has('will-retry-until')) return 'delayed';
  return statusIn(group.get('status'))?.startsWith('2') ? 'delivered' : 'failed';
}

function dateIn(field: string | undefined): Date | undefined {
  return field === undefined ? undefined : readDate(firstLine(field));
}
