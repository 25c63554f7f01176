// What a file is, by what it holds.
import { Buffer } from 'node:buffer';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { MailMessage } from 'posthorn';
import { detectFormat } from 'posthorn/convert';
import { describe, expect, it } from 'vitest';
import { errorOf, fullMessage, stored, temporaryFolder } from './kit.ts';

const { put } = temporaryFolder();
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** A tar archive of one empty file, with its checksum. */
function tar(): Buffer {
  const block = Buffer.alloc(1024);
  block.write('mail/1.eml', 0);
  block.write('0000644\0', 100);
  block.write('        ', 148);
  let sum = 0;
  for (const octet of block.subarray(0, 512)) sum += octet;
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** A ZIP archive of files with these names. */
function zip(...names: string[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const name of names) {
    const content = deflateRawSync('x');
    const local = Buffer.alloc(30);
    local.write('PK\u0003\u0004', 'latin1');
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(content.length, 18);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.write('PK\u0001\u0002', 'latin1');
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    parts.push(local, latin1(name), content);
    directory.push(entry, latin1(name));
    at += 30 + name.length + content.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, list, end]);
}

/** The header of an Outlook data file. */
function pst(client: string): Buffer {
  const header = Buffer.alloc(600);
  header.write(`!BDN\0\0\0\0${client}\x17\0`, 'latin1');
  return header;
}

/** A compound file whose root has a class, and whose directory has one more entry, or whose table leads nowhere. */
function compound(rootClass: string, entry: string): Buffer {
  const file = Buffer.alloc(512 * 4, 0xff);
  file.write('d0cf11e0a1b11ae1', 0, 'hex');
  file.writeUInt16LE(9, 30);
  file.writeUInt32LE(1, 48); // The directory is in sector 1.
  file.writeUInt32LE(0, 76); // The allocation table is sector 0.
  file.writeUInt32LE(2, 512 + 4); // Sector 1 is followed by sector 2,
  file.writeUInt32LE(0xfffffffe, 512 + 8); // which is the last.
  file.fill(0, 1024);
  file.write(rootClass, 1024 + 80, 'hex');
  file.write(entry, 1024 + 512 + 128, 'utf16le');
  return file;
}

const message = 'From: a@b.test\r\nSubject: x\r\n\r\nbody\r\n';
const line = 'From a@b.test Thu Jan  1 10:00:00 2026\n';
const related = 'MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n';

