// The one place header lines are made and the one that proves them: names are ftext, and no CR, LF or
// NUL leaves but in the folds we write. Every other file of this room gives fields; this one writes them.
import { Buffer } from 'node:buffer';
import { InvalidMessageError, limits, printable } from '../../base/index.ts';

/** One finished header field: no CRLF at its end. */
export interface HeaderField {
  /** The field's name, such as `Subject` (RFC 5322 section 3.6.8: printable ASCII without colon). */
  readonly name: string;
  /** What stands after the colon and blank: encoded, and folded with CRLF and blank. */
  readonly value: string;
}

/** How header text is to be written. */
export interface HeaderOptions {
  /** Whether header text may be UTF-8 (SMTPUTF8, RFC 6532) instead of encoded words (RFC 2047). */
  readonly utf8: boolean;
}

const FIELD_NAME = /^[!-9;-~]+$/;
// What no finished one-line ASCII value holds; all else is looked at closely.
const SUSPICIOUS = /[\0\r\n\u0080-\uffff]/;
const LINE_BREAK = /[\0\r\n]/;
// NUL, a CR that does not begin CRLF + blank, an LF that does not end a CRLF.
const NOT_A_FOLD = /\0|\r(?!\n[ \t])|(?<!\r)\n/;
const BLANK_LINE = /\n[ \t]+(?:\r|$)/;
const NON_ASCII = /[\u0080-\uffff]/;
// Longest name that leaves room for a colon, a blank and something on its line.
const NAME_OCTETS = limits.writtenLineBytes - 100;

/** The fields as lines, each with its CRLF; without the empty line that ends a header block. */
export function writeHeaderLines(fields: readonly HeaderField[], options: HeaderOptions): string {
  let lines = '';
  for (const { name, value } of fields) {
    checkField(name, value, options);
    lines += `${name}: ${value}\r\n`;
  }
  return lines;
}

/** Throws unless the field can be written as it is. */
export function checkField(name: string, value: string, options: HeaderOptions): void {
  checkFieldName(name);
  if (name.length + value.length + 2 > limits.writtenLineBytes || SUSPICIOUS.test(value)) {
    checkLines(name, value, options);
  }
}

/** Throws unless the name is printable ASCII without colon (RFC 5322 section 3.6.8, ftext). */
export function checkFieldName(name: string): void {
  if (FIELD_NAME.test(name) && name.length <= NAME_OCTETS) return;
  throw new InvalidMessageError(
    'MESSAGE_HEADER_INVALID',
    `The header name "${printable(name, 80)}" cannot be written; use printable ASCII without colon or blank, such as letters, digits and hyphens`,
  );
}

/** Throws when text for a header holds CR, LF or NUL. */
export function checkFieldText(name: string, text: string): void {
  const at = text.search(LINE_BREAK);
  if (at >= 0) throw lineBreakError(name, text, at);
}

/** The error for a header that cannot be written; `problem` says why and what to do. */
export function headerError(name: string, problem: string): InvalidMessageError {
  const message = `The header ${printable(name, 80)} ${printable(problem)}`;
  return new InvalidMessageError('MESSAGE_HEADER_INVALID', message);
}

function checkLines(name: string, value: string, options: HeaderOptions): void {
  const at = value.search(NOT_A_FOLD);
  if (at >= 0) throw lineBreakError(name, value, at);
  if (BLANK_LINE.test(value)) {
    throw headerError(name, 'has a folded line of blanks only; remove it (RFC 5322 section 3.2.2)');
  }
  if (!options.utf8 && NON_ASCII.test(value)) {
    throw headerError(name, 'is not ASCII; encode it, as unstructuredField does (RFC 2047)');
  }
  const bound = limits.writtenLineBytes;
  for (const line of `${name}: ${value}`.split('\r\n')) {
    if (line.length * 3 > bound && Buffer.byteLength(line) > bound) {
      throw headerError(name, `has a line over ${bound} octets; fold it at a blank or shorten it`);
    }
  }
}

function lineBreakError(name: string, text: string, at: number): InvalidMessageError {
  const what = text.charAt(at) === '\0' ? 'NUL' : 'a line break (CR or LF)';
  const near = text.slice(Math.max(0, at - 30), at + 30);
  return headerError(
    name,
    `holds ${what} at character ${at + 1}, in "${near}"; remove it, a header is one line`,
  );
}
