import { Buffer } from 'node:buffer';
import { MailMessage } from 'posthorn';
import { openTnef } from 'posthorn/convert';
import { MapiAttachment, MapiMessage, PidTag, writeTnef } from 'posthorn/outlook';
import { describe, expect, it } from 'vitest';

function item(): MapiMessage {
  const message = new MapiMessage();
  message.messageClass = 'IPM.Note';
  message.subject = 'Inside';
  message.properties
    .set(PidTag.Html, Buffer.from('<p>From <b>inside</b></p>'))
    .set(PidTag.InternetCodepage, 65001);
  message.attachments.push(MapiAttachment.file('Дело.txt', Buffer.from('content')));
  return message;
}

interface Mail {
  readonly type?: string;
  readonly name?: string;
  readonly tnef?: Uint8Array;
  readonly multipart?: string;
  readonly more?: string;
}

function mail({
  type = 'application/ms-tnef',
  name = 'winmail.dat',
  tnef = writeTnef(item(), { key: 1 }),
  multipart = 'multipart/mixed',
  more = '',
}: Mail = {}): Buffer {
  const lines = Buffer.from(tnef).toString('base64').replaceAll(/.{76}/g, '$&\r\n');
  return Buffer.from(
    [
      'Received: from a by b; Thu, 1 Jan 2026 00:00:00 +0000',
      'From: Ann <ann@example.com>',
      'To: bob@example.org',
      'Bcc: hidden@example.net',
      'Subject: Outside',
      'Message-ID: <1@example.com>',
      'X-MS-TNEF-Correlator: <1@example.com>',
      'MIME-Version: 1.0',
      `Content-Type: ${multipart}; boundary="=_b"`,
      '',
      'preamble',
      '--=_b',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'From outside',
      '--=_b',
      `Content-Type: ${type}; name="${name}"`,
      'Content-Transfer-Encoding: base64',
      '',
      lines,
      `${more}--=_b--`,
      '',
    ].join('\r\n'),
  );
}

const names = (message: MailMessage): (string | undefined)[] =>
  message.attachments.map(({ filename }) => filename);

