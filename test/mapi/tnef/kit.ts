// TNEF streams built by hand, octet for octet, and properties to compare.
import { Buffer } from 'node:buffer';
import type { MapiMessage, MapiProperties } from 'posthorn/outlook';

export const hex = (text: string): Buffer => Buffer.from(text.replace(/\s+/g, ''), 'hex');
export const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};
export const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};

/** Octets with as many zeroes after them as four divides. */
const padded = (bytes: Uint8Array): Buffer =>
  Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);

export const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
export const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');

export function attribute(level: number, id: number, data: Uint8Array): Buffer {
  const sum = data.reduce((total, octet) => (total + octet) % 0x10000, 0);
  return Buffer.concat([Uint8Array.of(level), u32(id), u32(data.length), data, u16(sum)]);
}

export const stream = (...attributes: readonly Uint8Array[]): Buffer =>
  Buffer.concat([hex('789f3e22 0700'), ...attributes]);

/** A list of properties: each already with type and id. */
export const list = (...properties: readonly Uint8Array[]): Buffer =>
  Buffer.concat([u32(properties.length), ...properties]);

/** A property of one value of variable length. */
export const variable = (id: number, type: number, value: Uint8Array): Buffer =>
  Buffer.concat([u16(type), u16(id), u32(1), u32(value.length), padded(value)]);

export const long = (id: number, value: number): Buffer =>
  Buffer.concat([u16(3), u16(id), u32(value)]);

export const VERSION: Buffer = attribute(1, 0x00089006, u32(0x10000));
export const codePage = (page: number): Buffer =>
  attribute(1, 0x00069007, Buffer.concat([u32(page), u32(0)]));
export const messageProperties = (...properties: readonly Uint8Array[]): Buffer =>
  attribute(1, 0x00069003, list(...properties));
export const rendering: Buffer = attribute(2, 0x00069002, hex('0100 ffffffff 2000 2000 00000000'));

/** Everything a bag holds, as text; strings of both kinds are one type. */
export function bag(properties: MapiProperties): Record<string, unknown> {
  const entries = Array.from(properties, ({ key, type, value }): [string, unknown] => {
    const shown = type === 0x1e ? 0x1f : type === 0x101e ? 0x101f : type;
    return [`${JSON.stringify(key)} ${shown.toString(16)}`, plain(value)];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return Array.isArray(value) ? value.map(plain) : value;
}

/** Everything a message holds. */
export function everything(message: MapiMessage): unknown {
  return {
    properties: bag(message.properties),
    recipients: message.recipients.map(({ properties }) => bag(properties)),
    attachments: message.attachments.map((attachment) => ({
      properties: bag(attachment.properties),
      storage: attachment.storage && plain(attachment.storage),
      message: attachment.message && everything(attachment.message),
    })),
  };
}
