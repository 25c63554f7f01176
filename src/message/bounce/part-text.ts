// The text of several parts as one.
import { type ParsedEntity, startOfText } from '../../mime/index.ts';

/** The texts of these parts with an empty line between them, up to `max` characters in all. */
export function textOfParts(parts: readonly ParsedEntity[], max: number): string {
  const texts: string[] = [];
  let left = max;
  for (const part of parts) {
    const text = startOfText(part, left);
    texts.push(text);
    left -= text.length;
    if (left <= 0) break;
  }
  return texts.join('\n\n');
}
