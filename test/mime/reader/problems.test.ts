import { describe, expect, test } from 'vitest';
import { memorySource } from '../../../src/base/internal.ts';
import { parseEntity } from '../../../src/mime/index.ts';
import { LineIndex } from '../../../src/mime/reader/line-index.ts';
import { octets } from './eml.ts';

describe('problems', () => {
  const message = parseEntity(
    octets(
      [
        'Subject: s', // 1
        'Date: tomorrow', // 2
        'Content-Type: multipart/mixed; boundary=b', // 3
        '', // 4
        '--b', // 5
        'Content-Type: nonsense', // 6
        'Content-Transfer-Encoding: base64', // 7
        '', // 8
        'YWJj', // 9
        'YWJj*YWJj', // 10
        '--b', // 11
        'no header', // 12
        '--b', // 13
        'Content-Transfer-Encoding: x-strange', // 14
        '', // 15
        'x', // 16
      ].join('\r\n'),
    ),
  );

  test('are listed in the order of the input, with code, message, offset and line', () => {
    expect(message.problems.map(({ code, line }) => [code, line])).toEqual([
      ['date-invalid', 2],
      ['content-type-invalid', 6],
      ['base64-invalid', 10],
      ['header-missing', 12],
      ['encoding-unknown', 14],
      ['boundary-not-closed', 16],
    ]);
    expect(message.problems[0]).toEqual({
      code: 'date-invalid',
      message: 'The date can not be read',
      offset: 12,
      line: 2,
    });
  });

  test('of a part are its own', () => {
    const of = (index: number): string[] =>
      (message.parts[index]?.problems ?? []).map(({ code }) => code);
    expect([of(0), of(1), of(2)]).toEqual([
      ['content-type-invalid', 'base64-invalid'],
      ['header-missing'],
      ['encoding-unknown', 'boundary-not-closed'],
    ]);
  });

  test('go into JSON with their line', () => {
    expect(JSON.parse(JSON.stringify(message.problems[1]))).toEqual({
      code: 'content-type-invalid',
      message: 'Content-Type is not a media type; it was read as text/plain',
      offset: 78,
      line: 6,
    });
  });

  test('of addresses are told once for each field', () => {
    const source = 'From: ann\nTo: a@x.test, b@x.test\nCc: a@b@c, d@e@f\nX-To: g@h@i\n\n';
    const { problems } = parseEntity(octets(source));
    expect(problems.map(({ code, line }) => [code, line])).toEqual([
      ['address-invalid', 1],
      ['address-invalid', 3],
    ]);
  });

  test('are not listed without end', () => {
    const parts = '--b\nno header\n'.repeat(1500);
    const { problems } = parseEntity(octets(`Content-Type: multipart/x; boundary=b\n\n${parts}`));
    expect(problems.length).toBe(1001);
    expect(problems.filter(({ code }) => code === 'too-many-problems').length).toBe(1);
    expect(problems.at(-1)?.message).toBe(
      'There are more problems; only the first ones are listed',
    );
  });

  test.each([
    ['YWJj', []],
    ['YWI=', []],
    ['YQ==\r\n\r\n', []],
    ['YWJj\r\nYWI=', []],
    ['', []],
    ['YWI', ['base64-invalid']],
    ['YQ=', ['base64-invalid']],
    ['Y', ['base64-invalid']],
    ['YWI=YWJj', ['base64-invalid']],
    ['YWJj====', ['base64-invalid']],
    ['YW-j', ['base64-invalid']],
  ])('base64 %j', (body, codes) => {
    const header = 'Content-Type: image/png\r\nContent-Transfer-Encoding: base64';
    const part = parseEntity(octets(`${header}\r\n\r\n${body}`));
    expect(part.problems.map(({ code }) => code)).toEqual(codes);
  });
});

describe('lines', () => {
  test('are counted from 1, in any order of asking, over blocks of the index', () => {
    const source = Array.from({ length: 40_000 }, (_, n) => 'x'.repeat(n % 7)).join('\n');
    const index = new LineIndex(memorySource(octets(source)), 0x0a);
    const offsets = [source.length, 0, 90_000, 65_535, 65_536, 65_537, 131_072, 1, 5000];
    const lines = offsets.map((offset) => source.slice(0, offset).split('\n').length);
    expect(offsets.map((offset) => index.lineAt(offset))).toEqual(lines);
  });

  test('of a last line that is not ended, and past the end', () => {
    const index = new LineIndex(memorySource(octets('a\r\nb')), 0x0a);
    expect([0, 1, 2, 3, 4, 99].map((offset) => index.lineAt(offset))).toEqual([1, 1, 1, 2, 2, 2]);
  });

  test('end in CR when there is no LF', () => {
    const { problems } = parseEntity(octets('To: a@b.test\rDate: never\r\rc'));
    expect(problems.map(({ code, line }) => [code, line])).toEqual([
      ['cr-line-ends', 1],
      ['date-invalid', 2],
    ]);
  });
});
