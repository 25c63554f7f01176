// A header made of the few fields that other formats know.
import { latin1Bytes } from '../base/internal.ts';
import {
  addressField,
  formatDate,
  type HeaderField,
  type MailAddress,
  unstructuredField,
} from '../mime/index.ts';
import { writeHeaderLines } from '../mime/internal.ts';

/** What other formats know of a message; what is left out has no field. */
export interface HeaderParts {
  readonly from?: readonly MailAddress[];
  readonly to?: readonly MailAddress[];
  readonly date?: Date | undefined;
  /** In one line; `''` counts as left out. */
  readonly subject?: string | undefined;
}

const ascii = { utf8: false };

/** The fields as octets, each with its CRLF, without the empty line. */
export function headerLines({ from = [], to = [], date, subject = '' }: HeaderParts): Uint8Array {
  const fields: HeaderField[] = [];
  if (from.length > 0) fields.push(addressField('From', from, ascii));
  if (to.length > 0) fields.push(addressField('To', to, ascii));
  if (date !== undefined) fields.push({ name: 'Date', value: formatDate(date) });
  const line = subject.replaceAll(/[\0-\x1f\x7f\s]+/g, ' ').trim();
  if (line !== '') fields.push(unstructuredField('Subject', line, ascii));
  return latin1Bytes(writeHeaderLines(fields, ascii));
}
