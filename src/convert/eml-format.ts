// The internet message (RFC 5322): what every other format is turned into, and from.
import { readMessage } from '../message/internal.ts';
import type { FormatDriver } from './format-driver.ts';

/** EML files. */
export const eml: FormatDriver = {
  read: async (source, { reading, open }) =>
    await open(await readMessage(source.bytes ?? source, reading)),
  write: (message) => message.toStream('eml'),
};
