// Reports as multipart/report (MS-OXCMAIL section 2.1.3.6, RFC 3464, RFC 8098).
import { utf8Bytes } from '../../base/internal.ts';
import { fileTimeToDate, type MapiMessage, type MapiRecipient, PidTag } from '../../mapi/index.ts';
import { type Entity, formatDate } from '../../mime/index.ts';
import { decapsulate } from './imcea.ts';
import { textEntity, wrapped } from './mime-tree.ts';
import { AUTHOR, oneLine, personAt, RECIPIENT } from './people.ts';

const REPORT = /^REPORT\.(?:.*\.)?(NDR|DR|IPNRN|IPNNRN)$/i;

// MS-OXOMSG section 2.2.2.35, which MS-OXPROPS lists without a place among the others.
const REPORTING_MTA = { id: 0x6820, type: 0x001f } as const;

/** What became of the message, by the end of the report's class. */
const ACTIONS: readonly (readonly [RegExp, string])[] = [
  [/\.NDR$/i, 'failed'],
  [/\.Delayed\.DR$/i, 'delayed'],
  [/\.Relayed\.DR$/i, 'relayed'],
  [/\.Expanded\.DR$/i, 'expanded'],
  [/\.DR$/i, 'delivered'],
];

/** Whether items of a class report on another message. */
export function isReportClass(messageClass: string): boolean {
  return REPORT.test(messageClass);
}

/** The report: its text, what it says to machines, and what it is about. */
export function reportTree(
  item: MapiMessage,
  shown: Entity | undefined,
  attached: readonly Entity[],
): Entity {
  const isReceipt = /\.IPNN?RN$/i.test(item.messageClass);
  const kind = isReceipt ? 'disposition-notification' : 'delivery-status';
  const isStatus = (part: Entity): boolean =>
    [`message/${kind}`, `message/global-${kind}`].includes(typeOf(part));
  const status =
    attached.find(isStatus) ??
    statusPart(`message/${kind}`, isReceipt ? dispositionText(item) : deliveryText(item));
  const words = shown ?? textEntity('text/plain', reportText(item));
  const others = attached.filter((part) => part !== status);
  return wrapped('multipart/report', [words, status, ...others], `report-type=${kind}`);
}

function reportText({ properties, subject }: MapiMessage): string {
  return properties.get(PidTag.ReportText) ?? subject;
}

function typeOf(part: Entity): string {
  const [field] = part.fields({ utf8: false });
  return field?.value.split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function statusPart(type: string, text: string): Entity {
  const fields = [{ name: 'Content-Type', value: type }];
  return { fields: () => fields, body: { kind: 'bytes', bytes: utf8Bytes(text) } };
}

function deliveryText(item: MapiMessage): string {
  const { properties, messageClass } = item;
  const [, action = 'failed'] = ACTIONS.find(([pattern]) => pattern.test(messageClass)) ?? [];
  const mta = oneLine(properties.get(REPORTING_MTA) ?? '') || 'unknown';
  const groups = item.recipients
    .filter(({ kind }) => kind !== 'originator')
    .map((recipient) => recipientText(recipient, action, item));
  return [`Reporting-MTA: dns; ${mta}\r\n`, ...groups].join('\r\n');
}

function recipientText(
  { properties }: MapiRecipient,
  action: string,
  { codePage }: MapiMessage,
): string {
  const person = personAt(properties, RECIPIENT, {
    codePage,
    known: nobody,
    note: () => undefined,
  });
  const address = decapsulate(person?.address ?? '')?.address ?? person?.address ?? '';
  const lines = [
    `Final-Recipient: rfc822; ${address || 'unknown'}`,
    `Action: ${action}`,
    `Status: ${statusOf(properties.get(PidTag.NonDeliveryReportStatusCode), action)}`,
  ];
  const mta = oneLine(properties.get(PidTag.RemoteMessageTransferAgent) ?? '');
  if (mta !== '') lines.push(`Remote-MTA: dns; ${mta}`);
  const more = oneLine(properties.get(PidTag.SupplementaryInfo) ?? '');
  if (more !== '') lines.push(`X-Supplementary-Info: ${more}`);
  if (person && person.name !== '') lines.push(`X-Display-Name: ${person.name}`);
  return `${lines.join('\r\n')}\r\n`;
}

// Three numbers in one: 511 is 5.1.1 (MS-OXCMAIL section 2.1.3.6.1.2).
function statusOf(code: number | undefined, action: string): string {
  const known = code !== undefined && code >= 200 && code < 600 ? code : undefined;
  if (known !== undefined) return [...String(known)].join('.');
  if (action === 'failed') return '5.0.0';
  return action === 'delayed' ? '4.0.0' : '2.0.0';
}

const nobody: ReadonlyMap<string, string> = new Map();

function dispositionText(item: MapiMessage): string {
  const { properties, messageClass, codePage } = item;
  const author = personAt(properties, AUTHOR, { codePage, known: nobody, note: () => undefined });
  const original = oneLine(properties.get(PidTag.OriginalMessageId) ?? '');
  const time = properties.get(PidTag.ReceiptTime);
  const disposition = /\.IPNNRN$/i.test(messageClass) ? 'deleted' : 'displayed';
  const lines = [`Final-Recipient: rfc822; ${author?.address || 'unknown'}`];
  if (original !== '') lines.push(`Original-Message-ID: ${original}`);
  lines.push(`Disposition: manual-action/MDN-sent-manually; ${disposition}`);
  if (time !== undefined) lines.push(`X-Receipt-Time: ${formatDate(fileTimeToDate(time))}`);
  return `${lines.join('\r\n')}\r\n`;
}
