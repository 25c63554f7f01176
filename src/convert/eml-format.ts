// The internet message (RFC 5322): what every other format is turned into, and from.
import { MailMessage } from '../message/index.ts';
import type { FormatDriver } from './format-driver.ts';

/** EML files. */
export const eml: FormatDriver = {
  read: (source, { reading }) => MailMessage.read(source.bytes ?? source, reading, 'eml'),
  write: (message) => message.toStream('eml'),
};
