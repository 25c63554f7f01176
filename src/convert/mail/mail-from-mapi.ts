// From an item of Outlook to an internet message (MS-OXCMAIL section 2.1.3).
import type { MapiMessage } from '../../mapi/index.ts';
import type { MailMessage } from '../../message/index.ts';
import { readMessage } from '../../message/internal.ts';
import type { ParseOptions } from '../../mime/index.ts';
import type { Note } from '../loss.ts';
import { composeMail } from './compose-mail.ts';
import { tellItemLosses } from './item-losses.ts';
import { rememberOrigin } from './origin.ts';

/** How an item becomes a message. */
export interface MailFromMapiOptions {
  /** Is told what the message could not hold. Default: nobody. */
  readonly note?: Note | undefined;
  /** How the message that comes of it is read; see {@link ParseOptions}. */
  readonly reading?: ParseOptions | undefined;
  /** Whether the RTF of a body that was written as RTF is attached beside its HTML. Default: `false`. */
  readonly keepRtf?: boolean | undefined;
}

/**
 * The internet message that an item stands for: the header it arrived with or one made from its properties, its texts,
 * its attachments, messages in it to any depth. It is as one that was read from a file: nothing is added on sending.
 * Large attachments stay where they are stored until they are read.
 *
 * @throws {@link LimitError} The item holds more than a message may.
 */
export async function mailFromMapi(
  item: MapiMessage,
  { note = () => undefined, reading, keepRtf = false }: MailFromMapiOptions = {},
): Promise<MailMessage> {
  tellItemLosses(item, note);
  const source = composeMail(item, { note, keepRtf });
  const message = await readMessage(source.bytes ?? source, reading);
  rememberOrigin(message, item);
  return message;
}
