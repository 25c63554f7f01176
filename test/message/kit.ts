// Helpers for the tests of messages.
import { Buffer } from 'node:buffer';
import { MailMessage, type MessageFields } from 'posthorn';
import { expect } from 'vitest';

export const people: Pick<MessageFields, 'from' | 'to'> = {
  from: 'Ann <ann@example.com>',
  to: 'bob@example.org',
};

/** The message as text, one character for each octet; line ends as LF. */
export async function textOf(message: MailMessage): Promise<string> {
  return Buffer.from(await message.toBytes())
    .toString('latin1')
    .replaceAll('\r\n', '\n');
}

/** What is written for the fields, between the same people, with fixed identifiers. */
export async function written(fields: MessageFields): Promise<string> {
  return await textOf(new MailMessage({ ...people, deterministic: 'seed', ...fields }));
}

/** The message that is written for the fields, read back. */
export async function reread(fields: MessageFields): Promise<MailMessage> {
  return MailMessage.parse(await new MailMessage({ ...people, ...fields }).toBytes());
}

/** The header as text. */
export function headerOf(text: string): string {
  return `${text.slice(0, text.indexOf('\n\n'))}\n`;
}

/** The types of the tree, as `mixed(related(…), …)`. */
export function shapeOf(part: MailMessage['root']): string {
  const { type, subtype, value } = part.contentType;
  if (type !== 'multipart') return value;
  return `${subtype}(${part.parts.map(shapeOf).join(', ')})`;
}

/** The error that a call throws or rejects with. */
export async function errorOf(call: () => unknown): Promise<{ code: string; message: string }> {
  try {
    await call();
  } catch (error) {
    return error as { code: string; message: string };
  }
  return expect.unreachable('it did not throw');
}

/** Everything a stream gives. */
export async function collect(stream: AsyncIterable<Uint8Array> | ReadableStream): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
