// From a field's octets to its text: unfolding (RFC 5322 section 2.2.3) and encoded words.
import { decodeWords, type TextOptions } from '../../codec/index.ts';

const SPACE = 0x20;
const TAB = 0x09;
const CR = 0x0d;
const NEEDS_DECODING = /=\?|[\x80-\xff]/;

/**
 * The text without the ASCII white space around it. `trim` would take U+00A0 as well, which in raw
 * octets is the end of a UTF-8 character.
 */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** Whether a character is ASCII white space. */
export function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

/**
 * A raw value in one line, without the white space around it. A line end without white space behind it
 * ends the value; a CR that ends no line counts as a space.
 */
export function unfold(raw: string): string {
  const value = trimBlanks(raw);
  if (!value.includes('\n') && !value.includes('\r')) return value;
  const line = joinFolds(value);
  const end = line.indexOf('\n');
  return trimBlanks((end === -1 ? line : line.slice(0, end)).replaceAll('\r', ' '));
}

// The folds that nearly all writers make are joined in half the time that the regular expression takes.
function joinFolds(value: string): string {
  let line = '';
  let from = 0;
  for (let at = value.indexOf('\n'); at !== -1; at = value.indexOf('\n', from)) {
    const next = value.charCodeAt(at + 1);
    if (next !== SPACE && next !== TAB) break;
    line += value.slice(from, value.charCodeAt(at - 1) === CR ? at - 1 : at);
    from = at + 1;
  }
  line += value.slice(from);
  if (!line.includes('\n') && !line.includes('\r')) return line;
  return value.replace(/\r?\n(?=[ \t])|\r(?=[ \t])/g, '');
}

// What no field can hold, but an encoded form of one can.
const LINE_ENDS = /[\0\r\n]+/g;

/** Decoded text with a space for the line ends and NUL that were hidden in an encoded form. */
export function withoutLineEnds(text: string): string {
  return /[\0\r\n]/.test(text) ? text.replace(LINE_ENDS, ' ') : text;
}

/**
 * The text of a field that is not structured, such as Subject; raw 8-bit is read as well (RFC 6532). Line
 * ends and NUL hidden in encoded words become spaces: written into a field again they would begin another.
 */
export function decodeUnstructured(raw: string, options?: TextOptions): string {
  const line = unfold(raw);
  return NEEDS_DECODING.test(line) ? withoutLineEnds(decodeWords(line, options)) : line;
}
