// Where a message carries its calendar.
import { decodeCharset } from '../codec/index.ts';
import type { MailMessage } from '../message/index.ts';
import type { ParsedEntity } from '../mime/index.ts';

/** The calendar of a message, and the method that its content type tells. */
export interface CalendarPart {
  readonly content: string | Uint8Array;
  readonly method: string;
}

/** The calendar that a message carries, the one that is shown rather than one that is only attached. */
export function calendarPart(message: MailMessage): CalendarPart | undefined {
  const view = message.alternateViews.find(({ contentType }) => contentType === 'text/calendar');
  if (view) {
    const charset = view.contentTypeParameters.get('charset');
    return {
      content: decoded(view.content, charset),
      method: view.contentTypeParameters.get('method') ?? '',
    };
  }
  const leaves = [...message.leaves()];
  const leaf =
    leaves.find((part) => part.contentType.value === 'text/calendar') ??
    leaves.find((part) => part.contentType.value === 'application/ics') ??
    leaves.find((part) => part.filename?.toLowerCase().endsWith('.ics'));
  return leaf && fromLeaf(leaf);
}

function fromLeaf(part: ParsedEntity): CalendarPart {
  const { parameters } = part.contentType;
  return {
    content: decoded(part.content(), parameters.get('charset')),
    method: parameters.get('method') ?? '',
  };
}

/** Bytes stay bytes when they are UTF-8 or nobody says what they are: then they are told by looking. */
function decoded(content: string | Uint8Array, charset: string | undefined): string | Uint8Array {
  if (typeof content === 'string' || charset === undefined) return content;
  return /^utf-?8$/i.test(charset) ? content : decodeCharset(content, charset).text;
}
