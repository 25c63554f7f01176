import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { canonicalCharset, decodeCharset } from '../../src/codec/index.ts';
import { bytesOf } from './oracles.ts';

const decode = (text: string, label: string | undefined): string =>
  decodeCharset(bytesOf(text), label).text;

describe('canonicalCharset', () => {
  test.each([
    ['utf8', 'utf-8'],
    [' "UTF-8" ', 'utf-8'],
    ['cp65001', 'utf-8'],
    ['US-ASCII', 'us-ascii'],
    ['ansi_x3.4-1968', 'us-ascii'],
    ['latin1', 'iso-8859-1'],
    ['iso8859_1', 'iso-8859-1'],
    ['ISO_8859-1:1987', 'iso-8859-1'],
    ['cp1252', 'windows-1252'],
    ['Windows1251', 'windows-1251'],
    ['8859_2', 'iso-8859-2'],
    ['iso-8859-8-e', 'iso-8859-8'],
    ['iso-8859-16', 'iso-8859-16'],
    ['latin10', 'iso-8859-16'],
    ['tis-620', 'windows-874'],
    ['cp437', 'ibm437'],
    ['IBM-850', 'ibm850'],
    ['cp00858', 'ibm858'],
    ['cp932', 'shift_jis'],
    ['windows-31j', 'shift_jis'],
    ['ms_kanji', 'shift_jis'],
    ['cp949', 'euc-kr'],
    ['ks_c_5601-1987', 'euc-kr'],
    ['gb2312', 'gbk'],
    ['big5-hkscs', 'big5'],
    ['hz', 'hz-gb-2312'],
    ['iso2022kr', 'iso-2022-kr'],
    ['ucs-2', 'utf-16'],
    ['utf-32', 'utf-32'],
    ['x-mac-cyrillic', 'x-mac-cyrillic'],
  ])('%s is %s', (label, name) => {
    expect(canonicalCharset(label)).toBe(name);
  });

  test.each([
    '',
    'x-foo',
    'hex',
    'base64',
    'binary',
    'constructor',
    '__proto__',
    'toString',
    '12345',
    'iso-8859-12',
    'iso-8859-99',
    'a'.repeat(10_000),
  ])('%j is not known', (label) => {
    expect(canonicalCharset(label)).toBeUndefined();
  });

  test('stays right when thousands of labels came', () => {
    for (let n = 0; n < 3000; n++) expect(canonicalCharset(`x-${n}-y`)).toBeUndefined();
    expect(canonicalCharset('utf8')).toBe('utf-8');
  });
});

