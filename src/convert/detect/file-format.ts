// The formats that files are told apart by, and what they are called.
import type { MessageFormat } from '../../message/index.ts';

/**
 * What a file can be: a message in one of the formats that are read (all but plain text, which looks like nothing), or an
 * archive of many: mbox, Outlook's PST and OST, Outlook for Mac's OLM, a tar file in gzip, ZIP.
 */
export type FileFormat =
  | Exclude<MessageFormat, 'text'>
  | 'mbox'
  | 'pst'
  | 'ost'
  | 'olm'
  | 'tgz'
  | 'zip';

const names: Readonly<Record<FileFormat, string>> = {
  eml: 'an internet message (EML)',
  emlx: 'a message of Apple Mail (EMLX)',
  msg: 'an Outlook item (MSG)',
  oft: 'an Outlook template (OFT)',
  tnef: 'TNEF (winmail.dat)',
  mht: 'a web archive (MHT)',
  html: 'a web page (HTML)',
  ics: 'a calendar (iCalendar)',
  vcf: 'contacts (vCard)',
  json: 'a message in JSON',
  mbox: 'an mbox file of many',
  pst: 'an Outlook data file (PST)',
  ost: 'an Outlook data file (OST)',
  olm: 'an archive of Outlook for Mac (OLM)',
  tgz: 'a tar archive in gzip (TGZ)',
  zip: 'a ZIP archive',
};

/** The format in words. */
export const nameOf = (format: FileFormat): string => names[format];

const archives: ReadonlySet<FileFormat> = new Set(['mbox', 'pst', 'ost', 'olm', 'tgz', 'zip']);

/** Whether a file of that format is one message. */
export function isMessageFormat(format: FileFormat): format is Exclude<MessageFormat, 'text'> {
  return !archives.has(format);
}
