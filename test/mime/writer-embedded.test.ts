import { Buffer } from 'node:buffer';
import { simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import {
  type ParsedEntity,
  parseEntity,
  type RenderOptions,
  render,
} from '../../src/mime/index.ts';
import { leaf, message, multipart, text, written } from './writer-support.ts';

async function embed(bytes: Uint8Array, options: RenderOptions = {}): Promise<ParsedEntity> {
  const body = { kind: 'message' as const, bytes };
  const tree = message(multipart('mixed', text('see below'), leaf('message/rfc822', body)));
  const part = parseEntity(await written(render(tree, options))).parts[1];
  if (!part) throw new Error('no message inside');
  return part;
}

function inside(part: ParsedEntity): ParsedEntity {
  const inner = part.message();
  if (!inner) throw new Error('no message inside');
  return inner;
}

const mail = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'), 'utf8');

const latin = Buffer.from(
  'From: a@x.example\r\nSubject: x\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGr\xfc\xdfe\r\n',
  'latin1',
);

describe('a message inside a message', () => {
  test('is written octet for octet when it can travel', async () => {
    const bytes = mail('Subject: x', '', 'body', '', '--a', 'b');
    const part = await embed(bytes);
    expect(part.encoding).toBe('7bit');
    expect(Buffer.from(part.raw).equals(bytes)).toBe(true);
    const eight = await embed(latin, { eightBit: true });
    expect(eight.encoding).toBe('8bit');
    expect(Buffer.from(eight.raw).equals(latin)).toBe(true);
  });

  test('with bare line ends gets CRLF', async () => {
    const part = await embed(Buffer.from('Subject: x\n\nbody\r\nmore\rend'));
    expect(Buffer.from(part.raw).toString()).toBe('Subject: x\r\n\r\nbody\r\nmore\r\nend');
  });

  test('without 8BITMIME: its text is re-encoded, its content stays', async () => {
    const part = await embed(latin);
    const inner = inside(part);
    expect(part.encoding).toBe('7bit');
    expect(Buffer.from(part.raw).toString('latin1')).toBe(
      'From: a@x.example\r\nSubject: x\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGr=FC=DFe\r\n',
    );
    expect(inner.text()).toBe('Grüße\n');
    const parsed = await simpleParser(Buffer.from(part.raw));
    expect(parsed.text).toBe('Grüße\n');
  });

  test('only the parts that need it are re-encoded', async () => {
    const bytes = mail(
      'Subject: x',
      'Content-Type: multipart/mixed; boundary=b',
      'Content-Transfer-Encoding: 8bit',
      '',
      'preamble',
      '--b',
      'Content-Type: text/plain; charset=utf-8',
      'X-Kept:  as  it  is',
      '',
      'plain',
      '--b',
      'Content-Type: text/html; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      '<p>Grüße</p>',
      '--b',
      'Content-Type: image/x',
      'Content-Transfer-Encoding: binary',
      '',
      'ÿØÿà',
      '--b--',
      'epilogue',
    );
    const part = await embed(bytes);
    const inner = inside(part);
    const raw = Buffer.from(part.raw).toString('latin1');
    expect(raw).toContain('preamble\r\n--b\r\n');
    expect(raw).toContain('utf-8\r\nX-Kept:  as  it  is\r\n\r\nplain\r\n--b\r\n');
    expect(raw).toContain('Content-Transfer-Encoding: 7bit\r\n\r\npreamble');
    expect(raw.endsWith('--b--\r\nepilogue')).toBe(true);
    const [plain, html, image] = inner.parts;
    expect([plain?.encoding, html?.encoding, image?.encoding]).toEqual([
      '7bit',
      'quoted-printable',
      'base64',
    ]);
    expect([plain?.text(), html?.text()]).toEqual(['plain', '<p>Grüße</p>']);
    expect(Buffer.from(image?.content() ?? []).toString()).toBe('ÿØÿà');
  });

  test('8-bit headers become encoded words', async () => {
    const bytes = mail(
      'From: Jörg "Müller, Ä" <j@x.example>, b@x.example',
      'Subject: Grüße =?utf-8?Q?=41?=',
      'References: <a@b>',
      'X-Odd: é',
      'Content-Type: text/plain; name="ü.txt"',
      'Content-Disposition: attachment; filename="ü.txt"',
      '',
      'body',
    );
    const part = await embed(bytes);
    const inner = inside(part);
    expect(part.encoding).toBe('7bit');
    expect(inner.headers.get('Subject')).toBe('Grüße A');
    expect(inner.headers.get('X-Odd')).toBe('é');
    expect(inner.headers.raw('References')).toBe(' <a@b>');
    expect(inner.headers.get('From')).toContain('<j@x.example>, b@x.example');
    expect(inner.headers.get('From')).toContain('Jörg');
    expect(inner.filename).toBe('ü.txt');
    expect(Buffer.from(inner.raw).toString()).toBe('body');
  });

  test('long lines are re-encoded, whatever the server takes', async () => {
    const long = 'x'.repeat(2000);
    const base64 = Buffer.alloc(3000, 'posthorn').toString('base64');
    const bytes = mail(
      `X-Long: ${'word '.repeat(400)}`,
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      long,
      '--b',
      'Content-Type: a/b',
      'Content-Transfer-Encoding: base64',
      '',
      base64,
      '--b--',
      '',
    );
    for (const options of [{}, { eightBit: true }]) {
      const inner = inside(await embed(bytes, options));
      expect(inner.parts[0]?.text()).toBe(long);
      expect(Buffer.from(inner.parts[1]?.content() ?? []).toString('base64')).toBe(base64);
      expect(inner.headers.get('X-Long')).toBe('word '.repeat(400).trim());
    }
  });

  test('a message in the message in the message', async () => {
    const middle = Buffer.concat([
      mail(
        'Subject: middle',
        'Content-Type: message/rfc822',
        'Content-Transfer-Encoding: 8bit',
        '',
        '',
      ),
      latin,
    ]);
    const inner = inside(await embed(middle));
    expect(inner.encoding).toBe('7bit');
    expect(inner.message()?.text()).toBe('Grüße\n');
  });

  test.each([
    [
      'signed',
      mail(
        'Content-Type: multipart/signed; boundary=b',
        '',
        '--b',
        '',
        'é',
        '--b',
        'Content-Type: application/pgp-signature',
        '',
        'sig',
        '--b--',
        '',
      ),
    ],
    ['of an unknown encoding', mail('Content-Transfer-Encoding: x-mine', '', 'é')],
    ['with a mailbox that is not ASCII', mail('From: jörg@x.example', '', 'a')],
    [
      'with 8 bits between its parts',
      mail('Content-Type: multipart/mixed; boundary=b', '', 'é', '--b', '', 'a', '--b--'),
    ],
    ['with NUL in its header', mail('Subject: \0é', '', 'a')],
  ])('%s: base64, whole', async (_, bytes) => {
    const part = await embed(bytes);
    expect(part.encoding).toBe('base64');
    expect(Buffer.from(part.content()).equals(bytes)).toBe(true);
  });

  test('that is too deep to read: base64, whole', async () => {
    let deep = mail('Subject: x', '', 'é');
    for (let depth = 0; depth < 120; depth += 1) {
      deep = Buffer.concat([
        mail(`Content-Type: multipart/mixed; boundary=b${depth}`, '', `--b${depth}`, ''),
        deep,
      ]);
    }
    expect((await embed(deep)).encoding).toBe('base64');
  });

  test('an empty one', async () => {
    expect((await embed(new Uint8Array(0))).raw).toHaveLength(0);
  });
});
