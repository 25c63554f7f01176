// The one place header lines are made and the one that proves them: names are ftext, and no CR, LF or
// NUL leaves but in the folds we write. Every other file of this room gives fields; this one writes them.
import { Buffer } from 'node:buffer';
import { InvalidMessageError, limits, printable } from '../../base/index.ts';

/** One finished header field: no CRLF at its end. */
export interface HeaderField {
  /** The field's name, such as `Subject` (RFC 5322 section 3.6.8: printable ASCII without colon). */
  readonly name: string;
  /** What stands after the colon and space: encoded, and folded with CRLF and space. */
  readonly value: string;
}

/** How header text is to be written. */
export interface HeaderOptions {
  /** Whether header text may be UTF-8 (SMTPUTF8, RFC 6532) instead of encoded words (RFC 2047). */
  readonly utf8: boolean;
}

const FIELD_NAME = /^[!-9;-~]+$/;
const SUSPICIOUS = /[\0\r\n\u0080-\uffff]/;
const LINE_BREAK = /[\0\r\n]/;
// A CR that does not begin CRLF + blank, an LF that does not end it, NUL.
const NOT_A_FOLD = /\0|\r(?!\n[ \t])|(?<!\r)\n/;
const BLANK_LINE = /\n[ \t]*(?:\r|$)/;

/** The fields as lines, each with its CRLF; without the empty line that ends a header block. */
export function writeHeaderLines(fields: readonly HeaderField[], options: HeaderOptions): string {
  let block = '';
  for (const { name, value } of fields) {
    checkFieldName(name);
    if (value.length + name.length > limits.writtenLineBytes - 2 || SUSPICIOUS.test(value)) {
      checkWrittenValue(name, value, options);
    }
    block += `${name}: ${value}\r\n`;
  }
  return block;
}

/** Throws unless the name is printable ASCII without colon (RFC 5322 section 3.6.8, ftext). */
export function checkFieldName(name: string): void {
  if (FIELD_NAME.test(name) && name.length <= limits.writtenLineBytes - 2) return;
  throw new InvalidMessageError(
    'MESSAGE_HEADER_INVALID',
    `The header name "${printable(name, 80)}" cannot be written: use printable ASCII letters, digits and hyphens, without colon or blank`,
  );
}

/** Throws when text for a header holds CR, LF or NUL. */
export function checkFieldText(name: string, text: string): void {
  const at = text.search(LINE_BREAK);
  if (at >= 0) throw lineBreakError(name, text, at);
}

/** The error for a header that cannot be written; `problem` says why and what to do. */
export function headerError(name: string, problem: string): InvalidMessageError {
  return new InvalidMessageError(
    'MESSAGE_HEADER_INVALID',
    `The header ${printable(name, 80)} ${problem}`,
  );
}

/** Throws unless every line break is a fold, no line is blank or over the limit, and UTF-8 is allowed where it stands. */
function checkWrittenValue(name: string, value: string, options: HeaderOptions): void {
  const at = value.search(NOT_A_FOLD);
  if (at >= 0) throw lineBreakError(name, value, at);
  if (BLANK_LINE.test(value)) {
    throw headerError(name, 'has a folded line of blanks only; remove it (RFC 5322 section 3.2.2)');
  }
  if (!options.utf8 && /[\u0080-\uffff]/.test(value)) {
    throw headerError(
      name,
      'has characters that are not ASCII; encode them (RFC 2047), as unstructuredField does',
    );
  }
  const bound = limits.writtenLineBytes;
  for (const line of `${name}: ${value}`.split('\r\n')) {
    if (line.length > bound || (line.length * 3 > bound && Buffer.byteLength(line) > bound)) {
      throw headerError(name, `has a line over ${bound} octets; fold it at a blank or shorten it`);
    }
  }
}

function lineBreakError(name: string, text: string, at: number): InvalidMessageError {
  const what = text.charAt(at) === '\0' ? 'NUL' : 'a line break (CR or LF)';
  return headerError(
    name,
    `holds ${what} at character ${at + 1} of "${printable(text, 80)}"; remove it, a header is one line`,
  );
}
