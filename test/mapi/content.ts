// What an item holds, as plain values that can be compared.
import {
  type MapiKey,
  type MapiMessage,
  type MapiProperties,
  PropertyType,
} from 'posthorn/outlook';

/** A bag of properties by name and type; both kinds of strings count as one. */
export function bagOf(properties: MapiProperties): Record<string, unknown> {
  const rows = [...properties].map(({ key, type, value }) => [nameOf(key, type), plain(value)]);
  return Object.fromEntries(rows);
}

function nameOf(key: MapiKey, type: number): string {
  const wide =
    type === PropertyType.String8
      ? PropertyType.String
      : type === PropertyType.MultipleString8
        ? PropertyType.MultipleString
        : type;
  const hex = (number: number): string => number.toString(16).padStart(4, '0');
  if ('id' in key) return `${hex(key.id)} ${hex(wide)}`;
  return `${key.set}${'lid' in key ? `#${key.lid}` : `:${key.name}`} ${hex(wide)}`;
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array)
    return `${value.length} ${Buffer.from(value).toString('base64')}`;
  return Array.isArray(value) ? value.map(plain) : value;
}

/** Everything in an item: properties, recipients, attachments, and what is inside those. */
export function contentOf(message: MapiMessage): unknown {
  return {
    properties: bagOf(message.properties),
    recipients: message.recipients.map(({ properties }) => bagOf(properties)),
    attachments: message.attachments.map((attachment) => ({
      properties: bagOf(attachment.properties),
      message: attachment.message && contentOf(attachment.message),
      storage: plain(attachment.storage),
    })),
  };
}
