// Receipts: message disposition notifications (RFC 8098; in their own letters, RFC 6533).
import type { ParsedEntity } from '../../mime/index.ts';
import { addressIn, firstLine, readFields } from './field-groups.ts';
import { messageIdIn, OriginalMessage } from './original-message.ts';
import type { ReceiptReport } from './report.ts';

/** Whether the part is the machine-readable part of such a report. */
export function isReceipt({ contentType }: ParsedEntity): boolean {
  return (
    contentType.value === 'message/disposition-notification' ||
    contentType.value === 'message/global-disposition-notification'
  );
}

/** The report of a message that holds a disposition notification part. */
export function readReceipt(leaves: readonly ParsedEntity[]): ReceiptReport {
  const fields = readFields(leaves.filter(isReceipt));
  const original = OriginalMessage.in(leaves);
  const id = messageIdIn(fields.get('original-message-id'));
  const { disposition, modifiers, sentBy } = readDisposition(
    firstLine(fields.get('disposition') ?? ''),
  );
  return {
    kind: 'receipt',
    disposition,
    modifiers,
    sentBy,
    finalRecipient: addressIn(fields.get('final-recipient')),
    originalRecipient: addressIn(fields.get('original-recipient')),
    reportingUserAgent: fields.get('reporting-ua'),
    get original() {
      return original.entity;
    },
    get originalHeaders() {
      return original.headers;
    },
    get originalMessageId() {
      return id ?? original.messageId;
    },
    fields,
  };
}

// RFC 8098 section 3.2.6: action-mode/sending-mode; type/modifier,modifier
function readDisposition(
  field: string,
): Pick<ReceiptReport, 'disposition' | 'modifiers' | 'sentBy'> {
  const line = field.toLowerCase();
  const semicolon = line.indexOf(';');
  const mode = semicolon === -1 ? '' : line.slice(0, semicolon);
  const [type = '', modifiers = ''] = line.slice(semicolon + 1).split('/', 2);
  return {
    disposition: type.trim() || 'unknown',
    modifiers: modifiers
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
    sentBy: mode.includes('sent-manually')
      ? 'person'
      : mode.includes('sent-automatically')
        ? 'software'
        : undefined,
  };
}
