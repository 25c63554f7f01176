// The beginning of a part's text, of whatever size the part is.
import { parseEntity } from './parse-entity.ts';
import type { ParsedEntity } from './parsed-entity.ts';

// Transmitted octets for one character: quoted-printable has 3 for an octet, UTF-8 up to 4 octets.
const OCTETS_PER_CHARACTER = 4;

/** The first characters of a part's text, at most `max`: of a large part only its beginning is read and decoded. */
export function startOfText(part: ParsedEntity, max: number): string {
  const octets = max * OCTETS_PER_CHARACTER;
  if (part.rawSize <= octets) return part.text().slice(0, max);
  const { source, range } = part;
  const start = source.read(range.start, Math.min(range.end, range.headerEnd + octets));
  return parseEntity(start).text().slice(0, max);
}