describe('the content tells', () => {
  it.each<[string, string | Uint8Array, string | undefined]>([
    ['a message', message, 'eml'],
    ['a message that begins with empty lines', `\n\r\n${message}`, 'eml'],
    ['a message with CR alone', message.replaceAll('\r\n', '\r'), 'eml'],
    ['a message with a blank before the colon', 'From : a@b.test\n\nx', 'eml'],
    ['a message behind a separator line', line + message, 'eml'],
    ['a message with a byte order mark', `\ufeff${message}`, 'eml'],
    ['a message whose first line is broken', `oops\n${message}To: c@d.test\n`, undefined],
    ['a message with a broken first line', `oops\nTo: c@d.test\n${message}`, 'eml'],
    ['a message that quotes a page', `${message}<html>`, 'eml'],
    ['many messages', `${line}${message}\n${line}${message}`, 'mbox'],
    ['a message of Apple Mail', `6\nA: b\n\n<?xml version="1.0"?>\n<plist></plist>`, 'emlx'],
    ['one whose length is wrong', `999999\n${message}<plist></plist>\n`, 'emlx'],
    ['a number and text', '1234\n\nbody', undefined],
    ['an Outlook item', compound('0b0d020000000000c000000000000046', 'x'), 'msg'],
    ['a template', compound('46f0060000000000c000000000000046', 'x'), 'oft'],
    ['an item of a careless writer', compound('00'.repeat(16), '__properties_version1.0'), 'msg'],
    ['a document of Word', compound('0609020000000000c000000000000046', 'WordDocument'), undefined],
    ['a compound file that is cut', compound('00'.repeat(16), 'x').subarray(0, 600), undefined],
    ['winmail.dat', latin1('\x78\x9f\x3e\x22\x01\x00'), 'tnef'],
    [
      'a page of a browser',
      `Snapshot-Content-Location: x\nFrom: <Saved by Blink>\n${related}`,
      'mht',
    ],
    ['a page of Word', `${related}Content-Location: file:///C:/x.htm\n\n<html>`, 'mht'],
    ['mail with places', `Received: x\n${related}Content-Location: x\n\n<html>`, 'eml'],
    ['mail with pictures', `From: a@b.test\n${related}Content-ID: <x>\n\n<html>`, 'eml'],
    ['a web page', '<!DOCTYPE html><html>', 'html'],
    ['a web page behind a comment', '\n<!-- x -->\n<HTML lang=en>', 'html'],
    ['a web page in UTF-16', Buffer.from('\ufeff<html>', 'utf16le'), 'html'],
    ['XHTML', '<?xml version="1.0"?>\n<html xmlns="x">', 'html'],
    ['other XML', '<?xml version="1.0"?>\n<meta>', undefined],
    ['a calendar', 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n', 'ics'],
    ['an event alone', 'BEGIN:VEVENT\r\nEND:VEVENT\r\n', 'ics'],
    ['a contact', '\ufeffbegin:vcard\nFN:x\n', 'vcf'],
    ['Outlook data', pst('SM'), 'pst'],
    ['Outlook data of an account', pst('SO'), 'ost'],
    ['ZIP', zip('a.txt'), 'zip'],
    ['an empty ZIP', zip(), 'zip'],
    [
      'an archive of Outlook for Mac',
      zip('a', 'Local/com.microsoft.__Messages/Inbox/1.xml'),
      'olm',
    ],
    ['its list of categories first', zip('Categories.xml', 'a'), 'olm'],
    ['a ZIP that is cut', zip('a.txt').subarray(0, 40), 'zip'],
    ['tar in gzip', gzipSync(tar()), 'tgz'],
    ['tar in gzip that is cut', gzipSync(tar()).subarray(0, -12), 'tgz'],
    ['gzip of something else', gzipSync(message), undefined],
    ['gzip of zeros', gzipSync(Buffer.alloc(2000)), undefined],
    ['our JSON', '{\n  "posthorn": 1,\n  "from": []\n}', 'json'],
    ['other JSON', '{"a": 1}', undefined],
    ['a text with a colon', 'Note: see above\n\nTo: be done', undefined],
    ['a picture', latin1('\x89PNG\r\n'), undefined],
    ['nothing', '', undefined],
  ])('%s', async (_, content, format) => {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    expect(await detectFormat(bytes)).toBe(format);
  });

  it('whatever the name is', async () => {
    expect(await detectFormat(put('page.eml', '<html>'))).toBe('html');
    expect(await detectFormat(put('a.msg', message))).toBe('eml');
    expect(await detectFormat(put('a.pst', 'nothing of the kind'))).toBeUndefined();
  });

  it('and the name, where it can be read both ways', async () => {
    expect(await detectFormat(put('one.mbox', line + message))).toBe('mbox');
    expect(await detectFormat(put('saved.mht', `From: a@b.test\n${related}`))).toBe('mht');
  });

  it('of streams and Blobs too', async () => {
    expect(await detectFormat(new Blob(['BEGIN:VCARD\n']))).toBe('vcf');
    const stream = (async function* () {
      yield Buffer.from('BEGIN:VC');
      yield Buffer.from('ARD\r\n');
    })();
    expect(await detectFormat(stream)).toBe('vcf');
  });

  it('of everything that is written', async () => {
    const mail = await stored(fullMessage());
    for (const format of [
      'eml',
      'emlx',
      'msg',
      'oft',
      'tnef',
      'mht',
      'html',
      'ics',
      'json',
    ] as const) {
      expect(await detectFormat(await mail.toBytes(format)), format).toBe(format);
    }
  });

  it('says which file can not be read', async () => {
    const error = await errorOf(() => detectFormat('/nowhere/x.eml'));
    expect(error.code).toBe('FILE_INACCESSIBLE');
    expect(error.message).toMatch(/^The file '\/nowhere\/x\.eml' can't be read/);
  });
});

describe('loading', () => {
  it.each<[string, string | Uint8Array, string]>([
    [
      'Outlook data',
      pst('SM'),
      'This is not one message but an Outlook data file (PST); give a file of one message',
    ],
    [
      'an archive',
      zip('Categories.xml'),
      'This is not one message but an archive of Outlook for Mac (OLM); give a file of one message',
    ],
    [
      'another compound file',
      compound('00'.repeat(16), 'Workbook'),
      'This is a compound file of another program than Outlook; give a message file',
    ],
  ])('refuses %s', async (_, bytes, message) => {
    const error = await errorOf(() => MailMessage.load(Buffer.from(bytes)));
    expect(error).toMatchObject({ name: 'FormatError', code: 'FORMAT_INVALID', message });
  });

  it('believes the format that is said', async () => {
    expect((await MailMessage.load(Buffer.from('<p>x'), { format: 'eml' })).problems[0]?.code).toBe(
      'header-missing',
    );
    expect((await MailMessage.load(Buffer.from('<p>x'), { format: 'text' })).text).toBe('<p>x\n');
    const error = await errorOf(() => MailMessage.load(Buffer.from('x'), { format: 'msg' }));
    expect(error).toMatchObject({ code: 'FORMAT_INVALID' });
  });

  it('reads mail that looks a little like something else', async () => {
    expect((await MailMessage.load(Buffer.from('<x@y>: z\nSubject: a\n\nb'))).subject).toBe('a');
  });
});
