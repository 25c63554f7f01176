// A part's body to its content: transfer encoding, charset, line ends.

import { isAsciiBytes, latin1 } from '../../base/internal.ts';
import {
  decodeBase64,
  decodeCharset,
  decodeFlowed,
  decodeQuotedPrintable,
  decodeUuencode,
  type TextOptions,
} from '../../codec/index.ts';
import { passQuotedPrintable } from '../../codec/internal.ts';
import type { ContentType } from './content-type.ts';

/** The body with its transfer encoding undone (RFC 2045 section 6); as it is when the encoding is none or unknown. */
export function decodeContent(body: Uint8Array, encoding: string): Uint8Array {
  if (encoding === 'base64') return decodeBase64(body);
  if (encoding === 'quoted-printable') return decodeQuotedPrintable(body);
  if (encoding === 'x-uuencode') return decodeUuencode(body);
  return body;
}

/** The content of a body of which only text is made: it may be written over by the next one. */
export function passContent(body: Uint8Array, encoding: string): Uint8Array {
  return encoding === 'quoted-printable'
    ? passQuotedPrintable(body)
    : decodeContent(body, encoding);
}

/** Whether a body that says base64 is plain text all the same: blanks stand between its words, and nothing needs encoding. */
export function isPlainWords(body: Uint8Array): boolean {
  return isAsciiBytes(body) && /\w +\w/.test(latin1(body, 0, Math.min(body.length, 998)));
}

/** The content as text: charset decoded, lines end in LF, soft line breaks of format=flowed joined. */
export function decodeText(
  content: Uint8Array,
  contentType: ContentType,
  options?: TextOptions,
): string {
  const { text } = decodeCharset(content, contentType.parameters.get('charset'), options);
  if (isFlowed(contentType)) {
    return decodeFlowed(text, {
      delSp: contentType.parameters.get('delsp')?.toLowerCase() === 'yes',
    });
  }
  return text.includes('\r') ? withLf(text) : text;
}

/** Measured: cutting and joining takes a quarter of the time of replacing. */
function withLf(text: string): string {
  const lines = text.split('\r\n').join('\n');
  return lines.includes('\r') ? lines.split('\r').join('\n') : lines;
}

// RFC 3676 section 4.
function isFlowed({ value, parameters }: ContentType): boolean {
  return value === 'text/plain' && parameters.get('format')?.toLowerCase() === 'flowed';
}
