import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFlowed, encodeFlowed } from '../../src/codec/index.ts';
import { expectLinear } from '../support/linear.ts';

const LONG = 'The quick brown fox jumps over the lazy dog, again and again, until it is tired.';
const decoded = (text: string): string => decodeFlowed(text, { delSp: false });

describe('encodeFlowed', () => {
  test('a long line ends softly after a blank', () => {
    const [first, second, ...rest] = encodeFlowed(LONG).split('\r\n');
    expect(first).toBe(
      'The quick brown fox jumps over the lazy dog, again and again, until it is ',
    );
    expect(second).toBe('tired.');
    expect(rest).toEqual([]);
  });

  test.each([
    ['short lines stay', 'a\nb\r\nc\rd', 'a\r\nb\r\nc\r\nd'],
    ['blanks before line ends go', 'a  \nb ', 'a\r\nb'],
    ['the signature stays', 'a\n-- \nAnn', 'a\r\n-- \r\nAnn'],
    ['blanks and From are stuffed', ' a\nFrom b\n', '  a\r\n From b\r\n'],
    ['quotes stay quotes', '> a\n>> b\n>c', '> a\r\n>> b\r\n>c'],
    ['a word longer than a line', `${'x'.repeat(90)} y`, `${'x'.repeat(90)} \r\ny`],
    ['nothing', '', ''],
  ])('%s', (_, text, expected) => {
    expect(encodeFlowed(text)).toBe(expected);
  });

  test('a long quote is quoted on each of its lines', () => {
    expect(encodeFlowed(`>> ${LONG}`)).toMatch(/^>> The quick .* \r\n>> \S.*\.$/);
  });

  test('no line that continues looks like a signature, a quote or From', () => {
    const text = `-- ${'x'.repeat(90)} ${'y'.repeat(70)} > z ${'y'.repeat(70)} From me`;
    const lines = encodeFlowed(text).split('\r\n');
    expect(lines).not.toContain('-- ');
    expect(lines.filter((line) => /^(?:>|From )/.test(line))).toEqual([]);
    expect(decoded(lines.join('\r\n'))).toBe(text);
  });

  test('any text comes back, but for blanks before line ends', () => {
    const bits = fc.constantFrom(
      ' ',
      '  ',
      'a',
      '>',
      '> ',
      'From ',
      '-- ',
      '\n',
      'word ',
      'x'.repeat(40),
      '日本',
      '.',
    );
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 60 }), (parts) => {
        const text = parts.join('');
        const meant = text
          .split('\n')
          .map((line) =>
            /^(?:>+ ?)?-- $/.test(line) ? line : line.replace(/^(>* ?)(.*?) *$/, '$1$2'),
          )
          .map((line) => (line === '' || /^ +$/.test(line) ? '' : line))
          .join('\n');
        const lines = encodeFlowed(text).split('\r\n');
        for (const line of lines) {
          if (line.length > 78)
            expect(line.trimEnd().replace(/^[> ]+|-- /g, '')).not.toContain(' ');
        }
        expect(decoded(lines.join('\r\n'))).toBe(meant);
      }),
      { numRuns: 300 },
    );
  });
});

describe('decodeFlowed', () => {
  test.each([
    ['soft breaks', 'a \r\nb \r\nc\r\nd', 'a b c\nd'],
    ['stuffing', '  a\r\n >b\r\n From c', ' a\n>b\nFrom c'],
    ['a signature ends a paragraph', 'a \r\n-- \r\nAnn', 'a \n-- \nAnn'],
    ['another depth ends a paragraph', '> a \r\nb \r\n>> c', '> a \nb \n>> c'],
    ['quotes', '> a \r\n> b\r\n>>c \r\n>>d', '> a b\n>>c d'],
    ['a soft break at the end', 'a ', 'a '],
  ])('%s', (_, text, expected) => {
    expect(decoded(text)).toBe(expected);
  });

  test('with DelSp the blank of a soft break goes', () => {
    expect(decodeFlowed('日本 \r\n語\r\na  \r\nb\r\n-- \r\nx', { delSp: true })).toBe(
      '日本語\na b\n-- \nx',
    );
  });

  test('takes linear time', () => {
    expectLinear((n) => void decoded('a \r\n'.repeat(n)), 100_000);
    expectLinear((n) => void decoded('> \n>'.repeat(n)), 100_000);
    expectLinear((n) => void encodeFlowed('a '.repeat(n)), 200_000);
    expectLinear((n) => void encodeFlowed(' '.repeat(n)), 300_000);
    expectLinear((n) => void encodeFlowed('x'.repeat(n)), 500_000);
    expectLinear((n) => void encodeFlowed(`${'>'.repeat(n)} a`), 300_000);
  });
});
