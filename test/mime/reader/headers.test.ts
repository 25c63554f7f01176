import { describe, expect, test } from 'vitest';
import { type ParsedHeaders, parseEntity } from '../../../src/mime/index.ts';
import { octets } from './eml.ts';

const headersOf = (source: string): ParsedHeaders => parseEntity(octets(source)).headers;

describe('fields', () => {
  test('keep name, raw value, offset and order', () => {
    const source = 'Received: a\r\nX-Empty:\r\nSubject : one\r\n\ttwo \r\nreceived:b\r\n\r\n';
    expect(headersOf(source).fields).toEqual([
      { name: 'Received', raw: ' a', offset: 0 },
      { name: 'X-Empty', raw: '', offset: 13 },
      { name: 'Subject', raw: ' one\r\n\ttwo ', offset: 23 },
      { name: 'received', raw: 'b', offset: source.indexOf('received') },
    ]);
    expect(headersOf(source).fields.map(({ value }) => value)).toEqual(['a', '', 'one\ttwo', 'b']);
  });

  test('are found by name without regard to case; the first one counts', () => {
    const headers = headersOf('To: a\nTO: b\nto: c\n\n');
    expect(headers.get('tO')).toBe('a');
    expect(headers.raw('TO')).toBe(' a');
    expect(headers.getAll('To')).toEqual(['a', 'b', 'c']);
    expect(headers.get('Cc')).toBeUndefined();
    expect(headers.raw('Cc')).toBeUndefined();
    expect(headers.getAll('Cc')).toEqual([]);
  });

  test('are not found in what an object inherits', () => {
    expect(headersOf('A: b\n\n').get('constructor')).toBeUndefined();
    expect(headersOf('__proto__: b\n\n').get('__proto__')).toBe('b');
  });
});

describe('values', () => {
  test.each([
    ['folded', 'a\r\n b\r\n\tc', 'a b\tc'],
    ['folded before the first word', '\r\n a', 'a'],
    ['with a CR that ends no line', 'a\rb', 'a b'],
    ['folded on an empty line', 'a\r\n \r\n b', 'a  b'],
    ['an encoded word', '=?utf-8?B?w6k=?=', 'é'],
    ['a character cut by two encoded words', '=?utf-8?Q?=C3?=\r\n =?utf-8?Q?=A9?=', 'é'],
    ['a raw octet in an encoded word', '=?iso-8859-1?Q?Fr\xf6sche?=', 'Frösche'],
    ['raw UTF-8', 'Gr\xc3\xbc\xc3\x9fe', 'Grüße'],
    ['raw windows-1252', '\x80 \x93x\x94 \xe9', '€ “x” é'],
  ])('%s', (_name, raw, value) => {
    expect(headersOf(`Subject: ${raw}\r\n\r\n`).get('Subject')).toBe(value);
  });
});

describe('lines that are no fields', () => {
  test.each([
    [
      'a mailbox separator',
      'From ann Thu Jan 1 00:00:00 1970\nA: 1\n\nx',
      ['A'],
      'x',
      'mbox-line',
      1,
    ],
    ['a quoted separator', 'A: 1\n>From ann\nB: 2\n\nx', ['A', 'B'], 'x', 'mbox-line', 2],
    ['a byte order mark', '\xef\xbb\xbfA: 1\n\nx', ['A'], 'x', 'byte-order-mark', 1],
    [
      'empty lines before the header',
      '\n\r\nSubject: 1\n\nx',
      ['Subject'],
      'x',
      'header-line-invalid',
      2,
    ],
    [
      'white space before the header',
      '  \nSubject: 1\n\nx',
      ['Subject'],
      'x',
      'header-line-invalid',
      1,
    ],
    [
      'a fold that was lost',
      'Received: a\nby b\nfor c\nSubject: 1\n\nx',
      ['Received', 'Subject'],
      'x',
      'header-line-invalid',
      2,
    ],
    [
      'text without an empty line before',
      'Subject: 1\nhello\nnote: x\n\ny',
      ['Subject'],
      'hello\nnote: x\n\ny',
      'header-separator-missing',
      2,
    ],
    ['text and no header', 'hello\nX: x\n\ny', [], 'hello\nX: x\n\ny', 'header-missing', 1],
    [
      'a line before the header',
      'POST / HTTP/1.1\nHost: x\nSubject: x\n\ny',
      ['Subject'],
      'y',
      'header-line-invalid',
      1,
    ],
    ['an empty line and text', '\nhello', [], 'hello', 'header-missing', 2],
    [
      'a line that begins with a colon',
      'A: 1\n: x\n\ny',
      ['A'],
      ': x\n\ny',
      'header-separator-missing',
      2,
    ],
    [
      'a name with a control character',
      'A: 1\nB\x01: x\n\ny',
      ['A'],
      'B\x01: x\n\ny',
      'header-separator-missing',
      2,
    ],
  ])('%s', (_name, source, names, body, code, line) => {
    const message = parseEntity(octets(source));
    expect(message.headers.fields.map(({ name }) => name)).toEqual(names);
    expect(message.text()).toBe(body);
    expect(message.problems.map((problem) => [problem.code, problem.line])).toEqual([[code, line]]);
  });

  test('a header that ends with the input', () => {
    const message = parseEntity(octets('A: 1\nB: 2'));
    expect(message.headers.get('B')).toBe('2');
    expect(message.text()).toBe('');
    expect(message.problems).toEqual([]);
  });
});

