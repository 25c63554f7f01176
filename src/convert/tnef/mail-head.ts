// The header of a mail that carries TNEF: that of the message, with what a mail has to have.
import { concatBytes } from '../../base/internal.ts';
import { MailMessage } from '../../message/index.ts';
import { propertyOfHeader } from '../../message/internal.ts';
import { mailboxesOf } from '../../mime/index.ts';
import { randomToken } from '../../mime/internal.ts';
import { divideHeader, writtenHeader } from '../header-block.ts';

/** The field with the key that the TNEF has too (MS-OXCMAIL section 2.1.3.2.26). */
export const CORRELATOR = 'X-MS-TNEF-Correlator';
/** The field that says whether there are attachments inside. */
export const HAS_ATTACH = 'X-MS-Has-Attach';

const CRLF = Uint8Array.of(13, 10);

/** The header of a message that was read, field for field as it is, as a message of its own. */
export async function storedHead(message: MailMessage): Promise<MailMessage> {
  const { message: fields } = divideHeader(await writtenHeader(message));
  const head = MailMessage.parse(concatBytes([fields, CRLF]));
  head.headers.delete(CORRELATOR);
  head.headers.delete(HAS_ATTACH);
  if (head.messageId === '') {
    const domain = mailboxesOf(head.from)[0]?.domain ?? '';
    head.messageId = `<${randomToken()}@${/^[\w.-]+$/.test(domain) ? domain : 'localhost'}>`;
  }
  head.date ??= new Date();
  return head;
}

/** The header of a message that is composed, as a message of its own. */
export function composedHead(message: MailMessage): MailMessage {
  const { from, sender, replyTo, to, cc, bcc, subject, messageId, date } = message;
  const { inReplyTo, references, priority, sensitivity, readReceiptTo } = message;
  const { deliveryReceipt, unsubscribe, list } = message;
  const headers = [...message.headers].filter(([name]) => isOwn(name));
  return new MailMessage({
    from,
    ...(sender && { sender }),
    replyTo,
    to,
    cc,
    bcc,
    subject,
    messageId,
    date,
    inReplyTo,
    references,
    priority,
    sensitivity,
    readReceiptTo,
    deliveryReceipt,
    ...(unsubscribe && { unsubscribe }),
    ...(list && { list }),
    headers,
  });
}

/** Whether a field is none of a property's, of the body's, or of earlier TNEF. */
function isOwn(name: string): boolean {
  const lower = name.toLowerCase();
  return !(propertyOfHeader.has(lower) || OF_BODY.test(lower));
}

const OF_BODY = /^(?:content-.*|mime-version|resent-bcc|x-ms-tnef-correlator|x-ms-has-attach)$/;
