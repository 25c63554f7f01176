import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { decodeCharset, decodeParameters, decodeWords } from '../../src/codec/index.ts';

const require = createRequire(import.meta.url);
const isLoaded = (): boolean =>
  Object.keys(require.cache).some((path) => path.includes('iconv-lite'));

test('the tables of legacy charsets are loaded by the first that needs them', () => {
  expect(isLoaded()).toBe(false);
  expect(decodeWords('=?utf-8?Q?=C3=A9?= =?iso-8859-2?Q?=B1?=')).toBe('éą');
  expect(decodeParameters("a; n*=windows-1251''%CF").parameters.get('n')).toBe('П');
  expect(decodeCharset(Uint8Array.of(0x80), 'windows-1252').text).toBe('€');
  expect(isLoaded()).toBe(false);
  expect(decodeCharset(Uint8Array.of(0x81), 'cp437').text).toBe('ü');
  expect(isLoaded()).toBe(true);
});
