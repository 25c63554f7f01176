// Which parts are the body to show and which are attachments (RFC 8621 section 4.1.4).
import type { ParsedEntity } from './parsed-entity.ts';

/** A message taken apart as RFC 8621 section 4.1.4 has it. A part can stand in more than one list. */
export interface Decomposition {
  /** What to show, in order, when text/plain is preferred (`textBody`). May hold text/html and media parts. */
  readonly text: ParsedEntity[];
  /** What to show, in order, when text/html is preferred (`htmlBody`). May hold text/plain and media parts. */
  readonly html: ParsedEntity[];
  /** Everything else (`attachments`), a message in the message too. */
  readonly attachments: ParsedEntity[];
}

/** Sorts the leaves of a message into body and attachments (RFC 8621 section 4.1.4). */
export function decompose(root: ParsedEntity): Decomposition {
  const lists = { text: [], html: [], attachments: [] };
  sortParts([root], { subtype: 'mixed', inAlternative: false }, lists, lists);
  return lists;
}

interface Place {
  /** The subtype of the multipart around the parts. */
  readonly subtype: string;
  /** Whether a multipart/alternative is around it somewhere. */
  readonly inAlternative: boolean;
}

/** The bodies that still take parts: inside an alternative, the first text/plain shuts out HTML and vice versa. */
interface Bodies {
  readonly text: ParsedEntity[] | undefined;
  readonly html: ParsedEntity[] | undefined;
}

function sortParts(
  parts: readonly ParsedEntity[],
  place: Place,
  bodies: Bodies,
  lists: Decomposition,
): void {
  let { text, html } = bodies;
  const textLength = text?.length ?? -1;
  const htmlLength = html?.length ?? -1;
  for (const [index, part] of parts.entries()) {
    const { type, subtype, value } = part.contentType;
    if (type === 'multipart' && part.parts.length > 0) {
      const inAlternative = place.inAlternative || subtype === 'alternative';
      sortParts(part.parts, { subtype, inAlternative }, { text, html }, lists);
    } else if (!isInline(part, index, place)) {
      lists.attachments.push(part);
    } else if (place.subtype === 'alternative') {
      const list = value === 'text/plain' ? text : value === 'text/html' ? html : undefined;
      // A version that no body takes any more is an attachment: nothing is lost.
      (list ?? lists.attachments).push(part);
    } else {
      if (place.inAlternative && value === 'text/plain') html = undefined;
      if (place.inAlternative && value === 'text/html') text = undefined;
      text?.push(part);
      html?.push(part);
      if ((!text || !html) && isMedia(type)) lists.attachments.push(part);
    }
  }
  if (place.subtype === 'alternative' && text && html) {
    // Only one of the two kinds was offered: it stands for the other.
    if (textLength === text.length && htmlLength !== html.length) {
      text.push(...html.slice(htmlLength));
    }
    if (htmlLength === html.length && textLength !== text.length) {
      html.push(...text.slice(textLength));
    }
  }
}

function isInline(part: ParsedEntity, index: number, place: Place): boolean {
  const { type, value } = part.contentType;
  if (part.disposition?.value === 'attachment') return false;
  if (value !== 'text/plain' && value !== 'text/html' && !isMedia(type)) return false;
  return index === 0 || (place.subtype !== 'related' && (isMedia(type) || !part.filename));
}

function isMedia(type: string): boolean {
  return type === 'image' || type === 'audio' || type === 'video';
}
