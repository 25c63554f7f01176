// What the fields Content-Type, Content-Disposition, Content-Transfer-Encoding and Content-ID say
// (RFC 2045, RFC 2183), however they are written.
import { decodeParameters, type ParameterizedValue, type TextOptions } from '../../codec/index.ts';
import { trimBlanks, unfold, withoutLineEnds } from './header-value.ts';
import { closingQuote } from './quoted-string.ts';

/** A media type (RFC 2045 section 5.1). */
export interface ContentType {
  /** The type, in lower case, such as `'text'`. */
  readonly type: string;
  /** The subtype, in lower case, such as `'plain'`. */
  readonly subtype: string;
  /** Both, such as `'text/plain'`. */
  readonly value: string;
  /** The parameters, decoded; names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** What Content-Disposition says (RFC 2183). */
export interface Disposition {
  /** Such as `'attachment'`, in lower case. */
  readonly value: string;
  /** The parameters, decoded; names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** RFC 2045 section 5.2: what a part without (a readable) Content-Type is. */
export const TEXT_PLAIN: ContentType = fixed('text', 'plain');
/** RFC 2046 section 5.1.5: what it is inside of multipart/digest. */
export const MESSAGE_RFC822: ContentType = fixed('message', 'rfc822');

const MEDIA_TYPE = /^"?[\t-\r ]*([^\t-\r /;,"]+)[\t-\r ]*\/[\t-\r ]*([^\t-\r /;,"]+)/;

/** The media type that a raw Content-Type value names; `undefined` when it names none. */
export function readContentType(raw: string, options?: TextOptions): ContentType | undefined {
  const line = unfold(raw);
  const { value, parameters } = readParameters(line, options);
  const match = MEDIA_TYPE.exec(value);
  if (!match) return undefined;
  const [written, type = '', subtype = ''] = match;
  const rest = value.slice(written.length).replace(/^"/, '');
  // A type with more than one slash is none; a missing semicolon ("text/html charset=x") is forgiven.
  if (rest.startsWith('/')) return undefined;
  return {
    type: type.toLowerCase(),
    subtype: subtype.toLowerCase(),
    value: `${type}/${subtype}`.toLowerCase(),
    parameters: rest.includes('=')
      ? new Map([
          ...readParameters(`x;${rest.replace(/^[\t-\r ,]+/, '')}`, options).parameters,
          ...parameters,
        ])
      : parameters,
  };
}

function readParameters(line: string, options: TextOptions | undefined): ParameterizedValue {
  const found = decodeParameters(line, options);
  for (const [name, value] of found.parameters) found.parameters.set(name, withoutLineEnds(value));
  return found;
}

const BOUNDARY = /;[\t-\r ]*boundary[\t-\r ]*=[\t-\r ]*("|[^\t-\r ;"]+)/i;

/** The boundary that a multipart's raw Content-Type names, octet for octet; `undefined` when there is none. */
export function readBoundary(
  raw: string,
  parameters: ReadonlyMap<string, string>,
): string | undefined {
  const decoded = parameters.get('boundary');
  if (decoded === undefined) return undefined;
  // Delimiter lines hold the octets of the header: a boundary is never an encoded word, whatever it looks like.
  const octets = /=\?|[\x80-\xff]/.test(raw) ? writtenBoundary(unfold(raw)) : undefined;
  return (octets ?? decoded).trimEnd() || undefined;
}

function writtenBoundary(line: string): string | undefined {
  const match = BOUNDARY.exec(line);
  if (!match) return undefined;
  const [written, value] = match;
  if (value !== '"') return value;
  const open = match.index + written.length - 1;
  const close = closingQuote(line, open);
  return close === -1 ? undefined : line.slice(open + 1, close).replace(/\\(.)/g, '$1');
}

/** What a raw Content-Disposition value says; `undefined` when it says nothing. */
export function readDisposition(raw: string, options?: TextOptions): Disposition | undefined {
  const { value, parameters } = readParameters(unfold(raw), options);
  const word = value.replaceAll('"', '').trim().toLowerCase();
  if (word !== '') return { value: word, parameters };
  // RFC 2183 section 2.8: what is not known is an attachment.
  return parameters.size === 0 ? undefined : { value: 'attachment', parameters };
}

// Spellings met in real mail, beside the five of RFC 2045 section 6.1.
const ENCODINGS: ReadonlyMap<string, string> = new Map([
  ['7bit', '7bit'],
  ['8bit', '8bit'],
  ['binary', 'binary'],
  ['base64', 'base64'],
  ['quotedprintable', 'quoted-printable'],
  ['xuuencode', 'x-uuencode'],
  ['uuencode', 'x-uuencode'],
  ['xuue', 'x-uuencode'],
  ['uue', 'x-uuencode'],
]);

/** The transfer encoding that a raw value names (RFC 2045 section 6), in lower case; unknown ones as written. */
export function readEncoding(raw: string): string {
  const known = ENCODINGS.get(raw.trim());
  if (known !== undefined) return known;
  const written = decodeParameters(unfold(raw)).value.replaceAll('"', '').trim().toLowerCase();
  return ENCODINGS.get(written.replace(/[^a-z0-9]/g, '')) ?? written;
}

/** Whether the content of this encoding can be decoded here. */
export function isKnownEncoding(encoding: string): boolean {
  return ENCODINGS.get(encoding.replaceAll('-', '')) === encoding;
}

/** A Content-ID without its angle brackets (RFC 2045 section 7). */
export function readContentId(raw: string): string | undefined {
  const line = unfold(raw);
  const open = line.indexOf('<');
  const close = line.indexOf('>', open);
  const id = open !== -1 && close !== -1 ? line.slice(open + 1, close) : line;
  return trimBlanks(id) || undefined;
}

function fixed(type: string, subtype: string): ContentType {
  return { type, subtype, value: `${type}/${subtype}`, parameters: new Map() };
}
