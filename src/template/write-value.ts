// How a value becomes text, by what the text is for. The one place where values enter a message.
import { InvalidMessageError, printable, TemplateError } from '../base/index.ts';
import { slotFor, withoutMarks } from './fields/slots.ts';
import { formatDate } from './locale.ts';
import { RawHtml } from './raw-html.ts';
import type { PlaceOf, RenderEnv, TextKind } from './text-template.ts';

/** The text of a value in a template of a kind. */
export function writeValue(value: unknown, kind: TextKind, env: RenderEnv, place: PlaceOf): string {
  switch (kind) {
    case 'html':
      return value instanceof RawHtml ? value.html : escapeHtml(textOf(value, env, place));
    case 'text':
      return textOf(value, env, place);
    case 'line':
      return checkLine(textOf(value, env, place), place);
    case 'address':
      return slotFor(value, env.slots, () => textOf(value, env, place));
  }
}

/** A value as text, before it is escaped. */
function textOf(value: unknown, env: RenderEnv, place: PlaceOf): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object') return String(value);
  if (value instanceof Date) return formatDate(value, 'medium', env);
  if (Array.isArray(value)) return value.map((item) => textOf(item, env, place)).join('');
  // '[object Object]' in a letter helps nobody.
  const hasText = typeof value.toString === 'function' && value.toString !== plainToString;
  if (hasText) return String(value);
  throw new TemplateError(
    'TEMPLATE_FAILED',
    'the value is an object; name one of its fields, as in {{ person.name }}',
    place(),
  );
}

const { toString: plainToString } = Object.prototype;
const LINE_ENDS = /[\r\n\0]/;
const names: Readonly<Record<string, string>> = { '\r': 'CR', '\n': 'LF', '\0': 'NUL' };

// RFC 5322 section 2.2: what follows a line end in a value would be a header field of its own.
function checkLine(text: string, place: PlaceOf): string {
  const at = text.search(LINE_ENDS);
  if (at < 0) return text;
  const { template, line, column } = place();
  throw new InvalidMessageError(
    'MESSAGE_FIELD_INVALID',
    `${template}:${line}:${column}: the value '${printable(text, 80)}' holds ${names[text.charAt(at)]}, which a ` +
      "header field can't carry; clean the data, or take line ends out with a filter: {{ … | strip_newlines }}",
  );
}

const MARKUP = /[&<>"']/;
const ALL_MARKUP = /[&<>"']/g;
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it stands in HTML, also inside an attribute's quotes. */
export function escapeHtml(text: string): string {
  return MARKUP.test(text) ? text.replace(ALL_MARKUP, (char) => entities[char] ?? char) : text;
}

/** Text of a template in one line: where it is folded or its tags stand on lines of their own. */
export function oneLine(text: string): string {
  return withoutMarks(text.replace(/[\r\n\0]+/g, ' '));
}
