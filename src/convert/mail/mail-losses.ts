// What a message has that no item of Outlook can hold, told to whoever asks.
import type { AddressList, MailMessage } from '../../message/index.ts';
import { MailGroup, mailboxesOf, type ParsedHeaders } from '../../mime/index.ts';
import type { Note } from '../loss.ts';

/** Tells of signatures over a form that the item does not keep, and of what only a header that arrived can say. */
export function tellMailLosses(
  message: MailMessage,
  headers: ParsedHeaders,
  { draft, note }: { readonly draft: boolean; readonly note: Note },
): void {
  if (headers.raw('DKIM-Signature') !== undefined) {
    note('signature-lost', 'the DKIM signature: it is over the message as it was encoded');
  }
  if (/^\s*multipart\/signed/i.test(headers.raw('Content-Type') ?? '')) {
    note('signature-lost', 'the signature: Outlook knows only those of S/MIME');
  }
  if (!draft) return;
  if (mailboxesOf(message.from).length > 1) {
    note('headers-lost', 'of several authors a draft has the first');
  }
  const groups = [message.to, message.cc, message.bcc, message.replyTo].flatMap(namesOfGroups);
  if (groups.length > 0) note('headers-lost', `the names of groups: ${groups.join(', ')}`);
}

function namesOfGroups(list: AddressList): string[] {
  return list.flatMap((one) => (one instanceof MailGroup ? [one.name] : []));
}
