// From a field's octets to its text: unfolding (RFC 5322 section 2.2.3) and encoded words.
import { decodeWords } from '../../codec/index.ts';

const NEEDS_DECODING = /=\?|[\x80-\xff]/;

/**
 * A raw value in one line, without the white space around it. A line end without white space behind it
 * ends the value; a CR that ends no line counts as a space.
 */
export function unfold(raw: string): string {
  if (!raw.includes('\n') && !raw.includes('\r')) return raw.trim();
  const line = raw.replace(/\r?\n(?=[ \t])|\r(?=[ \t])/g, '');
  const end = line.trimStart().indexOf('\n');
  return (end === -1 ? line : line.trimStart().slice(0, end)).replaceAll('\r', ' ').trim();
}

/** The text of a field that is not structured, such as Subject; raw 8-bit is read as well (RFC 6532). */
export function decodeUnstructured(raw: string): string {
  const line = unfold(raw);
  return NEEDS_DECODING.test(line) ? decodeWords(line) : line;
}
