import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ParsedEntity, parseEntity } from '../../../src/mime/index.ts';
import { octets, text } from './eml.ts';

const part = (header: string, body: string): ParsedEntity =>
  parseEntity(octets(`${header}\r\n\r\n${body}`));
const decoded = (encoding: string, body: string): string =>
  text(part(`Content-Transfer-Encoding: ${encoding}`, body).content());

describe('an attachment comes back octet for octet', () => {
  const any = fc.uint8Array({ maxLength: 200 });
  const inParts = (header: string, body: string): Uint8Array => {
    const source = `Content-Type: multipart/mixed; boundary="=b"\r\n\r\n--=b\r\n${header}\r\n\r\n${body}\r\n--=b--\r\n`;
    return parseEntity(octets(source)).parts[0]?.content() ?? octets('?');
  };

  test.each(['7bit', '8bit', 'binary', ''])('in %j', (encoding) => {
    fc.assert(
      fc.property(any, (bytes) => {
        // Binary content must not hold the boundary; nothing else is asked of it.
        fc.pre(!text(bytes).includes('--=b'));
        const header = `Content-Type: application/x${encoding && `\r\nContent-Transfer-Encoding: ${encoding}`}`;
        expect(text(inParts(header, text(bytes)))).toBe(text(bytes));
      }),
      { numRuns: 100 },
    );
  });

  test('in base64', () => {
    fc.assert(
      fc.property(any, (bytes) => {
        const lines = Buffer.from(bytes)
          .toString('base64')
          .replace(/(.{76})/g, '$1\r\n');
        expect(text(inParts('Content-Transfer-Encoding: BASE64', lines))).toBe(text(bytes));
      }),
      { numRuns: 100 },
    );
  });

  test('in uuencode', () => {
    fc.assert(
      fc.property(any, (bytes) => {
        const body = `begin 644 a.bin\r\n${uuencode(bytes)}\`\r\nend\r\n`;
        expect(text(inParts('Content-Transfer-Encoding: x-uuencode', body))).toBe(text(bytes));
        // Spaces at line ends are often lost on the way.
        const trimmed = body.replaceAll('`', ' ').replace(/ +\r\n/g, '\r\n');
        expect(text(inParts('Content-Transfer-Encoding: uuencode', trimmed))).toBe(text(bytes));
      }),
      { numRuns: 100 },
    );
  });
});

/** As the POSIX utility writes it, with a grave accent for zero. */
function uuencode(bytes: Uint8Array): string {
  let out = '';
  for (let at = 0; at < bytes.length; at += 45) {
    const line = bytes.subarray(at, at + 45);
    out += String.fromCharCode(32 + line.length);
    for (let group = 0; group < line.length; group += 3) {
      const [a = 0, b = 0, c = 0] = line.subarray(group, group + 3);
      for (const six of [a >> 2, ((a & 3) << 4) | (b >> 4), ((b & 15) << 2) | (c >> 6), c & 63]) {
        out += six === 0 ? '`' : String.fromCharCode(32 + six);
      }
    }
    out += '\r\n';
  }
  return out;
}

describe('uuencode', () => {
  test('without a begin line, or with text before it', () => {
    expect(decoded('x-uuencode', '#86)C\nend\n')).toBe('abc');
    expect(decoded('x-uuencode', 'see the file\n\nbegin 0644 x\n#86)C\n`\nend\ntrailer\n')).toBe(
      'abc',
    );
  });

  test('skips lines that are not encoded', () => {
    expect(
      decoded(
        'x-uuencode',
        'begin 644 x\n#86)C\nthis line is much too long for its count\n#9&5F\nend',
      ),
    ).toBe('abcdef');
  });

  test('of nothing', () => {
    expect(decoded('x-uuencode', '')).toBe('');
  });
});

