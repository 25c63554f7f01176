// Contacts (vCard, RFC 2426 and 6350) as messages, and the contacts of a message as a file.
import { decodeCharset } from '../../codec/index.ts';
import { mapiFromVcards } from '../contact/contact-item.ts';
import type { FormatDriver } from '../format-driver.ts';
import { rememberOrigin } from '../mail/origin.ts';
import { rebuildMessage } from '../rebuild-message.ts';
import { wholeFile } from '../whole-file.ts';
import { headerLines } from '../written-header.ts';
import { type DataKind, dataOf } from './data-part.ts';

const kind: DataKind = {
  name: 'a contact',
  types: ['text/vcard', 'text/x-vcard', 'text/directory'],
  extension: '.vcf',
};

/** VCF files: a message has them attached; of a single one, Outlook's formats make a contact. */
export const vcf: FormatDriver = {
  async read(source, { reading, note }) {
    const bytes = wholeFile(source);
    const { text } = decodeCharset(bytes, undefined, { fallbackCharset: 'windows-1252' });
    const name = /^(?:[\w-]{1,60}\.)?FN(?:;[^:\r\n]{0,200})?:([^\r\n]{0,500})/im.exec(text)?.[1];
    const subject = name?.replaceAll(/\\([,;\\])/g, '$1').trim();
    const message = await rebuildMessage(
      headerLines({ subject }),
      {
        text: '',
        attachments: [{ filename: 'contact.vcf', content: text, contentType: 'text/vcard' }],
      },
      reading,
    );
    const items = mapiFromVcards(bytes, { note });
    if (items.length === 1 && items[0]) rememberOrigin(message, items[0]);
    return message;
  },
  async *write(message, { note }) {
    yield await dataOf(message, kind, note);
  },
};
