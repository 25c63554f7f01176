// Content types as a caller writes them: strict, since a guess would change what the reader sees.
import { printable } from '../base/index.ts';
import { checkLine, fieldError } from './field-checks.ts';

/** A media type with its parameters (RFC 2045 section 5.1). */
export interface ContentType {
  /** Type and subtype in lower case, such as `'text/csv'`. */
  readonly type: string;
  /** Parameters in the order written, names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = "[!#$%&'*+\\-.0-9A-Z^_`a-z{|}~]+";
const TYPE = new RegExp(`^(${TOKEN}/${TOKEN})[ \\t]*`);
const PARAMETER = new RegExp(`;[ \\t]*(${TOKEN})=(${TOKEN}|"(?:[^"\\\\]|\\\\.)*")[ \\t]*`, 'y');
const PRINTABLE = /^[\t\x20-\x7e]*$/;

/** Reads `'type/subtype; name=value'`; `property` names the option in the error. */
export function readContentType(value: unknown, property: string): ContentType {
  const text = checkLine(value, property).trim();
  const head = TYPE.exec(text);
  const parameters = new Map<string, string>();
  let at = head?.[0].length ?? 0;
  for (PARAMETER.lastIndex = at; at < text.length; at = PARAMETER.lastIndex) {
    const [, name = '', raw = ''] = PARAMETER.exec(text) ?? [];
    if (name === '') break;
    const value = raw.startsWith('"') ? raw.slice(1, -1).replace(/\\(.)/g, '$1') : raw;
    parameters.set(name.toLowerCase(), value);
  }
  const type = head?.[1]?.toLowerCase();
  if (type === undefined || at < text.length || !PRINTABLE.test(text)) {
    throw fieldError(
      property,
      `must be a media type such as 'text/csv' or 'text/csv; charset=utf-8' (RFC 2045), got '${printable(text, 80)}'`,
    );
  }
  if (type.startsWith('multipart/')) {
    throw fieldError(property, `can't be ${type}: a multipart is built from the message's parts`);
  }
  return { type, parameters };
}

/** The type of content that was given as a string, which is written as UTF-8; text types say so. */
export function asUtf8(type: ContentType, property: string): ContentType {
  const charset = type.parameters.get('charset');
  if (charset === undefined && type.type.startsWith('text/')) {
    return { type: type.type, parameters: new Map([...type.parameters, ['charset', 'utf-8']]) };
  }
  if (charset === undefined || /^utf-?8$/i.test(charset)) return type;
  throw fieldError(
    property,
    `says charset=${printable(charset, 80)}, but a string is written as UTF-8; ` +
      'give the bytes in that charset as content',
  );
}
