import { Buffer } from 'node:buffer';
import { MailMessage } from 'posthorn';
import { openTnef, packTnef } from 'posthorn/convert';
import { PidTag, readTnef } from 'posthorn/outlook';
import { describe, expect, it } from 'vitest';

const letter = (): MailMessage =>
  new MailMessage({
    from: 'Ann <ann@example.com>',
    to: 'Bob <bob@example.org>',
    cc: 'Команда <team@example.org>',
    bcc: 'hidden@example.net',
    subject: 'Grüße aus Zürich',
    messageId: '<1@example.com>',
    date: new Date('2026-03-01T10:00:00Z'),
    text: 'Grüße\n',
    html: '<p>Grüße <img src="cid:logo"></p>',
    priority: 'high',
    headers: { 'X-Campaign': '42' },
    linkedResources: [{ cid: 'logo', filename: 'logo.png', content: 'PNG' }],
    attachments: [
      { filename: 'Übersicht.pdf', content: '%PDF-1.4' },
      new MailMessage({
        from: 'eve@example.com',
        to: 'ann@example.com',
        bcc: 'unseen@example.com',
        subject: 'Inside',
        text: 'inner',
      }),
    ],
  });

const text = async (message: MailMessage): Promise<string> =>
  Buffer.from((await message.render()).bytes()).toString('latin1');
const winmail = async (message: MailMessage): Promise<Uint8Array> =>
  (await message.attachments[0]?.bytes()) ?? new Uint8Array(0);

