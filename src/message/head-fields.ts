// The header of a message as it is written: all of a composed one, the changes of one that was read.
import {
  addressField,
  type HeaderField,
  type HeaderOptions,
  MailAddress,
  mailboxesOf,
  type ParsedHeaders,
  unstructuredField,
} from '../mime/index.ts';
import { type HeadValues, headCodecs, headKeys, writeHead } from './head-values.ts';
import type { HeaderEntry } from './message-headers.ts';
import type { HeaderChanges } from './stored-header.ts';

/** Every field above the body's own; Bcc is never among them. */
export function composedFields(
  values: HeadValues,
  entries: readonly HeaderEntry[],
  o: HeaderOptions,
): HeaderField[] {
  const fields: HeaderField[] = [];
  for (const key of headKeys) {
    if (key === 'bcc' || values[key] === undefined) continue;
    writeHead(fields, key, values, o);
    if (key === 'from' && !values.sender?.length) addSender(fields, values, o);
  }
  for (const entry of entries) fields.push(writeEntry(entry, o));
  fields.push(mimeVersion);
  return fields;
}

const mimeVersion: HeaderField = { name: 'MIME-Version', value: '1.0' };

// RFC 5322 section 3.6.2: several authors need a Sender.
function addSender(fields: HeaderField[], { from }: HeadValues, o: HeaderOptions): void {
  if (from === undefined || (from.length === 1 && from[0] instanceof MailAddress)) return;
  const [first, second] = mailboxesOf(from);
  if (first && second) fields.push(addressField('Sender', [first], o));
}

/** A field that no property writes. */
function writeEntry({ name, value }: HeaderEntry, o: HeaderOptions): HeaderField {
  return unstructuredField(name, value ?? '', o);
}

/** What properties changed in a header that was read. */
export function storedChanges(
  values: HeadValues,
  received: ParsedHeaders,
  entries: readonly HeaderEntry[],
  o: HeaderOptions,
): HeaderChanges {
  const properties = new Map<string, HeaderField | undefined>();
  for (const key of headKeys) {
    const value = values[key];
    if (value === undefined || isSame(value, headCodecs[key].read(received))) continue;
    const fields: HeaderField[] = [];
    writeHead(fields, key, values, o);
    for (const name of headCodecs[key].names) {
      properties.set(
        name.toLowerCase(),
        fields.find((field) => field.name === name),
      );
    }
  }
  return { properties, entries, write: (entry) => writeEntry(entry, o) };
}

/** Whether a property still has the value it was read with; an empty one and none are the same. */
function isSame(value: unknown, read: unknown): boolean {
  const text = JSON.stringify(value);
  return (
    text === JSON.stringify(read) ||
    (read === undefined && /^(?:\[\]|""|false|"normal")$/.test(text))
  );
}
