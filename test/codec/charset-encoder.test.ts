import { expect, test } from 'vitest';
import { encodeCharset } from '../../src/codec/internal.ts';

const hex = (text: string, label: string): string | undefined => {
  const encoded = encodeCharset(text, label);
  return encoded && `${Buffer.from(encoded.bytes).toString('hex')} ${encoded.isWhole}`;
};

test('text in a charset, and whether it is all of the text', () => {
  expect(hex('Grüße', '1252')).toBe('4772fcdf65 true');
  expect(hex('Привет', '1251')).toBe('cff0e8e2e5f2 true');
  expect(hex('日本', '932')).toBe('93fa967b true');
  expect(hex('€', 'iso-8859-1')).toBe('80 true');
  expect(hex('a€日', '1251')).toBe('61883f false');
  expect(hex('plain', 'cp437')).toBe('706c61696e true');
  expect(hex('é', 'utf-8')).toBe('c3a9 true');
  expect(hex('é', 'no-such-charset')).toBeUndefined();
});
