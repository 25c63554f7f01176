// Apple Mail's files: the message, what is noted of it, and the parts that stand beside it.
import { Buffer } from 'node:buffer';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { MailMessage } from 'posthorn';
import { convert, emlxState } from 'posthorn/convert';
import { describe, expect, it } from 'vitest';
import { errorOf, temporaryFolder } from './kit.ts';

const { folder, put } = temporaryFolder();

const message =
  'From: ann@example.com\nSubject: Grüße\nContent-Type: text/plain; charset=utf-8\n\nHi\n';

function plist(entries: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n<plist version="1.0">\n<dict>\n${entries}</dict>\n</plist>\n`;
}

/** A file with a flag for each bit. */
function emlx(flags: number, text = message, more = ''): Buffer {
  const list = plist(
    `\t<key>date-received</key>\n\t<integer>1772359200</integer>\n\t<key>flags</key>\n\t<integer>${flags}</integer>\n${more}`,
  );
  return Buffer.from(`${Buffer.byteLength(text)}       \n${text}${list}`);
}

describe('EMLX', () => {
  it('is the message, and what is noted of it', async () => {
    const flags = 1 + 4 + 16 + 2 ** 33;
    const mail = await MailMessage.load(
      emlx(flags, message, '\t<key>remote-id</key>\n\t<string>a &amp; b</string>\n'),
    );
    expect(mail.subject).toBe('Grüße');
    expect(mail.text).toBe('Hi\n');
    expect(mail.problems).toEqual([]);
    expect(emlxState(mail)).toEqual({
      isRead: true,
      isAnswered: true,
      isFlagged: true,
      isForwarded: false,
      isDeleted: false,
      isDraft: false,
      isJunk: false,
      receivedAt: new Date('2026-03-01T10:00:00Z'),
      entries: new Map<string, string | number>([
        ['date-received', 1772359200],
        ['flags', flags],
        ['remote-id', 'a & b'],
      ]),
    });
    expect(emlxState(MailMessage.parse(message))).toBeUndefined();
  });

  it('is written as it was', async () => {
    const file = emlx(25803555845);
    const mail = await MailMessage.load(file);
    expect(Buffer.from(await mail.toBytes('emlx'))).toEqual(file);
    expect(Buffer.from(await mail.toBytes())).toEqual(Buffer.from(message));
  });

  it('keeps its notes when the message changes', async () => {
    const mail = await MailMessage.load(emlx(1));
    mail.subject = 'changed';
    const again = await MailMessage.load(await mail.toBytes('emlx'));
    expect(again.subject).toBe('changed');
    expect(emlxState(again)?.isRead).toBe(true);
  });

  it('of a message from elsewhere has its date and counts its parts', async () => {
    const mail = new MailMessage({
      from: 'a@b.test',
      date: new Date('2026-03-01T10:00:00Z'),
      attachments: [{ content: 'x' }, { content: 'y' }],
    });
    const bytes = Buffer.from(await mail.toBytes('emlx'));
    expect(bytes.toString()).toMatch(/^\d+ {6,7}\nFrom: a@b\.test\r\n/);
    expect(bytes.indexOf('\n')).toBe(10);
    expect(emlxState(await MailMessage.load(bytes))?.entries).toEqual(
      new Map([
        ['date-received', 1772359200],
        ['flags', 2048],
      ]),
    );
  });

  it('comes back the same, whatever the message is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (body) => {
        const octets = Buffer.concat([Buffer.from('Subject: x\n\n'), body]);
        const file = await MailMessage.parse(octets).toBytes('emlx');
        const back = await MailMessage.load(file, { format: 'emlx' });
        expect(Buffer.from(await back.toBytes())).toEqual(octets);
      }),
      { numRuns: 100 },
    );
  });

  it('with a wrong length is put right, and says so', async () => {
    const file = Buffer.from(emlx(1).toString().replace(/^\d+/, '9'));
    const mail = await MailMessage.load(file);
    expect(mail.text).toBe('Hi\n');
    expect(mail.problems).toEqual([
      {
        code: 'file-damaged',
        message: 'The length in the first line is not that of the message',
        offset: 0,
        line: 1,
      },
    ]);
  });

  it('is refused when it is none', async () => {
    const error = await errorOf(() => MailMessage.load(Buffer.from(message), { format: 'emlx' }));
    expect(error).toMatchObject({
      name: 'FormatError',
      code: 'FORMAT_INVALID',
      message:
        'This is not a message of Apple Mail (EMLX): its first line is not the length of the message',
    });
  });

  it('loses its notes in other formats, which is told', async () => {
    const { losses } = await convert(emlx(17), undefined, { to: 'eml' });
    expect(losses).toEqual([
      { code: 'state-lost', message: 'Apple Mail noted that it is read, flagged' },
    ]);
    expect((await convert(emlx(17), undefined, { to: 'emlx' })).losses).toEqual([]);
  });

  it('of a large file is read by ranges', async () => {
    const path = join(folder, 'large.emlx');
    const text = `Subject: large\n\n${'x'.repeat(70)}\n`.padEnd(6_000_000, 'y\n');
    await writeFile(path, emlx(1, text));
    const mail = await MailMessage.load(path);
    expect(mail.root.source.bytes).toBeUndefined();
    expect(mail.root.source.size).toBe(text.length);
    await mail.save(join(folder, 'again.emlx'));
    expect((await MailMessage.load(join(folder, 'again.emlx'))).subject).toBe('large');
  });
});

describe('partial EMLX', () => {
  const partial = [
    'Subject: parts',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    '',
    'text',
    '--b',
    'Content-Type: text/plain; name=a.txt',
    'Content-Disposition: attachment; filename=a.txt',
    'X-Apple-Content-Length: 5',
    '',
    '',
    '--b',
    'Content-Type: multipart/mixed; boundary=c',
    '',
    '--c',
    'Content-Type: image/png; name=b.png',
    'Content-ID: <pic>',
    'X-Apple-Content-Length: 7',
    '',
    '',
    '--c--',
    '--b--',
    '',
  ].join('\n');

  it('takes its parts from beside it, and tells what is nowhere', async () => {
    const path = put('Messages/12.partial.emlx', emlx(1, partial));
    put('Attachments/12/2/a.txt', 'hello');
    put('Attachments/12/2/.DS_Store', 'x');
    const mail = await MailMessage.load(path);
    const [a, b] = mail.attachments;
    expect(a?.filename).toBe('a.txt');
    expect(Buffer.from((await a?.bytes()) ?? []).toString()).toBe('hello');
    expect(await b?.bytes()).toHaveLength(0);
    expect(mail.problems).toEqual([
      {
        code: 'attachment-missing',
        message: "Part 3.1 ('b.png') is not in the file: its 7 octets were left out by Apple Mail",
        offset: 0,
        line: 1,
      },
    ]);
    const sent = MailMessage.parse(await mail.toBytes());
    const sentA = sent.attachments.find(({ filename }) => filename === 'a.txt');
    expect(sent.attachments).toHaveLength(2);
    expect(Buffer.from((await sentA?.bytes()) ?? []).toString()).toBe('hello');
  });

  it('takes nothing when it is not a file', async () => {
    const mail = await MailMessage.load(emlx(1, partial));
    expect(mail.problems.map(({ code }) => code)).toEqual([
      'attachment-missing',
      'attachment-missing',
    ]);
    expect(Buffer.from(await mail.toBytes('emlx'))).toEqual(emlx(1, partial));
  });
});
