import { limits } from './limits.ts';

// C0, DEL, C1, line separators and bidirectional controls: what can move a terminal's cursor or reorder its text.
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/gu;

/**
 * Text from outside made safe to print in a terminal, log or error message: control and bidirectional
 * characters are written as `\u{…}`, and at most `max` characters are kept.
 */
export function printable(text: string, max: number = limits.quotedReplyBytes): string {
  const cut = text.length > max ? `${text.slice(0, max)}…` : text;
  return cut.replace(UNSAFE, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}
