import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeQuotedPrintable, encodeQuotedPrintable } from '../../src/codec/index.ts';
import { encodeQuotedPrintableBinary } from '../../src/codec/internal.ts';
import { expectLinear } from '../support/linear.ts';
import { bytesOf, libqp, raw, stringOf } from './oracles.ts';

const encoded = (text: string): string => stringOf(encodeQuotedPrintable(bytesOf(raw(text))));
const decoded = (text: string): string => stringOf(decodeQuotedPrintable(bytesOf(text)));
const CHARACTERS = [...'aF =\t\r\n.é日🎉', 'From ', ' \r\n', 'x'.repeat(74), 'й'.repeat(12)];
const textual = fc.array(fc.constantFrom(...CHARACTERS), { maxLength: 60 }).map((l) => l.join(''));

describe('encodeQuotedPrintable', () => {
  test.each([
    ['plain text', 'Hello, world.', 'Hello, world.'],
    ['= and 8-bit', 'a=b é', 'a=3Db =C3=A9'],
    ['every kind of line end', 'a\r\nb\nc\rd', 'a\r\nb\r\nc\r\nd'],
    ['LF CR as two ends', 'a\n\rb', 'a\r\n\r\nb'],
    ['blanks before a line end', 'a \r\nb\t\nc  ', 'a=20\r\nb=09\r\nc =20'],
    ['From at the start of a line', 'From me\nFrom you', '=46rom me\r\n=46rom you'],
    ['From elsewhere', 'Fro\n From me', 'Fro\r\n From me'],
    ['a leading dot stays: it is stuffed on the wire', '.a', '.a'],
    ['controls', 'a\0b\x7fc', 'a=00b=7Fc'],
    ['nothing', '', ''],
    ['only line ends', '\n\n', '\r\n\r\n'],
  ])('%s', (_, text, expected) => {
    expect(encoded(text)).toBe(expected);
  });

  test('a line of 76 columns stays whole, one of 77 is divided after 75', () => {
    expect(encoded('x'.repeat(76))).toBe('x'.repeat(76));
    expect(encoded(`${'x'.repeat(76)}\n`)).toBe(`${'x'.repeat(76)}\r\n`);
    expect(encoded('x'.repeat(77))).toBe(`${'x'.repeat(75)}=\r\nxx`);
    expect(encoded(`${'x'.repeat(73)}é`)).toBe(`${'x'.repeat(73)}=\r\n=C3=A9`);
    expect(encoded(`${'x'.repeat(70)}é`)).toBe(`${'x'.repeat(70)}=C3=A9`);
    expect(encoded(`${'x'.repeat(73)} `)).toBe(`${'x'.repeat(73)}=20`);
    expect(encoded(`${'x'.repeat(74)} `)).toBe(`${'x'.repeat(74)}=\r\n=20`);
  });

  test('a soft break does not make a line that begins with From', () => {
    expect(encoded(`${'x'.repeat(75)}From here`)).toBe(`${'x'.repeat(75)}=\r\n=46rom here`);
  });

  test('lines keep the rules and give the text back, to libqp too', () => {
    fc.assert(
      fc.property(textual, (text) => {
        const out = encoded(text);
        for (const line of out.split('\r\n')) {
          expect(line.length).toBeLessThanOrEqual(76);
          expect(line).toMatch(/^(?:[\t\x20-\x3c\x3e-\x7e]|=[0-9A-F]{2})*=?$/);
          expect(line).not.toMatch(/[ \t]$|^From /);
          // No UTF-8 sequence is divided: what is complete before a soft break is valid.
          expect(decoded(line)).toBe(raw(Buffer.from(decoded(line), 'latin1').toString('utf8')));
        }
        const meant = raw(text.replace(/\r\n|\r|\n/g, '\r\n'));
        expect(decoded(out)).toBe(meant);
        expect(libqp.decode(out).toString('latin1')).toBe(meant);
      }),
      { numRuns: 300 },
    );
  });

  test('octets that are not UTF-8 come back too', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const out = encodeQuotedPrintableBinary(bytes);
        expect(Buffer.compare(decodeQuotedPrintable(out), bytes)).toBe(0);
        expect(Buffer.compare(libqp.decode(stringOf(out)), bytes)).toBe(0);
        for (const line of stringOf(out).split('\r\n')) {
          expect(line.length).toBeLessThanOrEqual(76);
          expect(line).not.toMatch(/[ \t]$|^From /);
        }
        const text = bytes.filter((byte) => byte !== 13 && byte !== 10);
        expect(Buffer.compare(decodeQuotedPrintable(encodeQuotedPrintable(text)), text)).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  test('binary: CR and LF are data', () => {
    expect(stringOf(encodeQuotedPrintableBinary(bytesOf('a\r\nb\n')))).toBe('a=0D=0Ab=0A');
  });

  test('more than the memory that is used again', () => {
    const bytes = Buffer.from('Grüße, '.repeat(60_000));
    expect(Buffer.compare(decodeQuotedPrintable(encodeQuotedPrintable(bytes)), bytes)).toBe(0);
  });
});

describe('decodeQuotedPrintable', () => {
  test.each([
    ['upper and lower case digits', '=C3=a9', '\xc3\xa9'],
    ['soft breaks', 'a=\r\nb=\nc= \t\r\nd', 'abcd'],
    ['a soft break before a lone CR', 'a=\rb', 'ab'],
    ['a soft break at the end', 'abc=', 'abc'],
    ['a soft break and blanks at the end', 'abc=  ', 'abc'],
    ['what is not encoded', 'a=zz =4 = b', 'a=zz =4 = b'],
    ['half an octet at the end', 'a=4', 'a=4'],
    ['blanks at line ends', 'a  \r\nb\t\nc ', 'a\r\nb\nc'],
    ['encoded blanks at line ends', 'a=20\r\nb =09\n', 'a \r\nb \t\n'],
    ['a blank line of blanks', 'a\r\n \t \r\nb', 'a\r\n\r\nb'],
    ['an encoded CR before LF', 'a =0D\nb', 'a \r\nb'],
    ['line ends as they are', 'a\nb\r\nc\rd', 'a\nb\r\nc\rd'],
    ['raw 8-bit', 'caf\xe9 \x00', 'caf\xe9 \x00'],
    ['an equals sign twice', '==41', '=A'],
  ])('%s', (_, text, expected) => {
    expect(decoded(text)).toBe(expected);
  });

  test('takes linear time on blanks and soft breaks', () => {
    expectLinear((n) => void decodeQuotedPrintable(bytesOf('= '.repeat(n))), 300_000);
    expectLinear((n) => void decodeQuotedPrintable(bytesOf(' '.repeat(n))), 600_000);
    expectLinear((n) => void decodeQuotedPrintable(bytesOf(' \r'.repeat(n))), 300_000);
  });
});
