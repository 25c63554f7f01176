// A message for the rooms above, from wherever it is stored.
import type { ByteSource } from '../base/internal.ts';
import type { ParseOptions } from '../mime/index.ts';
import { MailMessage } from './mail-message.ts';
import { StoredMail } from './stored-mail.ts';

/** An internet message that is known to be one; of a source that is not in memory, only what is asked for is read. */
export async function readMessage(
  source: Uint8Array | ByteSource,
  options?: ParseOptions,
): Promise<MailMessage> {
  return new MailMessage(
    source instanceof Uint8Array
      ? StoredMail.parse(source, options, 'eml')
      : await StoredMail.read(source, options, 'eml'),
  );
}

/** A message shown in place of the mail in which it was packed: written, it is that mail until it is changed. */
export function openedMessage(carrier: MailMessage, inside: MailMessage): MailMessage {
  return new MailMessage(new StoredMail(inside.root, new StoredMail(carrier.root)));
}