describe('transfer encodings', () => {
  test.each([
    ['Base64', 'YWJj', 'abc', 'base64'],
    [' base64 (a comment)', 'YWJj', 'abc', 'base64'],
    ['"base64"', 'YWJj', 'abc', 'base64'],
    ['base64;', 'YWJj', 'abc', 'base64'],
    ['Quoted-Printable', 'a=3Db=\r\nc', 'a=bc', 'quoted-printable'],
    ['quoted/printable', 'a=3D', 'a=', 'quoted-printable'],
    ['7-bit', 'a=3D', 'a=3D', '7bit'],
    ['8-Bit', 'a=3D', 'a=3D', '8bit'],
    ['x-yenc', 'a=3D', 'a=3D', 'x-yenc'],
    ['', 'a=3D', 'a=3D', '7bit'],
  ])('%j', (written, body, content, encoding) => {
    const entity = part(`Content-Transfer-Encoding: ${written}`, body);
    expect(entity.encoding).toBe(encoding);
    expect(text(entity.content())).toBe(content);
    expect(text(entity.raw)).toBe(body);
  });

  test.each([
    [
      'base64 with lines of any length and characters that are none',
      'base64',
      'Y!W\r\n\r\nJ j\t==',
      'abc',
    ],
    ['base64 without its padding', 'base64', 'YWI', 'ab'],
    [
      'quoted-printable with escapes that are none',
      'quoted-printable',
      '=ZZ =4 =3d =',
      '=ZZ =4 = ',
    ],
    [
      'quoted-printable with white space at line ends',
      'quoted-printable',
      'a \t\r\nb=  \r\nc',
      'a\r\nbc',
    ],
  ])('%s', (_name, encoding, body, content) => {
    expect(decoded(encoding, body).replace(/=$/, '')).toBe(content);
  });

  test('of a multipart is ignored', () => {
    const message = part(
      'Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: base64',
      '--b\r\n\r\none\r\n--b--',
    );
    expect(message.parts[0]?.text()).toBe('one');
    expect(message.problems.map(({ code }) => code)).toEqual(['encoding-on-multipart']);
  });
});

describe('text', () => {
  test.each([
    ['windows-1252', '\x80\x93\xe9', '€“é'],
    ['iso-8859-1', '\xe9', 'é'],
    ['us-ascii', '\xe9', 'é'],
    ['utf-8', '\xc3\xa9', 'é'],
    ['koi8-r', '\xf0\xd2\xc9', 'При'],
    ['shift_jis', '\x93\xfa', '日'],
  ])('in %s', (charset, body, value) => {
    expect(part(`Content-Type: text/plain; charset=${charset}`, body).text()).toBe(value);
  });

  test('without a charset is UTF-8, or in the fallback when it can not be', () => {
    const read = (body: string): string =>
      parseEntity(octets(`X: y\n\n${body}`), { fallbackCharset: 'latin1' }).text();
    expect(part('X: y', '\xc3\xa9').text()).toBe('é');
    expect(part('X: y', 'caf\xe9\x80').text()).toBe('caf\ufffd');
    expect(read('\xc3\xa9')).toBe('é');
    expect(read('caf\xe9\x80')).toBe('café€');
  });

  test('in an unknown charset is guessed, and that is told', () => {
    const entity = part('Content-Type: text/plain; charset=x-klingon', '\xc3\xa9');
    expect(entity.text()).toBe('é');
    expect(entity.problems.map(({ code }) => code)).toEqual(['charset-unknown', 'eight-bit']);
  });

  test('has LF as line end', () => {
    expect(part('X: y', 'a\r\nb\nc\rd\r\n').text()).toBe('a\nb\nc\nd\n');
  });

  test('in format=flowed is joined, html is not', () => {
    const flowed = 'format=flowed; delsp=YES';
    expect(part(`Content-Type: text/plain; ${flowed}`, 'a \r\nb\r\n c').text()).toBe('ab\nc');
    expect(part('Content-Type: text/plain; format=flowed', 'a \r\nb').text()).toBe('a b');
    expect(part(`Content-Type: text/html; ${flowed}`, 'a \r\nb').text()).toBe('a \nb');
  });

  test('content and text are not cached: a change of one reading is not seen by the next', () => {
    const entity = part('Content-Transfer-Encoding: base64', 'YWJj');
    entity.content().fill(0);
    expect(text(entity.content())).toBe('abc');
  });
});

describe('a text that says base64', () => {
  const textOf = (body: string): string =>
    parseEntity(
      Buffer.from(`Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n${body}`),
    ).text();

  test('and is plain words is read as it is', () => {
    const words = 'This was never encoded at all\r\nby whoever wrote the header';
    expect(textOf(words)).toBe(words.replace('\r\n', '\n'));
  });

  test('and is base64 with blanks in it is decoded', () => {
    const encoded = Buffer.from('Grüße aus München').toString('base64');
    expect(textOf(`${encoded.slice(0, 7)} ${encoded.slice(7)}`)).toBe('Grüße aus München');
  });
});
