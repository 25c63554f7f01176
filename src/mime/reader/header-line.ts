// The lines of a header block (RFC 5322 section 2.2): which octets are which field.
import { latin1 } from '../../base/internal.ts';

const COLON = 0x3a;
const SPACE = 0x20;
const TAB = 0x09;
const CR = 0x0d;
const DEL = 0x7f;

/** Where the colon of a field stands in a line; -1 when the line is not a field (RFC 5322 section 3.6.8). */
export function colonOf(bytes: Buffer, start: number, end: number): number {
  let at = start;
  for (; at < end; at++) {
    const octet = bytes[at] ?? 0;
    if (octet === COLON) return at === start ? -1 : at;
    if (octet <= SPACE || octet >= DEL) break;
  }
  if (at === start) return -1;
  // RFC 5322 section 4.5 (obsolete): white space may stand between name and colon.
  while (at < end && isBlank(bytes[at])) at++;
  return at < end && bytes[at] === COLON ? at : -1;
}

/** Whether the field's name is `name`, which is given in lower case. */
export function isNamed(bytes: Buffer, start: number, colon: number, name: string): boolean {
  if (colon - start < name.length) return false;
  if (((bytes[start] ?? 0) | 0x20) !== name.charCodeAt(0)) return false;
  const end = trimEnd(bytes, start, colon);
  return end - start === name.length && latin1(bytes, start, end).toLowerCase() === name;
}

const WELL_KNOWN =
  /^(?:received|return-path|delivered-to|from|sender|reply-to|to|cc|bcc|subject|date|message-id|in-reply-to|references|mime-version|dkim-signature|authentication-results|(?:content|resent|list|arc|x)-.+)$/i;

/** Whether a field has a name that lines of text seldom begin with. */
export function isWellKnown(bytes: Buffer, start: number, colon: number): boolean {
  return WELL_KNOWN.test(latin1(bytes, start, trimEnd(bytes, start, colon)));
}

/** The end of the octets without white space and CR at their end. */
export function trimEnd(bytes: Buffer, start: number, end: number): number {
  let at = end;
  while (at > start && isBlank(bytes[at - 1])) at--;
  return at;
}

/** Whether a line is empty; also when a gateway doubled its CR. */
export function isEmptyLine(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== CR) return false;
  return true;
}

/** Whether a line that begins with this octet continues the field before it. */
export function isFolded(octet: number | undefined): boolean {
  return octet === SPACE || octet === TAB;
}

function isBlank(octet: number | undefined): boolean {
  return octet === SPACE || octet === TAB || octet === CR;
}
