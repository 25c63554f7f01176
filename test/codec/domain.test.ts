import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toAsciiDomain, toUnicodeDomain } from '../../src/codec/index.ts';
import { expectLinear } from '../support/linear.ts';

describe('toAsciiDomain', () => {
  test.each([
    ['example.com', 'example.com'],
    ['Example.COM', 'Example.COM'],
    ['localhost', 'localhost'],
    ['3com.1a', '3com.1a'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['BÜCHER.Example', 'xn--bcher-kva.example'],
    ['bu\u0308cher.example', 'xn--bcher-kva.example'],
    ['faß.de', 'xn--fa-hia.de'],
    ['💩.la', 'xn--ls8h.la'],
    ['例え。テスト', 'xn--r8jz45g.xn--zckzah'],
    ['ａ．example｡com', 'a.example.com'],
    ['א1.com', 'xn--1-zhc.com'],
    [`${'x.'.repeat(126)}a`, `${'x.'.repeat(126)}a`],
  ])('%s is %s', (domain, expected) => {
    expect(toAsciiDomain(domain)).toBe(expected);
  });

  test.each([
    '',
    '.',
    'a..b',
    '.a',
    'a.',
    'example.com.',
    'é.',
    'é..b',
    'é。。b',
    '-a.example',
    'a-.example',
    '-é.example',
    'é-.example',
    'xn----bga.example',
    'a_b.example',
    'é_b.example',
    'a b.example',
    'é b.example',
    'a\n.example',
    'é\n.example',
    'é\0.example',
    'a%41.example',
    'é%41.example',
    'a％41.example',
    '1',
    '1.2',
    '127.0.0.1',
    '１２７.0.0.1',
    'é.1',
    'a.0x7f',
    '0x7f',
    'é.０',
    '[127.0.0.1]',
    'internal／.evil',
    'é/b.example',
    'é\\b.example',
    'é?b',
    'é#b',
    'é:80',
    'user@é',
    '＠',
    'a＠b.example',
    'a․example',
    'a⒈example',
    '℀.example',
    'é\u200d.example',
    'é\u202ex.example',
    '\u00ad',
    '\ud800.example',
    'xn--a',
    'xn--a.example.com',
    'xn--',
    'xn--.example',
    'xn--bCHER-Kva0.example',
    'xn--zzzz',
    'xn--é.example',
    'XN--A.example',
    `${'a'.repeat(64)}.example`,
    `${'é'.repeat(70)}.example`,
    `${'x.'.repeat(126)}ab`,
    `${'é.'.repeat(60)}com`,
    `${'\u00ad'.repeat(5000)}a.example`,
  ])('%j is refused', (domain) => {
    expect(toAsciiDomain(domain)).toBeUndefined();
  });

  test('what comes out is a host name, and itself when given again', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 12 }),
        fc.string({ maxLength: 8 }),
        (a, b) => {
          for (const domain of [a, `${a}.${b}`, `é${b}.example`, `${a}${b}.example`]) {
            const ascii = toAsciiDomain(domain);
            if (ascii === undefined) continue;
            expect(ascii).toMatch(
              /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*$/,
            );
            expect(toAsciiDomain(ascii)).toBe(ascii);
            expect(toAsciiDomain(toUnicodeDomain(ascii))?.toLowerCase()).toBe(ascii.toLowerCase());
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('takes linear time', () => {
    expectLinear((n) => void toAsciiDomain('a.'.repeat(n)), 200_000);
    expectLinear((n) => void toAsciiDomain('é.'.repeat(n)), 200_000);
    expectLinear((n) => void toAsciiDomain(`xn--${'a'.repeat(n)}`), 200_000);
  });
});

describe('toUnicodeDomain', () => {
  test.each([
    ['xn--bcher-kva.example', 'bücher.example'],
    ['XN--BCHER-KVA.example', 'bücher.example'],
    ['Example.com', 'Example.com'],
    ['1', '1'],
    ['a%41', 'a%41'],
    ['xn--a', 'xn--a'],
    ['xn--bcher-kva.example/x', 'xn--bcher-kva.example/x'],
    ['bücher.example', 'bücher.example'],
  ])('%s is %s', (domain, expected) => {
    expect(toUnicodeDomain(domain)).toBe(expected);
  });
});
