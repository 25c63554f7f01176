// The kernel gives what the plain decoder gives, and is what its tool makes.
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import {
  decodeLettersPlain,
  type LetterDecoder,
  makeLetterKernel,
} from '../../src/codec/base64-letters.ts';
import { decodeBase64 } from '../../src/codec/index.ts';
import { encodeBase64Lines } from '../../src/codec/internal.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** What a decoder makes of the chunks, one after the other, and the group it leaves. */
function made(decode: LetterDecoder, chunks: readonly Uint8Array[]): unknown {
  const group = { bits: 0, count: 0 };
  const target = Buffer.alloc(1000);
  let at = 0;
  for (const chunk of chunks) at += decode(chunk, 0, chunk.length, target, at, group);
  return [target.toString('hex', 0, at), group];
}

test('decodes as the plain decoder does', () => {
  const kernel = makeLetterKernel();
  expect(kernel).toBeDefined();
  const chunk = fc
    .array(
      fc.constantFrom(
        'QUJDREVGR0hJSktMTU5PUA',
        'abcd',
        'Z',
        '+/',
        '-_',
        '\r\n',
        ' ',
        '@[`{',
        '\xff\0',
      ),
      { maxLength: 20 },
    )
    .map((pieces) => Buffer.from(pieces.join(''), 'latin1'));
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 3 }), (chunks) => {
      expect(made(kernel!, chunks)).toEqual(made(decodeLettersPlain, chunks));
    }),
    { numRuns: 1000 },
  );
});

test('every octet is the letter that it is, at every place', () => {
  const kernel = makeLetterKernel();
  for (let octet = 0; octet < 256; octet++) {
    for (const place of [0, 5, 15, 16]) {
      const bytes = Buffer.alloc(40, 'A');
      bytes[place] = octet;
      expect(made(kernel!, [bytes])).toEqual(made(decodeLettersPlain, [bytes]));
    }
  }
});

test('large content comes back, in lines and in one', () => {
  const bytes = Uint8Array.from({ length: 700_001 }, (_, index) => (index * 7919) >> 5);
  expect(Buffer.compare(decodeBase64(encodeBase64Lines(bytes)), bytes)).toBe(0);
  expect(
    Buffer.compare(decodeBase64(Buffer.from(Buffer.from(bytes).toString('base64'))), bytes),
  ).toBe(0);
});

test('is not made where there is no WebAssembly', () => {
  vi.stubGlobal('WebAssembly', undefined);
  expect(makeLetterKernel()).toBeUndefined();
});

test('is what the tool assembles', async () => {
  const tool = '../../tools/build-base64-decode-kernel.mjs';
  const { kernelFile } = (await import(/* @vite-ignore */ tool)) as { kernelFile(): string };
  const file = new URL('../../src/codec/base64-decode-kernel.data.ts', import.meta.url);
  expect(readFileSync(file, 'utf8')).toBe(kernelFile());
});
