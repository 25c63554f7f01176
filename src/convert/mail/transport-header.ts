// The header that a message arrived with, as Outlook keeps it (PidTagTransportMessageHeaders): read from its text and
// put before a body of another form.
import { latin1Bytes, utf8Bytes } from '../../base/internal.ts';
import { type ParsedField, type ParsedHeaders, parseEntity } from '../../mime/index.ts';

// What the new body says of itself.
const OF_THE_BODY: ReadonlySet<string> = new Set([
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
  'content-length',
]);

// Outlook 2003 writes a line of its own before the header.
const OUTLOOKS_OWN_LINE = /^Microsoft Mail Internet Headers[^\n]*\n/i;

/** The header in a text; what follows its empty line is left out: Outlook may keep the headers of parts there. */
export function readTransportHeader(text: string): ParsedHeaders {
  const trimmed = text.replace(/\0+$/, '').replace(OUTLOOKS_OWN_LINE, '').trimStart();
  return parseEntity(utf8Bytes(`${trimmed}\r\n\r\n`)).headers;
}

/** The fields that say nothing of the body's form. */
export function fieldsOfMessage(headers: ParsedHeaders): ParsedField[] {
  return headers.fields.filter(({ name }) => !OF_THE_BODY.has(name.toLowerCase()));
}

const LINE_ENDS = /\r\n|\r|\n/g;

/** A field as it came, its line ends made CRLF. */
export function writeReceivedField({ name, raw }: ParsedField): Uint8Array {
  return latin1Bytes(`${name}:${raw.replace(LINE_ENDS, '\r\n')}\r\n`);
}