describe('Content-Type', () => {
  test.each([
    ['TEXT/HTML; Charset=UTF-8', 'text/html', 'UTF-8'],
    ['text/html charset=utf-8', 'text/html', 'utf-8'],
    ['text/html\tcharset=utf-8', 'text/html', 'utf-8'],
    ['text/html (a comment); charset=utf-8', 'text/html', 'utf-8'],
    ['text / html; charset="utf-8"', 'text/html', 'utf-8'],
    ['"text/html"; charset=utf-8', 'text/html', 'utf-8'],
    ['text/html\r\n ;\r\n charset=utf-8', 'text/html', 'utf-8'],
  ])('%j', (raw, value, charset) => {
    const message = parseEntity(octets(`Content-Type: ${raw}\r\n\r\n`));
    expect(message.contentType.value).toBe(value);
    expect(message.contentType.parameters.get('charset')).toBe(charset);
    expect(message.problems).toEqual([]);
  });

  test.each(['text', 'html', '', '/', 'text/', 'a/b/c', '; charset=utf-8'])(
    '%j is text/plain',
    (raw) => {
      const message = parseEntity(octets(`Content-Type: ${raw}\r\n\r\n`));
      expect(message.contentType.value).toBe('text/plain');
      expect(message.problems.map(({ code }) => code)).toEqual(['content-type-invalid']);
    },
  );

  test('the first one counts', () => {
    const message = parseEntity(octets('Content-Type: text/html\nContent-Type: text/plain\n\n'));
    expect(message.contentType.value).toBe('text/html');
    expect(message.problems.map(({ code, line }) => [code, line])).toEqual([
      ['content-type-repeated', 2],
    ]);
  });
});

describe('the name of a file', () => {
  test.each([
    ['Content-Disposition: attachment; filename="a b.txt"', 'a b.txt'],
    ['Content-Type: text/plain; name=n.txt', 'n.txt'],
    ['Content-Type: text/plain; name=n.txt\nContent-Disposition: inline; filename=f.txt', 'f.txt'],
    ["Content-Disposition: attachment; filename=plain.txt; filename*=utf-8''%C3%A9.txt", 'é.txt'],
    ["Content-Disposition: attachment;\n filename*0*=utf-8''%C3;\n filename*1*=%A9.txt", 'é.txt'],
    ['Content-Disposition: attachment; filename="=?utf-8?Q?=C3=A9.txt?="', 'é.txt'],
    ['Content-Disposition: attachment; filename="Fr\xf6sche.txt"', 'Frösche.txt'],
    ['Content-Disposition: attachment; filename=""', undefined],
    ['Content-Disposition: attachment', undefined],
    ['X: y', undefined],
  ])('%j', (header, filename) => {
    expect(parseEntity(octets(`${header}\n\n`)).filename).toBe(filename);
  });
});

describe('Content-ID', () => {
  test.each([
    ['<a@b>', 'a@b'],
    ['  <a@b> ', 'a@b'],
    ['a@b', 'a@b'],
    ['(x) <a@b>', 'a@b'],
    ['<>', undefined],
    ['', undefined],
  ])('%j', (raw, cid) => {
    expect(parseEntity(octets(`Content-ID: ${raw}\n\n`)).cid).toBe(cid);
  });
});
