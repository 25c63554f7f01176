// Answers that no person wrote (RFC 3834): by the fields that software sets, or by their subject.
import type { ParsedEntity } from '../../mime/index.ts';
import { AUTO_REPLY_FIELDS, AUTO_REPLY_SUBJECT } from './auto-reply.data.ts';
import { messageIdIn } from './original-message.ts';
import type { AutoReply } from './report.ts';

/** What shows that the message is an automatic answer; `undefined` when nothing does. */
export function readAutoReply({ headers }: ParsedEntity): AutoReply | undefined {
  const field = AUTO_REPLY_FIELDS.find(([name, value]) => {
    const written = headers.get(name);
    return written !== undefined && value.test(written.slice(0, 200));
  });
  const subject = headers.get('Subject')?.slice(0, 200) ?? '';
  const shownBy = field?.[0] ?? (AUTO_REPLY_SUBJECT.test(subject) ? 'Subject' : undefined);
  if (shownBy === undefined) return undefined;
  const answered = headers.get('In-Reply-To') ?? headers.get('References');
  return { kind: 'auto-reply', shownBy, originalMessageId: messageIdIn(answered) };
}
