// The table above a page that says who wrote it, to whom, when and about what, as Outlook prints it.
import type { Attachment, MailMessage } from '../../message/index.ts';
import { encodeHtmlText } from './attribute-text.ts';

const FIELDS = ['From', 'Reply-To', 'To', 'Cc', 'Date', 'Subject'] as const;

/** The table as HTML; a row for each field that the message has, and one for its attachments. */
export function headerTable(
  message: MailMessage,
  attachments: readonly Attachment[],
  addressOf: (attachment: Attachment) => string | undefined,
): string {
  const rows = FIELDS.flatMap((name) => {
    const value = message.headers.get(name);
    return value === undefined ? [] : [row(name, encodeHtmlText(value))];
  });
  if (attachments.length > 0) {
    const names = attachments.map((attachment) => {
      const name = encodeHtmlText(attachment.filename ?? attachment.contentType);
      const address = addressOf(attachment);
      return address === undefined ? name : `<a href="${encodeHtmlText(address)}">${name}</a>`;
    });
    rows.push(row('Attachments', names.join(', ')));
  }
  return `<table style="font:14px sans-serif;border-bottom:1px solid #999;margin-bottom:1em">${rows.join('')}</table>`;
}

const row = (name: string, value: string): string =>
  `<tr><th style="text-align:left;vertical-align:top;padding-right:1em">${name}:</th><td>${value}</td></tr>`;
