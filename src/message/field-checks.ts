// What a value must be before it becomes part of a message. Each check names the property and the cure.
import { InvalidMessageError, printable } from '../base/index.ts';

/** An error about a property that has a value it can't have. */
export function fieldError(property: string, complaint: string): InvalidMessageError {
  return new InvalidMessageError('MESSAGE_FIELD_INVALID', `${property} ${complaint}`);
}

/** The value when it is a string; a body may hold any text. */
export function checkText(value: unknown, property: string): string {
  if (typeof value === 'string') return value;
  throw fieldError(property, `must be a string, got ${kindOf(value)}`);
}

const FORBIDDEN = /[\r\n\0]/;
const NAMES: Readonly<Record<string, string>> = { '\r': 'CR', '\n': 'LF', '\0': 'NUL' };

/** The value when it is a string that a header field can carry: no CR, LF or NUL (RFC 5322 section 2.2). */
export function checkLine(value: unknown, property: string): string {
  const text = checkText(value, property);
  if (!FORBIDDEN.test(text)) return text;
  const at = text.search(FORBIDDEN);
  throw fieldError(
    property,
    `holds ${NAMES[text.charAt(at)]} at position ${at}, which a header field can't carry; ` +
      `replace it with a space: '${printable(text, 80)}'`,
  );
}

const MESSAGE_ID = /^[!-;=?-~]+$/;
/** Room that `Message-ID: <…>` leaves in a line of 998 octets. */
const MESSAGE_ID_LENGTH = 900;

/**
 * A message identifier with its angle brackets (RFC 5322 section 3.6.4); they may be left out.
 * Anything printable goes between them, since identifiers of received messages are quoted as they came.
 */
export function checkMessageId(value: unknown, property: string): string {
  const text = checkLine(value, property).trim();
  const inner = text.startsWith('<') && text.endsWith('>') ? text.slice(1, -1) : text;
  if (MESSAGE_ID.test(inner) && inner.length <= MESSAGE_ID_LENGTH) return `<${inner}>`;
  throw fieldError(
    property,
    `must be a message identifier such as '<8f3a@example.com>': printable ASCII without spaces or ` +
      `angle brackets, at most ${MESSAGE_ID_LENGTH} characters; got '${printable(text, 80)}'`,
  );
}

/** A list of message identifiers: an array, or one string that separates them with spaces or commas. */
export function checkMessageIds(value: unknown, property: string): string[] {
  const items = typeof value === 'string' ? value.split(/[\s,]+/).filter(Boolean) : value;
  if (typeof value === 'string') checkLine(value, property);
  if (!Array.isArray(items)) {
    throw fieldError(property, `must be a message identifier or a list of them`);
  }
  return items.map((item: unknown, index) => checkMessageId(item, `${property}[${index}]`));
}

/** A date that RFC 5322 can write: four digits for the year. */
export function checkDate(value: unknown, property: string): Date {
  if (!(value instanceof Date)) {
    throw fieldError(property, `must be a Date, got ${kindOf(value)}; write new Date(…)`);
  }
  const year = value.getUTCFullYear();
  if (year >= 1900 && year <= 9999) return value;
  throw fieldError(property, 'must be a valid Date of the years 1900 to 9999');
}

/** The value when it is one of `allowed`. */
export function checkChoice<const T extends string | boolean>(
  value: unknown,
  allowed: readonly T[],
  property: string,
): T {
  const found = allowed.find((choice) => choice === value);
  if (found !== undefined) return found;
  const choices = allowed.map(kindOf).join(', ');
  throw fieldError(property, `must be one of ${choices}, got ${kindOf(value)}`);
}

/** A name for what was given, safe to print. */
export function kindOf(value: unknown): string {
  if (typeof value === 'string') return `'${printable(value, 80)}'`;
  if (typeof value === 'number' || typeof value === 'boolean' || value == null)
    return String(value);
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
