// What the tests of formats share: a folder for files, a message with one of everything, errors.
import { Buffer } from 'node:buffer';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AlternateView, MailMessage } from 'posthorn';
import { afterAll, expect } from 'vitest';

/** A folder that is gone after the tests, and a way to put files into it. */
export function temporaryFolder(): {
  readonly folder: string;
  put(name: string, content: string | Uint8Array): string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-formats-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    put(name, content) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
  };
}

export const pixel: Buffer = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** A message with one of everything. */
export function fullMessage(): MailMessage {
  return new MailMessage({
    from: 'Ann Übler <ann@example.com>',
    to: 'Bob <bob@example.org>',
    cc: 'cleo@example.org',
    subject: 'Größe – 1 < 2',
    text: 'Hi ö\n',
    html: '<p>Hi &ouml; <img src="cid:logo"></p>',
    linkedResources: [
      { cid: 'logo', filename: 'logo.png', content: pixel, contentType: 'image/png' },
    ],
    attachments: [{ filename: 'Übersicht.txt', content: 'hello' }],
    alternateViews: [new AlternateView('BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n', 'text/calendar')],
    headers: { 'X-Campaign': '42' },
    date: new Date('2026-03-01T10:00:00Z'),
    messageId: '<1@example.com>',
  });
}

/** What two messages have to have in common to say the same. */
export async function essence(message: MailMessage): Promise<Record<string, unknown>> {
  const { subject, from, to, cc, date, messageId, text, html } = message;
  const files = await Promise.all(
    message.attachments.map(async (part) => [
      part.filename,
      part.contentType,
      Buffer.from(await part.bytes()).toString('latin1'),
    ]),
  );
  return {
    ...{ subject, date, messageId, html },
    text: text?.replaceAll('\r\n', '\n').trimEnd(),
    people: [...from, ...to, ...cc].map(String),
    files: files.sort(),
  };
}

/** The error that a call throws or rejects with. */
export async function errorOf(
  call: () => unknown,
): Promise<{ name: string; code: string; message: string }> {
  try {
    await call();
  } catch (error) {
    return error as { name: string; code: string; message: string };
  }
  return expect.unreachable('it did not throw');
}

/** The message as it is stored. */
export async function stored(message: MailMessage): Promise<MailMessage> {
  return MailMessage.parse(await message.toBytes());
}
