// Calendars, contacts, JSON and text as messages, and what a message gives of them.
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { MailMessage } from 'posthorn';
import { convert, type MessageJson } from 'posthorn/convert';
import { readMsg } from 'posthorn/outlook';
import { describe, expect, it } from 'vitest';
import { errorOf, essence, fullMessage, stored } from './kit.ts';

const crlf = (...lines: string[]): string => `${lines.join('\r\n')}\r\n`;
const text = async (
  message: MailMessage,
  format: 'ics' | 'vcf' | 'json' | 'text',
): Promise<string> => Buffer.from(await message.toBytes(format)).toString();

const invitation = crlf(
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'PRODID:-//test//test//EN',
  'METHOD:REQUEST',
  'BEGIN:VEVENT',
  'UID:1@example.com',
  'DTSTAMP:20260301T100000Z',
  'DTSTART:20260302T100000Z',
  'DTEND:20260302T110000Z',
  'SUMMARY:Größe\\, Lunch',
  'DESCRIPTION:At noon',
  'ORGANIZER;CN=Ann:mailto:ann@example.com',
  'ATTENDEE;CN=Bob:mailto:bob@example.org',
  'END:VEVENT',
  'END:VCALENDAR',
);

describe('a calendar', () => {
  it('becomes the mail that carries it, and stays as it is', async () => {
    const mail = await MailMessage.load(Buffer.from(invitation));
    expect(mail.subject).toBe('Größe, Lunch');
    expect(mail.from.map(String)).toEqual(['Ann <ann@example.com>']);
    expect(mail.to.map(String)).toEqual(['Bob <bob@example.org>']);
    expect(mail.text?.trimEnd()).toBe('At noon');
    const [view] = mail.alternateViews;
    expect(view?.contentType).toBe('text/calendar');
    expect(view?.contentTypeParameters.get('method')).toBe('REQUEST');
    expect(await text(mail, 'ics')).toBe(invitation);
  });

  it('of an answer comes from who answers', async () => {
    const reply = invitation.replace('METHOD:REQUEST', 'METHOD:REPLY');
    const mail = await MailMessage.load(Buffer.from(reply));
    expect(mail.from.map(String)).toEqual(['Bob <bob@example.org>']);
    expect(mail.to.map(String)).toEqual(['Ann <ann@example.com>']);
  });

  it('without a method is for nobody', async () => {
    const kept = invitation.replace('METHOD:REQUEST\r\n', '');
    const mail = await MailMessage.load(Buffer.from(kept));
    expect([...mail.from, ...mail.to]).toEqual([]);
    expect(mail.alternateViews[0]?.contentTypeParameters.has('method')).toBe(false);
  });

  it('becomes a meeting of Outlook', async () => {
    const { bytes } = await convert(Buffer.from(invitation), undefined, { to: 'msg' });
    expect(readMsg(bytes ?? new Uint8Array()).messageClass).toBe('IPM.Schedule.Meeting.Request');
  });

  it('is taken out of a message, in UTF-8', async () => {
    const mail = MailMessage.parse(
      Buffer.from(
        'Subject: x\nContent-Type: text/calendar; charset=iso-8859-1\n\nBEGIN:VCALENDAR\nX:\xe9\n',
        'latin1',
      ),
    );
    expect(await text(mail, 'ics')).toBe('BEGIN:VCALENDAR\nX:é\n');
    const attached = new MailMessage({
      attachments: [{ filename: 'A.ICS', content: 'BEGIN:VCALENDAR' }],
    });
    expect(await text(attached, 'ics')).toBe('BEGIN:VCALENDAR');
  });

  it('has to be there', async () => {
    const error = await errorOf(() => new MailMessage({ text: 'x' }).toBytes('ics'));
    expect(error).toMatchObject({
      name: 'InvalidMessageError',
      code: 'MESSAGE_NOT_CONVERTIBLE',
      message: 'The message holds no part that is a calendar; choose another format, such as eml',
    });
  });
});

describe('a contact', () => {
  const card = crlf(
    'BEGIN:VCARD',
    'VERSION:3.0',
    'FN:Zoë\\, Doe',
    'N:Doe;Zoë',
    'EMAIL:zoe@example.com',
    'END:VCARD',
  );

  it('is attached to a mail, and stays as it is', async () => {
    const mail = await MailMessage.load(Buffer.from(card));
    expect(mail.subject).toBe('Zoë, Doe');
    expect(mail.attachments.map(({ contentType }) => contentType)).toEqual(['text/vcard']);
    expect((await text(mail, 'vcf')).replaceAll('\r\n', '\n')).toBe(card.replaceAll('\r\n', '\n'));
    const error = await errorOf(() => new MailMessage({}).toBytes('vcf'));
    expect(error.message).toBe(
      'The message holds no part that is a contact; choose another format, such as eml',
    );
  });

  it('becomes a contact of Outlook, and one again', async () => {
    const { bytes } = await convert(Buffer.from(card), undefined, { to: 'msg' });
    expect(readMsg(bytes ?? new Uint8Array()).messageClass).toBe('IPM.Contact');
    const back = await convert(bytes ?? new Uint8Array(), undefined, { to: 'vcf' });
    expect(Buffer.from(back.bytes ?? []).toString()).toContain('FN:Zoë\\, Doe\r\n');
  });

  it('tells of others beside it', async () => {
    const mail = new MailMessage({
      attachments: ['a.vcf', 'b.vcf'].map((filename) => ({ filename, content: card })),
    });
    const { losses } = await convert(await mail.toBytes(), undefined, { to: 'vcf' });
    expect(losses).toEqual([
      { code: 'components-lost', message: 'The message holds 2 such parts; the first was taken' },
      { code: 'headers-lost', message: 'Only a contact was taken out of the message' },
    ]);
  });
});

