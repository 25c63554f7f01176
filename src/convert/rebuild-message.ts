// A message as other formats give it: a header, texts, parts. It becomes one that was read, so that nothing is added to it.
import { concatBytes } from '../base/internal.ts';
import { MailMessage, type MessageFields } from '../message/index.ts';
import { headerOf, readMessage } from '../message/internal.ts';
import type { ParseOptions } from '../mime/index.ts';
import { divideHeader } from './header-block.ts';

/** What a message holds under its header. */
export type MessageContent = Pick<
  MessageFields,
  'text' | 'html' | 'attachments' | 'linkedResources' | 'alternateViews'
>;

/** The message with that header, as if it had been read. @param header Without the fields of the body; `''` for none. */
export async function rebuildMessage(
  header: Uint8Array,
  content: MessageContent,
  reading: ParseOptions,
): Promise<MailMessage> {
  const written = await new MailMessage(content).toBytes('eml');
  const own = headerOf(written);
  const { body } = divideHeader(own);
  const bytes = concatBytes([header, body, CRLF, written.subarray(own.length)]);
  return await readMessage(bytes, reading);
}

const CRLF = Uint8Array.of(13, 10);
