// The beginning of the text of parts, which may be of any size.
import { type ParsedEntity, parseEntity } from '../../mime/index.ts';

/** The texts of these parts with an empty line between them, up to `max` characters in all. */
export function startOfText(parts: readonly ParsedEntity[], max: number): string {
  const texts: string[] = [];
  let left = max;
  for (const part of parts) {
    const text = startOf(part, left);
    texts.push(text);
    left -= text.length;
    if (left <= 0) break;
  }
  return texts.join('\n\n');
}

// Transmitted octets for one character of text: quoted-printable has 3 for an octet, UTF-8 up to 4 octets.
const OCTETS_PER_CHARACTER = 4;

function startOf(part: ParsedEntity, max: number): string {
  const octets = max * OCTETS_PER_CHARACTER;
  if (part.rawSize <= octets) return part.text().slice(0, max);
  const { source, range } = part;
  const start = source.read(range.start, Math.min(range.end, range.headerEnd + octets));
  return parseEntity(start).text().slice(0, max);
}
