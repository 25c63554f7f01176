// The Resent-* block of a message that is sent on as it is (RFC 5322 section 3.6.6).
import { OptionError } from '../base/index.ts';
import { utf8Bytes } from '../base/internal.ts';
import {
  type AddressInput,
  addressField,
  formatDate,
  mailboxesOf,
  parseAddressList,
  rawField,
} from '../mime/index.ts';
import { randomToken, writeHeaderLines } from '../mime/internal.ts';
import type { Prefix } from './wire-content.ts';

/** Who sends it on, to whom and when, as the lines to put before the header. */
export function resentBlock(from: AddressInput, to: AddressInput): Prefix {
  const authors = from === '' || from === '<>' ? [] : parseAddressList(from, 'from');
  const [author] = mailboxesOf(authors);
  if (!author) {
    throw new OptionError(
      'from',
      "A message that is resent needs a sender: give an address as 'from'",
    );
  }
  const recipients = parseAddressList(to, 'to');
  // Once for all transactions and connections: it is one resending.
  const domain = author.address.slice(author.address.lastIndexOf('@') + 1);
  const id = `<${randomToken()}@${domain}>`;
  const date = formatDate(new Date());
  return ({ smtputf8: utf8 }) =>
    utf8Bytes(
      writeHeaderLines(
        [
          addressField('Resent-From', authors, { utf8 }),
          addressField('Resent-To', recipients, { utf8 }),
          rawField('Resent-Date', date),
          rawField('Resent-Message-ID', id),
        ],
        { utf8 },
      ),
    );
}
