// What `--part` takes: the part specifiers of IMAP (RFC 3501 section 6.4.5, RFC 9051 section 6.4.5).
import { OptionError } from '../../base/index.ts';
import type { ParsedEntity } from '../../mime/index.ts';
import { findPart, type Part, walk } from './parts.ts';

/** The octets that a specifier names, and the part they belong to. */
export interface Selection {
  readonly entity: ParsedEntity;
  /** The content decoded, the part's header, or a message's header or body as transmitted. */
  readonly section: 'content' | 'mime' | 'header' | 'text';
}

const SPECIFIER = /^(?:([1-9]\d*(?:\.[1-9]\d*)*)(?:\.(mime|header|text))?|(header|text))$/i;

/** The part and section that a specifier such as `1.2`, `1.2.MIME`, `2.HEADER` or `TEXT` names. */
export function select(root: Part, specifier: string): Selection {
  const [, number, ofPart, ofMessage] = SPECIFIER.exec(specifier) ?? [];
  if (ofMessage !== undefined) return { entity: root.entity, section: sectionOf(ofMessage) };
  const part = number === undefined ? undefined : findPart(root, number);
  if (!part) throw new OptionError('part', noSuchPart(root, specifier));
  if (ofPart === undefined) return { entity: part.entity, section: 'content' };
  const section = sectionOf(ofPart);
  if (section === 'mime') return { entity: part.entity, section };
  // RFC 3501 section 6.4.5: HEADER and TEXT are of the message in a message/rfc822 part.
  const message = part.entity.message();
  if (message) return { entity: message, section };
  throw new OptionError(
    'part',
    `part '${number}' is no message, so it has no ${ofPart.toUpperCase()}; try '${number}.MIME' or '${number}'`,
  );
}

function sectionOf(word: string): Selection['section'] {
  const section = word.toLowerCase();
  return section === 'mime' ? 'mime' : section === 'header' ? 'header' : 'text';
}

/** The octets of a selection, piece by piece. */
export function octetsOf({ entity, section }: Selection): AsyncIterable<Uint8Array> {
  const { source, range } = entity;
  if (section === 'content') return entity.parts.length > 0 ? entity.rawStream() : entity.pass();
  return section === 'text'
    ? source.pass(range.headerEnd, range.end)
    : source.pass(range.start, range.headerEnd);
}

function noSuchPart(root: Part, specifier: string): string {
  const numbers = [...walk(root)].map(({ number }) => number).filter((number) => number !== '');
  const some = numbers.slice(0, 50).join(', ');
  const more = numbers.length > 50 ? ` and ${numbers.length - 50} more` : '';
  return (
    `there is no part '${specifier}'; there are: ${some}${more}; ` +
    'each also with .MIME behind it, and HEADER and TEXT of the whole'
  );
}
