// What other readers of mail are known to get wrong, one test for each.
import { describe, expect, test } from 'vitest';
import { MailMessage } from '../../../src/message/index.ts';
import { parseEntity, readAddressList } from '../../../src/mime/index.ts';
import { octets, text } from './eml.ts';

const header = (line: string): MailMessage => MailMessage.parse(octets(`${line}\n\nx`));
const inParts = (...parts: string[]): MailMessage =>
  MailMessage.parse(
    octets(
      `Content-Type: multipart/mixed; boundary=b\n\n${parts.map((it) => `--b\n${it}\n`).join('')}--b--\n`,
    ),
  );
const named = (value: string): string[][] =>
  readAddressList(value).addresses.map((it) =>
    'members' in it
      ? [it.name, ...it.members.map(({ address }) => address)]
      : [it.name, it.address],
  );
const body = (charset: string, bytes: string): string =>
  parseEntity(octets(`Content-Type: text/plain; charset=${charset}\n\n${bytes}`), {
    utf7: true,
  }).text();

describe('headers', () => {
  test('a date that can not be read is not now', () => {
    expect(header('Date: next week').date).toBeUndefined();
  });

  test('raw octets inside an encoded word are in its charset', () => {
    expect(header('Subject: =?iso-8859-1?Q?Fr\xf6sche?=').subject).toBe('Frösche');
    expect(header('Subject: =?koi8-r?Q?\xf0=D2=C9?=').subject).toBe('При');
  });

  test('raw octets outside of one are UTF-8 or windows-1252', () => {
    expect(header('Subject: Fr\xf6sche \x80').subject).toBe('Frösche €');
    expect(header('Subject: Fr\xc3\xb6sche').subject).toBe('Frösche');
  });

  test('a character may be divided between encoded words', () => {
    expect(header('Subject: =?utf-8?B?44M=?= =?utf-8?B?hg==?=').subject).toBe('テ');
    expect(header('Subject: =?iso-2022-jp?B?GyRCJUY=?=\n =?iso-2022-jp?B?GyhC?=').subject).toBe(
      'テ',
    );
  });

  test.each([
    ['c@(the host)public.example', [['the host', 'c@public.example']]],
    ['Mary <@a.test,@b.test:mary@x.test>', [['Mary', 'mary@x.test']]],
    ['jdoe@test . example', [['', 'jdoe@test.example']]],
    ['A Group: a@x.test; (the end of the group)', [['A Group', 'a@x.test']]],
    ['"First" M. "Last" <a@x.test>', [['First M. Last', 'a@x.test']]],
    [
      'a@x.test b@x.test',
      [
        ['', 'a@x.test'],
        ['', 'b@x.test'],
      ],
    ],
  ])('%s', (value, expected) => {
    expect(named(value)).toEqual(expected);
  });
});

describe('charsets', () => {
  test('windows-1252 has no control characters from 0x80 to 0x9F', () => {
    expect(body('windows-1252', '\x80\x93x\x94')).toBe('€“x”');
    expect(body('iso-8859-1', '\x80')).toBe('€');
  });

  test.each([
    ['cp437', '\x81', 'ü'],
    ['ibm850', '\x81', 'ü'],
    ['iso-8859-16', '\xaa', 'Ș'],
    ['utf-7', '+APw-', 'ü'],
    ['iso-2022-kr', '\x1b$)C\x0e1[\x0f', '글'],
    ['hz-gb-2312', '~{VP~}', '中'],
    ['utf-32', '\0\0\0\xfc', 'ü'],
    ['cp932', '\x82\xa0', 'あ'],
    ['cp949', '\xb0\xa1', '가'],
    ['ansi_x3.4-1968', 'x', 'x'],
    ['x-mac-cyrillic', '\x80', 'А'],
  ])('%s', (charset, bytes, expected) => {
    expect(body(charset, bytes)).toBe(expected);
  });

  test('a name may be in any of them', () => {
    const { attachments } = MailMessage.parse(
      octets("Content-Disposition: attachment; filename*=x-mac-cyrillic''%80.txt\n\nx"),
    );
    expect(attachments[0]?.filename).toBe('А.txt');
    expect(header('Subject: =?ansi_x3.4-1968?Q?x?=').subject).toBe('x');
  });
});

describe('parts', () => {
  test('an attachment comes back octet for octet', async () => {
    const content = '-----BEGIN PGP SIGNATURE-----\r\nabc\n\r\n';
    for (const encoding of ['7bit', '8bit', 'binary']) {
      const { attachments } = inParts(
        `Content-Disposition: attachment\nContent-Transfer-Encoding: ${encoding}\n\n${content}`,
      );
      expect(text((await attachments[0]?.bytes()) ?? octets(''))).toBe(content);
    }
  });

  test('uuencode as a transfer encoding is undone', async () => {
    const { attachments } = inParts(
      'Content-Type: application/x\nContent-Transfer-Encoding: x-uuencode\n\nbegin 644 a\n#86)C\n`\nend',
    );
    expect(text((await attachments[0]?.bytes()) ?? octets(''))).toBe('abc');
  });

  test('a message in the message and a delivery status are attachments, and nothing of them is in the text', () => {
    const message = inParts(
      '\nHello',
      'Content-Type: message/delivery-status\n\nReporting-MTA: dns; x.test',
      'Content-Type: message/rfc822\n\nSubject: inner\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\ninner text\n--i\nContent-Disposition: attachment\n\nfile\n--i--',
    );
    expect(message.text).toBe('Hello');
    expect(message.attachments.map(({ contentType }) => contentType)).toEqual([
      'message/delivery-status',
      'message/rfc822',
    ]);
    expect(message.attachments[1]?.message?.subject).toBe('inner');
  });

  test('HTML is as it was written, whatever text stands beside it', () => {
    const message = inParts('Content-Type: text/html\n\n<p>Hello</p>', '\nfooter');
    expect(message.html).toContain('<p>Hello</p>');
    expect(message.html).not.toContain('<br');
    expect(message.text).toContain('footer');
  });

  test('a named text part that is not the first is an attachment', () => {
    const message = inParts('\nHello', 'Content-Type: text/plain; name=notes.txt\n\nnotes');
    expect(message.text).toBe('Hello');
    expect(message.attachments.map(({ filename }) => filename)).toEqual(['notes.txt']);
  });
});
