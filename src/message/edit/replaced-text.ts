// The text of a part that was read, replaced: its header stays but for what is no longer true of it.
import type { HeaderField, ParsedEntity } from '../../mime/index.ts';
import { parameterField } from '../../mime/index.ts';
import { encodeBetween } from '../../mime/internal.ts';
import type { NewPiece } from './pieces.ts';

/** The body of a part with a new text, and the fields above it that change, by name in lower case. */
export interface ReplacedText {
  readonly fields: ReadonlyMap<string, HeaderField>;
  readonly body: NewPiece;
}

/** Encodes a text for the place of another; `boundaries` are those around it. */
export function replacedText(
  part: ParsedEntity,
  text: string,
  boundaries: readonly string[],
): ReplacedText {
  const fields = new Map<string, HeaderField>();
  const { value, parameters } = part.contentType;
  const isFlowed = isFlowedText(part);
  if (!canStay(parameters, text)) {
    const kept = [...parameters].filter(([name]) => isFlowed || !FLOWING.has(name));
    const type = new Map([...kept, ['charset', 'utf-8'] as const]);
    fields.set('content-type', parameterField('Content-Type', value, type));
  }
  const body = { kind: 'text', text, flowed: isFlowed } as const;
  const { encoding, content } = encodeBetween(body, [], boundaries);
  if (encoding !== part.encoding) {
    const name = 'Content-Transfer-Encoding';
    fields.set(name.toLowerCase(), { name, value: encoding });
  }
  return { fields, body: { written: content } };
}

const FLOWING: ReadonlySet<string> = new Set(['format', 'delsp']);

// Text that is flowed stays so; with DelSp (RFC 3676 section 4.2) it would need other breaks than ours.
function isFlowedText({ contentType: { value, parameters } }: ParsedEntity): boolean {
  const isFlowed = parameters.get('format')?.toLowerCase() === 'flowed';
  return value === 'text/plain' && isFlowed && parameters.get('delsp')?.toLowerCase() !== 'yes';
}

const LIKE_ASCII = /^(?:us-ascii|iso-8859-\d+|windows-125\d)$/i;
const NOT_ASCII = /[^\0-\x7f]/;

/** Whether the Content-Type is true of the new text as well. */
function canStay(parameters: ReadonlyMap<string, string>, text: string): boolean {
  if (parameters.get('delsp')?.toLowerCase() === 'yes') return false;
  const charset = parameters.get('charset');
  if (charset !== undefined && /^utf-?8$/i.test(charset)) return true;
  return !NOT_ASCII.test(text) && (charset === undefined || LIKE_ASCII.test(charset));
}