describe('decodeCharset', () => {
  test.each([
    ['utf-8', '\xc3\xa9', 'é'],
    ['utf-8', 'a\xff', 'a\ufffd'],
    ['us-ascii', 'caf\xe9', 'café'],
    ['us-ascii', '\xc3\xa9', 'é'],
    ['iso-8859-1', '\x93caf\xe9\x94', '“café”'],
    ['iso-8859-1', '\xc3\xa9', 'Ã©'],
    ['windows-1252', '\x80\x81\x82\x8e\x9e\x9f\xc3\xa9', '€\ufffd‚ŽžŸÃ©'],
    ['iso-8859-2', '\xb1', 'ą'],
    ['iso-8859-15', '\xa4', '€'],
    ['iso-8859-16', '\xa4\xaa', '€Ș'],
    ['windows-1251', '\xcf\xf0\xe8', 'При'],
    ['koi8-r', '\xf0\xd2\xc9', 'При'],
    ['x-mac-cyrillic', '\x8f\xf0', `${'П№'.slice(0, 1)}р`],
    ['cp437', '\x81\xe1', 'üß'],
    ['cp850', '\x81\xe1', 'üß'],
    ['ibm866', '\x8f\x1a\x7f', 'П\x1a\x7f'],
    ['shift_jis', '\x82\xb1\x87\x40\x7f\\', 'こ①\x7f\\'],
    ['cp932', '\xb1', 'ｱ'],
    ['euc-jp', '\xa4\xb3\x8e\xb1\x8f\xa2\xc4', 'こｱ¿'],
    ['euc-kr', '\xb0\xa1\x81\x41', '가갂'],
    ['gb2312', '\xc4\xe3', '你'],
    ['gb18030', '\x81\x30\x81\x30', '\x80'],
    ['big5', '\xa7\x41', '你'],
    ['utf-7', 'a+AGE-', 'a+AGE-'],
    ['x-unheard-of', 'caf\xe9 \xc3', 'caf\ufffd \ufffd'],
    ['x-unheard-of', 'caf\xc3\xa9', 'café'],
    ['iso-2022-jp', '\xe3\x81\x93\x1b$B$3\x1b(B\n', 'ここ\n'],
    ['iso-2022-jp', '\xa4\xb3', '\ufffd\ufffd'],
    ['hz-gb-2312', '~{VPND~}\xe4\xb8\xad\xff', '中文\ufffd\ufffd\ufffd\ufffd'],
  ])('%s', (label, octets, text) => {
    expect(decode(octets, label)).toBe(text);
  });

  test('without a label: UTF-8', () => {
    expect(decode('\xc3\xa9\xe2\x82\xac', undefined)).toBe('é€');
    expect(decode('\xc3\xa9\x80', undefined)).toBe('é\ufffd');
  });

  test('without a label, or with one not known: the fallback for what is not UTF-8', () => {
    const fallback = (octets: string, fallbackCharset: string, label?: string): string =>
      decodeCharset(bytesOf(octets), label, { fallbackCharset }).text;
    expect(fallback('\xc3\xa9', 'windows-1252')).toBe('é');
    expect(fallback('\xc3\xa9\x80', 'windows-1252')).toBe('Ã©€');
    expect(fallback('\xcf\xf0', 'windows-1251', 'x-unheard-of')).toBe('Пр');
    expect(fallback('\xcf\xf0', 'windows-1251', 'iso-8859-1')).toBe('Ïð');
    expect(fallback('+AGE-\xff', 'utf-7')).toBe('+AGE-\ufffd');
  });

  test('known tells whether the label could be used', () => {
    expect(decodeCharset(bytesOf('a'), 'utf-8').known).toBe(true);
    expect(decodeCharset(bytesOf('a'), 'cp437').known).toBe(true);
    expect(decodeCharset(bytesOf('a'), undefined).known).toBe(false);
    expect(decodeCharset(bytesOf('a'), 'x-foo').known).toBe(false);
    expect(decodeCharset(bytesOf('a'), 'utf-7').known).toBe(false);
  });

  test('UTF-7 only when asked for', () => {
    const bytes = bytesOf('Hi +AGE-b +2D3eAA- +-');
    expect(decodeCharset(bytes, 'utf-7', { utf7: true })).toEqual({
      text: 'Hi ab 😀 +',
      known: true,
    });
    expect(decodeCharset(bytes, 'UTF7').text).toBe('Hi +AGE-b +2D3eAA- +-');
  });

  test('the byte order mark goes away unless it is to be kept', () => {
    const mark = '\xef\xbb\xbf';
    expect(decode(`${mark}a`, 'utf-8')).toBe('a');
    expect(decode('\xff\xfea\0', 'utf-16')).toBe('a');
    expect(decodeCharset(bytesOf(`${mark}a`), 'utf-8', { keepByteOrderMark: true }).text).toBe(
      '\ufeffa',
    );
    expect(decodeCharset(bytesOf(`${mark}\xe9`), 'utf-8', { keepByteOrderMark: true }).text).toBe(
      '\ufeff\ufffd',
    );
  });

  test('UTF-16 and UTF-32 in either order', () => {
    expect(decode('\xfe\xff\0a\xd8\x3d\xde\0', 'utf-16')).toBe('a😀');
    expect(decode('a\0b\0', 'utf-16')).toBe('ab');
    expect(decode('\0a\0b', 'utf-16')).toBe('ab');
    expect(decode('\x530\x930\x6b0', 'ucs-2')).toBe('こんに');
    expect(decode('a\0', 'utf-16le')).toBe('a');
    expect(decode('\0a', 'utf-16be')).toBe('a');
    expect(decode('\xd8\x3d\0a', 'utf-16be')).toBe('\ufffda');
    expect(decode('\0\0\xfe\xff\0\x01\xf6\0', 'utf-32')).toBe('😀');
    expect(decode('\xff\xfe\0\0a\0\0\0', 'utf-32')).toBe('a');
    expect(decode('a\0\0\0', 'utf-32')).toBe('a');
    expect(decode('\0\0\0a\0\0\xd8\0\xff\xff\xff\xff\0', 'utf-32be')).toBe('a\ufffd\ufffd\ufffd');
  });

  test('ISO-2022-JP with all its sets', () => {
    expect(decode('\x1b$B$3$s\x1b(B!', 'iso-2022-jp')).toBe('こん!');
    expect(decode('\x1b$@$3\r\nabc', 'iso-2022-jp')).toBe('こ\r\nabc');
    expect(decode('\x1b(I1\x1b(J\\\x1b(B\\', 'iso-2022-jp')).toBe('ｱ¥\\');
    expect(decode('\x1b$(D"D\x1b$B-!\x1b(B', 'iso-2022-jp-2')).toBe('¿①');
    expect(decode('\x1b$A', 'iso-2022-jp')).toBe('');
  });

  test('ISO-2022-KR and -CN', () => {
    expect(decode('\x1b$)C\x0e0!\x0f!\r\n\x0e0!\r\nx', 'iso-2022-kr')).toBe('가!\r\n가\r\nx');
    expect(decode('\x1b$)A\x0eDc\x0f!', 'iso-2022-cn')).toBe('你!');
  });

  test('HZ', () => {
    expect(decode('a ~{Dc:C~} ~~ b~\nc', 'hz-gb-2312')).toBe('a 你好 ~ bc');
    expect(decode('~{Dc\r\nabc', 'hz')).toBe('你\r\nabc');
    expect(decode('~{D~~}x', 'hz')).toBe('宁x');
  });

  test('long text is what short text is', () => {
    const text = 'Grüße, 日本 😀\r\n'.repeat(500);
    expect(decodeCharset(Buffer.from(text), 'utf-8').text).toBe(text);
    expect(decodeCharset(new Uint8Array(Buffer.from(text)), undefined).text).toBe(text);
    expect(decode('caf\xe9 '.repeat(500), 'us-ascii')).toBe('café '.repeat(500));
  });

  test('agrees with iconv-lite about every octet of the single-octet charsets', () => {
    const iconv = createRequire(import.meta.url)('iconv-lite') as typeof import('iconv-lite');
    const names = ['windows-1252', 'iso-8859-16', 'koi8-u', 'ibm866', 'windows-1256'];
    for (const part of [2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15]) names.push(`iso-8859-${part}`);
    for (const page of [
      437, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 864, 865, 869,
    ]) {
      names.push(`cp${page}`);
    }
    const octets = Uint8Array.from({ length: 256 }, (_, n) => n);
    for (const name of names) {
      const theirs = iconv.decode(octets, name);
      const ours = decodeCharset(octets, name).text;
      for (let n = 0; n < 256; n++) {
        // What iconv-lite does not map, the WHATWG maps to the control of that number.
        if (theirs[n] !== '\ufffd')
          expect(`${name} ${n} ${ours[n]}`).toBe(`${name} ${n} ${theirs[n]}`);
      }
    }
  });
});
