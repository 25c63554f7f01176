// Documents of an appointment: ATTACH (RFC 5545 section 3.8.1.1), a link or a file inside the calendar.
import { utf8Bytes } from '../base/internal.ts';
import { decodeBase64, encodeBase64 } from '../codec/index.ts';
import { type Parameter, Property } from '../icalendar/internal.ts';
import { fieldError } from './item.ts';

/** A document of an appointment. */
export interface CalendarAttachment {
  /** The link; `undefined` for a file inside the calendar. */
  readonly url: string | undefined;
  /** The file's octets; `undefined` for a link. */
  readonly content: Uint8Array | undefined;
  /** The file's name, when it is known. */
  readonly filename: string | undefined;
  /** The media type, when it is known. */
  readonly contentType: string | undefined;
}

/** A document to write: `{ url }` or `{ filename, content }`. */
export interface CalendarAttachmentInput {
  /** A link. This or `content` is needed. */
  readonly url?: string | undefined;
  /** A file to put into the calendar; a string is written as UTF-8. */
  readonly content?: Uint8Array | string | undefined;
  /** The file's name. */
  readonly filename?: string | undefined;
  /** The media type. */
  readonly contentType?: string | undefined;
}

/** The property of a document. */
export function attachmentProperty(input: CalendarAttachmentInput, member: string): Property {
  const { url, content, filename, contentType } = input;
  const parameters: Parameter[] = [];
  if (contentType !== undefined) parameters.push(['FMTTYPE', [contentType]]);
  // RFC 8607, and what Apple's and Microsoft's programs read.
  if (filename !== undefined) {
    parameters.push(['FILENAME', [filename]], ['X-FILENAME', [filename]]);
  }
  if (typeof url === 'string') return new Property('ATTACH', oneUri(url, member), parameters);
  if (typeof content !== 'string' && !(content instanceof Uint8Array)) {
    throw fieldError(member, 'needs url, or content as a string or bytes');
  }
  const bytes = typeof content === 'string' ? utf8Bytes(content) : content;
  parameters.push(['ENCODING', ['BASE64']], ['VALUE', ['BINARY']]);
  return new Property('ATTACH', encodeBase64(bytes), parameters);
}

/** A URI that can stand in a property. */
export function oneUri(value: unknown, member: string): string {
  if (typeof value === 'string' && /^[A-Za-z][A-Za-z0-9+.-]*:[^\0-\x20\x7f"<>]+$/.test(value)) {
    return value;
  }
  throw fieldError(member, "must be a URL such as 'https://example.com/', without spaces");
}

/** The document that a property holds. */
export function readAttachment(property: Property): CalendarAttachment {
  const isInside =
    property.parameter('VALUE')?.toUpperCase() === 'BINARY' ||
    property.parameter('ENCODING')?.toUpperCase() === 'BASE64';
  return {
    url: isInside ? undefined : property.value.trim(),
    content: isInside ? decodeBase64(property.value) : undefined,
    filename: property.parameter('FILENAME') ?? property.parameter('X-FILENAME'),
    contentType: property.parameter('FMTTYPE'),
  };
}