describe('load', () => {
  it('opens winmail.dat, and writes it as it came', async () => {
    const bytes = mail();
    const message = await MailMessage.load(bytes);
    expect(message.subject).toBe('Outside');
    expect(message.from.map(String)).toEqual(['Ann <ann@example.com>']);
    expect(message.text).toBe('From outside');
    expect(message.html).toContain('From <b>inside</b>');
    expect(names(message)).toEqual(['Дело.txt']);
    expect(Buffer.from((await message.attachments[0]?.bytes()) ?? []).toString()).toBe('content');
    expect(message.headers.get('Received')).toContain('from a by b');
    expect(Buffer.from(await message.toBytes()).equals(bytes)).toBe(true);
    const wire = Buffer.from((await message.render()).bytes()).toString();
    expect(wire).toBe(bytes.toString().replace('Bcc: hidden@example.net\r\n', ''));
    expect(message.problems).toEqual([]);
  });

  it('writes a normal message from the first change on', async () => {
    const message = await MailMessage.load(mail());
    message.subject = 'Changed';
    const written = MailMessage.parse(await message.toBytes());
    expect(written.subject).toBe('Changed');
    expect(written.headers.get('Received')).toContain('from a by b');
    expect(written.headers.has('X-MS-TNEF-Correlator')).toBe(false);
    expect(written.bcc.map(String)).toEqual(['hidden@example.net']);
    expect(names(written)).toEqual(['Дело.txt']);
    expect(written.html).toContain('From <b>inside</b>');
    const other = await MailMessage.load(mail());
    other.attachments = [];
    other.text = 'New';
    const shorter = MailMessage.parse(await other.toBytes());
    expect([shorter.text?.trim(), names(shorter)]).toEqual(['New', []]);
  });

  it('keeps it when asked', async () => {
    const message = await MailMessage.load(mail(), { tnef: 'keep' });
    expect(names(message)).toEqual(['winmail.dat']);
    expect(message.html).toBeUndefined();
    await expect(MailMessage.load(mail(), { tnef: 'shut' as 'keep' })).rejects.toMatchObject({
      message: /^tnef must be 'open' or 'keep'/,
    });
  });

  it.each([
    [{ type: 'application/vnd.ms-tnef', name: 'x' }],
    [{ type: 'application/octet-stream', name: 'win.dat' }],
    [{ type: 'application/octet-stream', name: 'file.bin' }],
    [{ type: 'application/x-unknown', name: 'WINMAIL.DAT' }],
  ])('knows it as %o', async (options) => {
    expect(names(await MailMessage.load(mail(options)))).toEqual(['Дело.txt']);
  });

  it.each([
    [{ type: 'application/octet-stream', tnef: Buffer.from('something else') }],
    [{ type: 'text/plain' }],
    [{ multipart: 'multipart/signed' }],
    [{ multipart: 'multipart/encrypted' }],
    [{ multipart: 'multipart/report' }],
  ])('leaves alone %o', async (options) => {
    const bytes = mail(options);
    const [loaded, parsed] = [await MailMessage.load(bytes), MailMessage.parse(bytes)];
    expect(names(loaded)).toEqual(names(parsed));
    expect(loaded.problems).toEqual(parsed.problems);
  });

  it('opens a message that is nothing but TNEF', async () => {
    const tnef = writeTnef(item(), { key: 1 });
    const bytes = Buffer.concat([
      Buffer.from(
        'From: a@example.com\r\nSubject: s\r\nContent-Type: application/ms-tnef\r\nContent-Transfer-Encoding: binary\r\n\r\n',
      ),
      tnef,
    ]);
    const message = await MailMessage.load(bytes);
    expect(message.html).toContain('inside');
    expect(Buffer.from(await message.toBytes()).equals(bytes)).toBe(true);
  });

  it('keeps the parts beside it', async () => {
    const more =
      '--=_b\r\nContent-Type: text/csv; name="added.csv"\r\nContent-Disposition: attachment\r\n\r\n1,2\r\n';
    const message = await MailMessage.load(mail({ more }));
    expect(names(message)).toEqual(['Дело.txt', 'added.csv']);
  });

  it('tells what is damaged, and keeps what can not be opened', async () => {
    const whole = writeTnef(item(), { key: 1 });
    const cut = await MailMessage.load(mail({ tnef: whole.subarray(0, -4) }));
    expect(names(cut)).toEqual(['Дело.txt']);
    expect(cut.problems).toMatchObject([
      { code: 'file-damaged', message: /^The stream is cut short in an attribute at octet \d+$/ },
    ]);
    const none = await MailMessage.load(mail({ tnef: Buffer.from('789f3e22', 'hex') }));
    expect(names(none)).toEqual(['winmail.dat']);
    expect(none.problems).toMatchObject([
      { code: 'file-damaged', message: /^the winmail\.dat can't be opened: This is not TNEF/ },
    ]);
  });

  it('answers and forwards what was inside', async () => {
    const message = await MailMessage.load(mail());
    const forward = message.forwardInline({ from: 'bob@example.org', to: 'c@example.com' });
    expect(names(forward)).toEqual(['Дело.txt']);
    expect(forward.html).toContain('From <b>inside</b>');
  });
});

describe('openTnef', () => {
  it('gives a normal message, whichever way it was read', async () => {
    for (const message of [
      MailMessage.parse(mail()),
      await MailMessage.load(mail()),
      await MailMessage.load(mail(), { tnef: 'keep' }),
    ]) {
      const opened = await openTnef(message);
      const written = MailMessage.parse(await opened.toBytes());
      expect(names(written)).toEqual(['Дело.txt']);
      expect(written.subject).toBe('Outside');
      expect(written.bcc.map(String)).toEqual(['hidden@example.net']);
    }
  });

  it('gives back what holds no TNEF', async () => {
    const composed = new MailMessage({ text: 'x' });
    expect(await openTnef(composed)).toBe(composed);
    const bytes = Buffer.from('From: a@example.com\r\n\r\nHi');
    const stored = await openTnef(MailMessage.parse(bytes));
    expect(Buffer.from(await stored.toBytes()).equals(bytes)).toBe(true);
  });

  it('throws when the TNEF is none', async () => {
    const broken = MailMessage.parse(mail({ tnef: Buffer.from('789f3e22', 'hex') }));
    await expect(openTnef(broken)).rejects.toMatchObject({
      code: 'FORMAT_INVALID',
      message: /^This is not TNEF: it does not begin with 78 9F 3E 22/,
    });
  });

  it('tells what could not be read', async () => {
    const notes: string[] = [];
    const whole = writeTnef(item(), { key: 1 });
    await openTnef(MailMessage.parse(mail({ tnef: Buffer.concat([whole, Buffer.from('\r\n')]) })), {
      note: (code, text) => notes.push(`${code}: ${text}`),
    });
    expect(notes).toEqual([
      `file-damaged: What follows is no attribute and was left out at octet ${whole.length}`,
    ]);
  });
});