describe('packTnef', () => {
  it('makes a mail of plain text and winmail.dat with one key', async () => {
    const packed = await packTnef(letter());
    expect(packed.root.contentType.value).toBe('multipart/mixed');
    expect([...packed.leaves()].map(({ contentType }) => contentType.value)).toEqual([
      'text/plain',
      'application/ms-tnef',
    ]);
    const [part] = packed.attachments;
    expect(part?.filename).toBe('winmail.dat');
    expect(packed.text).toBe('Grüße\n');
    expect(packed.messageId).toBe('<1@example.com>');
    expect(packed.headers.get('X-MS-TNEF-Correlator')).toBe('<1@example.com>');
    expect(packed.headers.get('X-MS-Has-Attach')).toBe('yes');
    expect(packed.headers.get('X-Campaign')).toBe('42');
    const item = readTnef(await winmail(packed), { strict: true });
    const key = item.properties.get(PidTag.TnefCorrelationKey);
    expect(Buffer.from(key ?? []).toString()).toBe('<1@example.com>\0');
    const raw = await text(packed);
    expect(raw).toMatch(/^Content-Type: application\/ms-tnef;\r?\n? name="?winmail\.dat"?\r$/m);
    expect(raw).toMatch(/^Content-Disposition: attachment;\r?\n? filename="?winmail\.dat"?\r$/m);
    expect(raw).toMatch(/^Content-Transfer-Encoding: base64\r$/m);
  });

  it('has every attachment inside, once, and nothing that stays with the sender', async () => {
    const packed = await packTnef(letter());
    const bytes = await winmail(packed);
    const item = readTnef(bytes, { strict: true });
    expect(item.attachments.map(({ fileName }) => fileName).sort()).toEqual(
      expect.arrayContaining(['logo.png', 'Übersicht.pdf']),
    );
    expect(item.attachments).toHaveLength(3);
    expect(item.recipients).toEqual([]);
    const inner = item.attachments.find(({ message }) => message)?.message;
    expect(inner?.subject).toBe('Inside');
    expect(inner?.recipients.map(({ address }) => address)).toEqual(['ann@example.com']);
    for (const tag of [PidTag.TransportMessageHeaders, PidTag.DisplayBcc, PidTag.Body]) {
      expect(item.properties.has(tag)).toBe(false);
    }
    for (const encoding of ['latin1', 'utf16le'] as const) {
      expect(Buffer.from(bytes).includes(Buffer.from('hidden@', encoding))).toBe(false);
      expect(Buffer.from(bytes).includes(Buffer.from('unseen@', encoding))).toBe(false);
    }
    expect(item.html).toContain('Grüße');
    expect(item.properties.get(PidTag.Importance)).toBe(2);
  });

  it('keeps hidden recipients of stored mail hidden', async () => {
    const stored = (bcc: string): string =>
      `From: a@example.com\r\nTo: b@example.com\r\nBcc: ${bcc}\r\nResent-Bcc: ${bcc}\r\nSubject: s\r\n\r\nHi\r\n`;
    const message = MailMessage.parse(stored('hidden@example.net'));
    message.attachments = [MailMessage.parse(stored('hidden@example.net'))];
    const packed = await packTnef(message);
    const bytes = Buffer.from(await winmail(packed));
    expect(bytes.includes('hidden@')).toBe(false);
    expect(bytes.includes(Buffer.from('hidden@', 'utf16le'))).toBe(false);
    expect(await text(packed)).not.toContain('hidden@');
    expect(packed.envelope().to).toEqual(['b@example.com', 'hidden@example.net']);
  });

  it('is opened again as it was', async () => {
    const opened = await openTnef(MailMessage.parse(await text(await packTnef(letter()))));
    expect(opened.subject).toBe('Grüße aus Zürich');
    expect(opened.cc.map(String)).toEqual(['Команда <team@example.org>']);
    expect(opened.text?.trim()).toBe('Grüße');
    expect(opened.html?.trim()).toBe('<p>Grüße <img src="cid:logo"></p>');
    expect(opened.linkedResources.map(({ filename }) => filename)).toEqual(['logo.png']);
    const files = opened.attachments.filter((one) => !opened.linkedResources.includes(one));
    expect(files.map(({ filename }) => filename)).toContain('Übersicht.pdf');
    expect(files.find(({ message }) => message)?.message?.text?.trim()).toBe('inner');
    expect(opened.headers.get('X-Campaign')).toBe('42');
    expect(opened.headers.has('X-MS-TNEF-Correlator')).toBe(false);
    expect(opened.headers.get('X-Priority')).toBe('1');
    expect([...opened.leaves()].map(({ contentType }) => contentType.value)).not.toContain(
      'application/ms-tnef',
    );
  });

  it('packs plain text alone, and none at all', async () => {
    const plain = await packTnef(
      new MailMessage({ from: 'a@example.com', to: 'b@example.com', text: 'Hi' }),
    );
    expect(plain.headers.has('X-MS-Has-Attach')).toBe(false);
    expect(readTnef(await winmail(plain), { strict: true }).text).toBe('Hi');
    const empty = await packTnef(new MailMessage({ from: 'a@example.com', to: 'b@example.com' }));
    expect([...empty.leaves()].map(({ contentType }) => contentType.value)).toEqual([
      'text/plain',
      'application/ms-tnef',
    ]);
    const page = await packTnef(
      new MailMessage({
        from: 'a@example.com',
        to: 'b@example.com',
        html: '<p>Only <b>HTML</b></p>',
      }),
    );
    expect(page.text?.trim()).toBe('Only HTML');
  });

  it('makes the Message-ID before the key', async () => {
    const message = new MailMessage({ from: 'a@example.com', to: 'b@example.com', text: 'Hi' });
    const packed = await packTnef(message);
    expect(packed.messageId).toBe(message.messageId);
    expect(packed.headers.get('X-MS-TNEF-Correlator')).toBe(message.messageId);
    const stored = await packTnef(
      MailMessage.parse('From: a@example.com\r\nTo: b@example.com\r\n\r\nHi'),
    );
    expect(stored.messageId).toMatch(/^<.+@example\.com>$/);
    expect(stored.headers.get('X-MS-TNEF-Correlator')).toBe(stored.messageId);
  });

  it('packs a mail as it was changed', async () => {
    const kept = await MailMessage.load(await (await packTnef(letter())).toBytes(), {
      tnef: 'keep',
    });
    kept.attachments = [...kept.attachments, { filename: 'more.txt', content: 'more' }];
    const withMore = await openTnef(MailMessage.parse(await text(await packTnef(kept))));
    expect(withMore.attachments.map(({ filename }) => filename)).toContain('more.txt');
    expect(withMore.attachments.map(({ filename }) => filename)).toContain('logo.png');
    kept.attachments = [];
    kept.text = 'Only this';
    const without = await openTnef(MailMessage.parse(await text(await packTnef(kept))));
    expect([without.text?.trim(), without.attachments.length]).toEqual(['Only this', 0]);
  });

  it('packs anew what is packed already, with the key of now', async () => {
    const once = MailMessage.parse(await text(await packTnef(letter())));
    once.messageId = '<2@example.com>';
    const twice = await packTnef(once);
    const item = readTnef(await winmail(twice), { strict: true });
    expect(Buffer.from(item.properties.get(PidTag.TnefCorrelationKey) ?? []).toString()).toBe(
      '<2@example.com>\0',
    );
    expect(twice.headers.getAll('X-MS-TNEF-Correlator')).toEqual(['<2@example.com>']);
    expect(item.attachments).toHaveLength(3);
  });

  it.each([
    'multipart/signed; boundary=b',
    'multipart/encrypted; boundary=b',
    'application/pkcs7-mime',
  ])('refuses %s', async (type) => {
    const message = MailMessage.parse(
      `From: a@example.com\r\nContent-Type: ${type}\r\n\r\n--b\r\n\r\nx\r\n--b--`,
    );
    await expect(packTnef(message)).rejects.toMatchObject({
      code: 'MESSAGE_PROTECTED',
      message:
        "A message that is signed or encrypted can't be sent as TNEF: it would not hold; send it without tnef",
    });
  });

  it('sends large attachments from where they are', async () => {
    const size = 6_000_000;
    const message = new MailMessage({
      from: 'a@example.com',
      to: 'b@example.com',
      text: 'big',
      attachments: [{ filename: 'big.bin', content: Buffer.alloc(size, 'abc') }],
    });
    const packed = await packTnef(message);
    expect(packed.attachments[0]?.size).toBeGreaterThan(size);
    for (let time = 0; time < 2; time++) {
      const bytes = await packed.toBytes();
      const opened = await MailMessage.load(bytes);
      expect(opened.attachments[0]?.filename).toBe('big.bin');
      expect(
        Buffer.from((await opened.attachments[0]?.bytes()) ?? []).equals(Buffer.alloc(size, 'abc')),
      ).toBe(true);
    }
  });
});