describe('JSON', () => {
  it('holds everything, typed', async () => {
    const json = JSON.parse(await text(fullMessage(), 'json')) as MessageJson;
    expect(json).toMatchObject({
      posthorn: 1,
      from: [{ name: 'Ann Übler', address: 'ann@example.com' }],
      cc: [{ name: '', address: 'cleo@example.org' }],
      subject: 'Größe – 1 < 2',
      date: '2026-03-01T10:00:00.000Z',
      messageId: '<1@example.com>',
      text: 'Hi ö\n',
      attachments: [{ filename: 'Übersicht.txt', contentType: 'text/plain', content: 'aGVsbG8=' }],
      linkedResources: [{ cid: 'logo', contentType: 'image/png' }],
      alternateViews: [{ contentType: 'text/calendar' }],
    });
    expect(json.headers).toContainEqual({ name: 'X-Campaign', value: '42' });
  });

  it('comes back as it was', async () => {
    const mail = await stored(fullMessage());
    const back = await MailMessage.load(await mail.toBytes('json'));
    expect(await essence(back)).toEqual(await essence(mail));
    expect(back.alternateViews).toHaveLength(1);
  });

  it('of a program needs no raw header', async () => {
    const mail = await MailMessage.load(
      Buffer.from(
        JSON.stringify({
          posthorn: 1,
          from: [{ name: 'Ann', address: 'ann@example.com' }],
          to: [{ name: 'Team', members: [{ name: '', address: 'bob@example.org' }] }],
          subject: 'Hi',
          date: '2026-03-01T10:00:00Z',
          text: 'x',
          attachments: [{ contentType: 'multipart/mixed', content: 'eA==' }],
        }),
      ),
    );
    expect(mail.from.map(String)).toEqual(['Ann <ann@example.com>']);
    expect(mail.envelope().to).toEqual(['bob@example.org']);
    expect(mail.date).toEqual(new Date('2026-03-01T10:00:00Z'));
    expect(mail.attachments[0]?.contentType).toBe('application/octet-stream');
  });

  it.each([
    ['{"posthorn": 1', /^This is not JSON: SyntaxError: .*; look at the file$/],
    [
      '{"posthorn": 1, "from": "a"}',
      /^This is not a message in JSON: 'from' must be an array, got 'a'$/,
    ],
    [
      '{"posthorn": 1, "text": 1}',
      /^This is not a message in JSON: 'text' must be a string, got 1$/,
    ],
    [
      '{"posthorn": 1, "attachments": [1]}',
      /^This is not a message in JSON: each of 'attachments' must be an object, got 1$/,
    ],
    [
      '{"posthorn": 1, "date": "x"}',
      /^This is not a message in JSON: 'date' must be a date of ISO 8601, got 'x'$/,
    ],
  ])('that is wrong says where: %s', async (json, message) => {
    const error = await errorOf(() => MailMessage.load(Buffer.from(json)));
    expect(error.code).toBe('FORMAT_INVALID');
    expect(error.message).toMatch(message);
  });

  it('throws nothing but errors of ours, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.json(), async (one, other) => {
        const source = `{"posthorn":1,"from":${one},"attachments":${other},"html":${one}}`;
        const error = await MailMessage.load(Buffer.from(source)).catch(
          (thrown: unknown) => thrown,
        );
        if (error instanceof MailMessage) return;
        expect((error as { code?: string }).code).toMatch(/^(?:FORMAT|MESSAGE|ADDRESS)_/);
      }),
      { numRuns: 200 },
    );
  });
});

describe('text', () => {
  it('says who, when and what', async () => {
    expect(await text(fullMessage(), 'text')).toBe(
      'From: Ann Übler <ann@example.com>\nTo: Bob <bob@example.org>\nCc: cleo@example.org\n' +
        'Date: Sun, 01 Mar 2026 10:00:00 +0000\nSubject: Größe – 1 < 2\nAttachments: Übersicht.txt\n\nHi ö\n',
    );
    expect(await text(new MailMessage({ html: '<p>a</p><p>b</p>' }), 'text')).toMatch(
      /\n\na\n\nb\n$/,
    );
  });

  it('tells what it has no place for', async () => {
    const { losses } = await convert(await fullMessage().toBytes(), undefined, { to: 'text' });
    expect(losses.map(({ code }) => code)).toEqual([
      'attachments-lost',
      'html-lost',
      'headers-lost',
    ]);
  });
});
