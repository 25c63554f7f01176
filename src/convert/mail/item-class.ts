// What kind of item a message is: signed and encrypted mail, reports and meetings have classes of their own
// (MS-OXOSMIME section 2.1.3, MS-OXCMAIL sections 2.2.3.3 and 2.2.3.6).
import { concatBytes, latin1Bytes, utf8Bytes } from '../../base/internal.ts';
import {
  dateToFileTime,
  MapiAttachment,
  type MapiMessage,
  MapiRecipient,
  PidTag,
} from '../../mapi/index.ts';
import type { MailMessage } from '../../message/index.ts';
import type { ParsedEntity } from '../../mime/index.ts';
import { applyCalendar } from '../calendar/calendar-item.ts';
import type { Note } from '../loss.ts';
import { writeReceivedField } from './transport-header.ts';

const SIGNATURE = /^application\/(?:x-)?pkcs7-signature$/i;

/**
 * The only attachment of a message that is signed or encrypted (S/MIME): the message as it is, octet for octet;
 * `undefined` for all other messages.
 */
export function securedAttachment(
  item: MapiMessage,
  root: ParsedEntity,
): MapiAttachment | undefined {
  const { value, parameters } = root.contentType;
  if (value === 'multipart/signed' && SIGNATURE.test(parameters.get('protocol') ?? '')) {
    item.messageClass = 'IPM.Note.SMIME.MultipartSigned';
    return namedSmime(signedOctets(root), 'multipart/signed');
  }
  if (value !== 'application/pkcs7-mime' && value !== 'application/x-pkcs7-mime') return undefined;
  item.messageClass = 'IPM.Note.SMIME';
  const kind = parameters.get('smime-type');
  const type = kind === undefined ? value : `${value}; smime-type=${kind}`;
  return namedSmime(root.content(), type, root.filename);
}

/** The Content-Type and the body under it as they came: a signature is over these octets. */
function signedOctets(root: ParsedEntity): Uint8Array {
  const { source, range } = root;
  const [field] = root.headers.all('Content-Type');
  const head = field ? writeReceivedField(field) : latin1Bytes('');
  return concatBytes([head, latin1Bytes('\r\n'), source.read(range.headerEnd, range.end)]);
}

function namedSmime(octets: Uint8Array, type: string, name = 'smime.p7m'): MapiAttachment {
  const attachment = MapiAttachment.file(name, octets);
  attachment.properties
    .set(PidTag.AttachFilename, 'SMIME.P7M')
    .set(PidTag.AttachMimeTag, type)
    .set(PidTag.AttachFlags, 0);
  return attachment;
}

/** Makes the item a report when the message is one; its parts stay attached, so that nothing is lost. */
export function writeReport(item: MapiMessage, message: MailMessage, root: ParsedEntity): void {
  const { report } = message;
  if (root.contentType.value !== 'multipart/report' || !report || !hasStatus(root)) return;
  const { properties } = item;
  if (report.kind === 'receipt') {
    const isRead = report.disposition === 'displayed';
    item.messageClass = isRead ? 'REPORT.IPM.Note.IPNRN' : 'REPORT.IPM.Note.IPNNRN';
  } else if (report.kind === 'bounce') {
    const action = report.recipients[0]?.action ?? 'failed';
    item.messageClass = `REPORT.IPM.Note.${CLASSES[action]}`;
    item.recipients = report.recipients.map(({ address, status, diagnostic, remoteMta }) => {
      const recipient = MapiRecipient.of('to', address);
      const code = Number(/^([245])\.(\d)\.(\d)$/.exec(status)?.slice(1).join('') ?? Number.NaN);
      if (!Number.isNaN(code)) recipient.properties.set(PidTag.NonDeliveryReportStatusCode, code);
      if (diagnostic) recipient.properties.set(PidTag.SupplementaryInfo, diagnostic);
      if (remoteMta) recipient.properties.set(PidTag.RemoteMessageTransferAgent, remoteMta);
      return recipient;
    });
  } else return;
  const id = report.originalMessageId;
  if (id) properties.set(PidTag.OriginalMessageId, `<${id}>`);
  const date = message.date;
  if (date) properties.set(PidTag.ReportTime, dateToFileTime(date));
}

/** Whether the report has the part that machines read; without it, it is only called one. */
function hasStatus(root: ParsedEntity): boolean {
  return root.parts.some(({ contentType }) => STATUS.test(contentType.value));
}

const STATUS = /^message\/(?:global-)?(?:delivery-status|disposition-notification)$/;

const CLASSES = {
  failed: 'NDR',
  delivered: 'DR',
  delayed: 'Delayed.DR',
  relayed: 'Relayed.DR',
  expanded: 'Expanded.DR',
} as const;

/** Makes the item a meeting message when the message carries one (iMIP, RFC 6047). */
export function writeMeeting(item: MapiMessage, message: MailMessage, note: Note): void {
  const view = message.alternateViews.find(
    ({ contentType, contentTypeParameters }) =>
      contentType === 'text/calendar' && contentTypeParameters.has('method'),
  );
  if (!view) return;
  const { content } = view;
  applyCalendar(item, typeof content === 'string' ? utf8Bytes(content) : content, { note });
}
