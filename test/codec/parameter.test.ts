import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidMessageError, limits } from '../../src/base/index.ts';
import { decodeParameters, encodeParameter } from '../../src/codec/index.ts';
import { encodeLegacyName } from '../../src/codec/internal.ts';
import { expectLinear } from '../support/linear.ts';
import { libmime, raw, wellFormed } from './oracles.ts';

const parameters = (value: string): Record<string, string> =>
  Object.fromEntries(decodeParameters(value).parameters);
const LONG_NAME = '日本語のメールの件名はとても長いので折り返さなければなりません.pdf';
const value = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.string({ maxLength: 40 }),
      fc.constantFrom(
        '👩‍👩‍👧',
        ' ',
        '"',
        '\\',
        '\r\n',
        '\0',
        "'",
        '%41',
        '=?utf-8?Q?x?=',
        ';',
        '(c)',
        '\ufeff',
      ),
    ),
    { maxLength: 10 },
  )
  .map((parts) => wellFormed(parts.join('')));

describe('encodeParameter', () => {
  test.each([
    ['a token', 'utf-8', ['n=utf-8']],
    ['a quoted string', 'a b', ['n="a b"']],
    ['quotes and backslashes', 'a"b\\c', ['n="a\\"b\\\\c"']],
    ['nothing', '', ['n=""']],
    ['8-bit', 'é €.pdf', ["n*=utf-8''%C3%A9%20%E2%82%AC.pdf"]],
    ['line ends and NUL', 'a\r\nb\0', ["n*=utf-8''a%0D%0Ab%00"]],
    ['what looks like an encoded word', '=?utf-8?Q?x?=', ["n*=utf-8''%3D%3Futf-8%3FQ%3Fx%3F%3D"]],
    ['a lone surrogate', '\ud800', ["n*=utf-8''%EF%BF%BD"]],
  ])('%s', (_, text, expected) => {
    expect(encodeParameter('n', text)).toEqual(expected);
  });

  test('a long value is divided, never inside of a character', () => {
    const pieces = encodeParameter('filename', LONG_NAME);
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces[0]).toMatch(/^filename\*0\*=utf-8''%E6/);
    expect(pieces[1]).toMatch(/^filename\*1\*=%E3/);
    for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(74);
    const ascii = encodeParameter('filename', `${'a'.repeat(200)}.txt`);
    expect(ascii.length).toBe(4);
  });

  test.each(['', 'a b', 'a:b', 'x\r\nX-Inj', 'é', "a'b", 'a*b', 'a%b', 'a'.repeat(41)])(
    'the name %j is refused',
    (name) => {
      const refused = expect.objectContaining({
        name: 'InvalidMessageError',
        code: 'MESSAGE_HEADER_INVALID',
        message: expect.stringMatching(/can't be the name of a parameter; use up to 40 letters/),
      });
      expect(() => encodeParameter(name, 'x')).toThrowError(refused);
      expect(() => encodeParameter(name, 'x')).toThrow(InvalidMessageError);
    },
  );

  test('any value comes back, and no line end leaves', () => {
    fc.assert(
      fc.property(value, (text) => {
        const pieces = encodeParameter('filename', text);
        for (const piece of pieces) {
          expect(piece).toMatch(/^[\x20-\x7e]*$/);
          expect(piece.length).toBeLessThanOrEqual(74);
        }
        const field = `attachment; ${pieces.join(';\r\n ')}; size=1`;
        const read = decodeParameters(field);
        expect(read.value).toBe('attachment');
        expect(Object.fromEntries(read.parameters)).toEqual({ filename: text, size: '1' });
        // libmime trims, and does not know quoted pairs of every kind.
        if (!/^\s|\s$|[\\"\ufeff]/.test(text)) {
          expect(libmime.parseHeaderValue(field).params.filename ?? '').toBe(text);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('encodeLegacyName', () => {
  test('encoded words in quotes, folded', () => {
    expect(encodeLegacyName('a.pdf')).toBe('name=a.pdf');
    expect(encodeLegacyName('a b.pdf')).toBe('name="a b.pdf"');
    expect(encodeLegacyName('é.pdf')).toBe('name="=?utf-8?B?w6kucGRm?="');
    expect(encodeLegacyName(LONG_NAME).split('\r\n').length).toBe(3);
  });

  test('any value comes back', () => {
    fc.assert(
      fc.property(value, (text) => {
        const field = encodeLegacyName(text);
        for (const line of field.split('\r\n ')) {
          expect(line).toMatch(/^[\x20-\x7e]*$/);
          expect(line.length).toBeLessThanOrEqual(75);
        }
        expect(parameters(`application/pdf;\r\n ${field}`)).toEqual({ name: text });
      }),
      { numRuns: 200 },
    );
  });
});

describe('decodeParameters', () => {
  test.each<[string, string, string, Record<string, string>]>([
    ['no parameter', 'text/plain', 'text/plain', {}],
    ['nothing', '', '', {}],
    ['only parameters', '; a=b', '', { a: 'b' }],
    [
      'names in any case, values as they are',
      'Text/PLAIN; CharSet=UTF-8',
      'Text/PLAIN',
      { charset: 'UTF-8' },
    ],
    [
      'comments',
      'text/plain (a;b) ; (x) charset="u" (c); d=e (f (g) \\) h)',
      'text/plain',
      { charset: 'u', d: 'e (f (g) \\) h)' },
    ],
    [
      'a comment after a token',
      'text/plain; charset=us-ascii (Plain text)',
      'text/plain',
      { charset: 'us-ascii' },
    ],
    ['a comment without an end', 'text/plain (x; a=b', 'text/plain', {}],
    ['a comment that ends in a backslash', 'a (x\\', 'a', {}],
    ['the same before a name', 'a; (x\\', 'a', {}],
    ['quotes that end in a backslash', 'a; n="x\\', 'a', { n: 'x\\' }],
    ['semicolons in quotes', 'a/b; name="x;y=z"; k=1', 'a/b', { name: 'x;y=z', k: '1' }],
    ['quoted pairs', 'a/b; name="x\\"y\\\\z"', 'a/b', { name: 'x"y\\z' }],
    ['a Windows path', 'a/b; name="C:\\\\path\\file.txt"', 'a/b', { name: 'C:\\pathfile.txt' }],
    [
      'quotes inside of quotes',
      'a; filename="my "big" file.pdf"; size=3',
      'a',
      { filename: 'my "big" file.pdf', size: '3' },
    ],
    ['an odd quote', 'a; filename="x"y; size=3', 'a', { filename: 'x', size: '3' }],
    ['a quote without an end', 'a; filename="x.pdf; size=3', 'a', { filename: 'x.pdf', size: '3' }],
    [
      'blanks without quotes',
      'a; filename=my file (1).pdf; size=3',
      'a',
      { filename: 'my file (1).pdf', size: '3' },
    ],
    [
      'a missing semicolon after the value',
      'text/html charset=utf-8',
      'text/html',
      { charset: 'utf-8' },
    ],
    [
      'a missing semicolon after a token',
      'a; charset=utf-8 format=flowed',
      'a',
      { charset: 'utf-8', format: 'flowed' },
    ],
    ['a missing semicolon after quotes', 'a; name="x" size=3', 'a', { name: 'x', size: '3' }],
    ['too many semicolons and blanks', 'a ;;; ; n = x ;', 'a', { n: 'x' }],
    ['names without values and values without names', 'a; b; =c; d=', 'a', { d: '' }],
    ['the first of two', 'a; n=1; N=2', 'a', { n: '1' }],
    [
      'names of properties',
      'a; __proto__=x; constructor*0=y; toString*=z',
      'a',
      { ['__proto__']: 'x', constructor: 'y', tostring: 'z' },
    ],
  ])('%s', (_, text, expected, expectedParameters) => {
    const { value: read, parameters: map } = decodeParameters(text);
    expect(read).toBe(expected);
    expect([...map].sort()).toEqual(Object.entries(expectedParameters).sort());
  });

  test.each<[string, string, string]>([
    ['extended', "n*=utf-8'en'%e2%82%AC%20rates", '€ rates'],
    ['extended in another charset', "n*=iso-8859-15''%A4", '€'],
    ['extended in a charset TextDecoder lacks', "n*=x-mac-cyrillic''%80", 'А'],
    ['extended in an unknown charset', "n*=x-foo''%E9", 'é'],
    ['extended in quotes', 'n*="utf-8\'\'a%20b"', 'a b'],
    ['extended without charset', 'n*=a%20b', 'a b'],
    ['extended with false escapes', "n*=utf-8''50%&%4", '50%&%4'],
    ['continued', 'n*0="a b"; n*1=c', 'a bc'],
    ['continued in any order', 'n*1=b; n*0=a; n*2=c', 'abc'],
    ['continued to a gap', 'n*0=a; n*1=b; n*3=d', 'ab'],
    ['continued from 1', 'n*1=a; n*2=b', 'ab'],
    [
      'continued, some pieces extended',
      'n*0*=iso-8859-1\'en\'%A3; n*1=" and %41 "; n*2*=%E9',
      '£ and %41 é',
    ],
    ['an octet divided between pieces', "n*0*=utf-8''%E3%8; n*1*=1%82", 'あ'],
    ['encoded words', 'n="=?utf-8?B?w6k=?= =?utf-8?Q?=C3=A9?="', 'éé'],
    ['encoded words without quotes', 'n==?utf-8?Q?a b=20c?=', 'a b c'],
    ['encoded words divided between pieces', 'n*0="=?utf-8?B?w6"; n*1="k=?="', 'é'],
    ['raw UTF-8', raw('n="café"'), 'café'],
    ['raw UTF-8 that ends in A0, without quotes', raw('n=voilà '), 'voilà'],
    ['the same, never closed', raw('n="voilà'), 'voilà'],
    ['raw windows-1252', 'n="caf\xe9"', 'café'],
    ['extended before all', 'n=p; n*0=c; n*=utf-8\'\'x; n="=?utf-8?Q?w?="', 'x'],
    ['continued before encoded words', 'n="=?utf-8?Q?w?="; n*0=c; n=p', 'c'],
    ['encoded words before plain', 'n=p; n="=?utf-8?Q?w?="', 'w'],
    ['a section that leads nowhere', 'n*5=x; n=p', 'p'],
  ])('%s', (_, text, expected) => {
    expect(parameters(`a/b; ${text}`)).toEqual({ n: expected });
  });

  test('no more parameters are read than the limit', () => {
    const many = Array.from({ length: limits.parameters + 5 }, (_, n) => `p${n}=x`).join(';');
    expect(decodeParameters(`a;${many}`).parameters.size).toBe(limits.parameters);
  });

  test('never throws', () => {
    const bits = fc.constantFrom(
      '"',
      '\\',
      ';',
      '=',
      ' ',
      '(',
      ')',
      'a',
      '*',
      '0',
      "'",
      '%4',
      '=?',
      '\xe9',
    );
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 40 }), (parts) => {
        for (const [name] of decodeParameters(parts.join('')).parameters) expect(name).not.toBe('');
      }),
      { numRuns: 300 },
    );
  });

  test('takes linear time on floods', () => {
    const floods = [
      'a*0=x;',
      'a="x"y;',
      ';',
      'a',
      '"',
      'a="',
      '\\"',
      '(',
      '()',
      ' ',
      'a=" ',
      'a;',
      'a="b" "',
      '=?utf-8?q?',
    ];
    for (const flood of floods) {
      const head = flood.includes(';') || flood.startsWith('(') ? 'a/b;' : 'a/b; n=';
      expectLinear((n) => void decodeParameters(head + flood.repeat(n)), 40_000);
    }
  });
});
