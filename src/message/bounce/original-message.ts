// The message that a report is about, as it came back.

import { LimitError } from '../../base/index.ts';
import { utf8Bytes } from '../../base/internal.ts';
import { type ParsedEntity, type ParsedHeaders, parseEntity } from '../../mime/index.ts';

const WHOLE = new Set(['message/rfc822', 'message/global']);
const HEADER_ONLY = new Set([
  'text/rfc822-headers',
  'text/rfc822-header',
  'message/rfc822-headers',
  'message/global-headers',
]);

/** Whether the part holds a message that came back (RFC 3462, RFC 6533 section 6), or its header. */
export function holdsOriginal({ contentType }: ParsedEntity): boolean {
  return WHOLE.has(contentType.value) || HEADER_ONLY.has(contentType.value);
}

/** The message that a report is about, read when it is asked for: it may be large. */
export class OriginalMessage {
  readonly #read: () => ParsedEntity | undefined;
  #found: { readonly entity: ParsedEntity | undefined } | undefined;

  constructor(read: () => ParsedEntity | undefined) {
    this.#read = read;
  }

  /** The message in the first part that holds one. */
  static in(leaves: readonly ParsedEntity[]): OriginalMessage {
    return new OriginalMessage(() => {
      const part = leaves.find(holdsOriginal);
      return part && (part.message() ?? parseEntity(part.content()));
    });
  }

  /** The message in the text of a report. */
  static inText(text: string): OriginalMessage {
    return new OriginalMessage(() =>
      text.trim() === '' ? undefined : parseEntity(utf8Bytes(text)),
    );
  }

  /** What came back of it; `undefined` when that is nothing. */
  get entity(): ParsedEntity | undefined {
    this.#found ??= { entity: this.#readWithin() };
    return this.#found.entity;
  }

  /** Its header. */
  get headers(): ParsedHeaders | undefined {
    return this.entity?.headers;
  }

  /** Its Message-ID without angle brackets. */
  get messageId(): string | undefined {
    return messageIdIn(this.headers?.get('Message-ID'));
  }

  #readWithin(): ParsedEntity | undefined {
    try {
      const entity = this.#read();
      return entity && entity.headers.fields.length > 0 ? entity : undefined;
    } catch (error) {
      // One that is past a limit of reading is left out; the report itself can be read.
      if (error instanceof LimitError) return undefined;
      throw error;
    }
  }
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
