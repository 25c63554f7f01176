// From any message to a mail that carries it as TNEF (winmail.dat), for Outlook alone (MS-OXCMAIL section 2.1.3.2.26).
import { InvalidMessageError } from '../../base/index.ts';
import { tnefOutput } from '../../mapi/internal.ts';
import { type MailMessage, textFromHtml } from '../../message/index.ts';
import type { Note } from '../loss.ts';
import { mapiFromMail } from '../mail/mapi-from-mail.ts';
import { forTransport, withoutBody } from './for-transport.ts';
import { CORRELATOR, composedHead, HAS_ATTACH, storedHead } from './mail-head.ts';
import { openTnef } from './open-tnef.ts';
import { numberMeeting } from './owner-appointment-id.ts';

/** How a message is packed. */
export interface PackTnefOptions {
  /** Is told what the TNEF could not hold. Default: nobody. */
  readonly note?: Note | undefined;
}

/** The name every program knows it by. */
const FILE_NAME = 'winmail.dat';
/** Up to this size the TNEF is put together at once; a larger one when it is sent, from where its attachments are. */
const WHOLE_BYTES = 4_194_304;

/**
 * The message as a mail whose attachment winmail.dat (TNEF) holds everything that Outlook shows: formatted text, files,
 * meeting requests. Beside it stand the header and the plain text; other programs show no more than that. Outlook believes
 * the TNEF only while its key is the mail's Message-ID: pack anew when that changes. What is packed already is opened and
 * packed anew.
 *
 * @throws {@link InvalidMessageError} `MESSAGE_PROTECTED`: the message is signed or encrypted, which would not hold inside;
 * `MESSAGE_ATTACHMENT_UNREADABLE`: an attachment can't be read.
 */
export async function packTnef(
  message: MailMessage,
  { note }: PackTnefOptions = {},
): Promise<MailMessage> {
  const isStored = message.state !== 'composed';
  if (isStored && isProtected(message)) throw protectedError();
  const whole = await openTnef(message, { note });
  const head = isStored ? await storedHead(message) : composedHead(message);
  const { messageId } = head;
  const item = await mapiFromMail(whole, { note, draft: false });
  const sent = withoutBody(forTransport(item));
  numberMeeting(sent);
  const output = tnefOutput(sent, {
    correlationKey: messageId,
    recipients: 'inner',
    onProblem: ({ message: text }) => note?.('properties-lost', text),
  });
  const { text, html } = whole;
  head.text = text ?? (html === undefined ? '' : textFromHtml(html));
  head.headers.set(CORRELATOR, messageId);
  if (item.attachments.length > 0) head.headers.set(HAS_ATTACH, 'yes');
  const content = output.size <= WHOLE_BYTES ? output.toBytes() : () => output.stream();
  head.attachments = [
    { filename: FILE_NAME, contentType: 'application/ms-tnef', content, size: output.size },
  ];
  return head;
}

// S/MIME and PGP/MIME (RFC 1847, RFC 8551 section 3.2).
const PROTECTED =
  /^(?:multipart\/(?:signed|encrypted)|application\/(?:x-)?pkcs7-(?:mime|signature))$/;

function isProtected({ root }: MailMessage): boolean {
  return PROTECTED.test(root.contentType.value);
}

function protectedError(): InvalidMessageError {
  return new InvalidMessageError(
    'MESSAGE_PROTECTED',
    "A message that is signed or encrypted can't be sent as TNEF: it would not hold; send it without tnef",
  );
}
