// The message that a report is about, as it came back.

import { LimitError } from '../../base/index.ts';
import { utf8Bytes } from '../../base/internal.ts';
import { type ParsedEntity, parseEntity } from '../../mime/index.ts';
import type { OriginalMessage } from './report.ts';

const WHOLE = new Set(['message/rfc822', 'message/global']);
const HEADER_ONLY = new Set([
  'text/rfc822-headers',
  'text/rfc822-header',
  'message/rfc822-headers',
  'message/global-headers',
  'message/partial',
]);

/** Whether the part holds a message that came back (RFC 3462, RFC 6533 section 6), or its header. */
export function holdsOriginal({ contentType }: ParsedEntity): boolean {
  return WHOLE.has(contentType.value) || HEADER_ONLY.has(contentType.value);
}

/** The message in such a part; `undefined` when nothing of it can be read. */
export function originalIn(part: ParsedEntity): OriginalMessage | undefined {
  try {
    const entity = part.message() ?? parseEntity(part.content());
    return fromEntity(entity);
  } catch (error) {
    // One that is past a limit of reading is left out; the report itself can be read.
    if (error instanceof LimitError) return undefined;
    throw error;
  }
}

/** The message in the text of a report. */
export function originalInText(text: string): OriginalMessage | undefined {
  try {
    return fromEntity(parseEntity(utf8Bytes(text)));
  } catch (error) {
    if (error instanceof LimitError) return undefined;
    throw error;
  }
}

function fromEntity(entity: ParsedEntity): OriginalMessage | undefined {
  const { headers } = entity;
  if (headers.fields.length === 0) return undefined;
  return { headers, messageId: messageIdIn(headers.get('Message-ID')), entity };
}

/** The first identifier of such a field, without angle brackets (RFC 5322 section 3.6.4). */
export function messageIdIn(field: string | undefined): string | undefined {
  if (field === undefined) return undefined;
  const open = field.indexOf('<');
  const close = field.indexOf('>', open);
  const id =
    open !== -1 && close !== -1
      ? field.slice(open + 1, close)
      : (field.trim().split(/\s/, 1)[0] ?? '');
  return id.trim() || undefined;
}
