// The kernel gives what the plain decoder gives, and is what its tool makes.
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { makeQuotedPrintableKernel } from '../../src/codec/quoted-printable-kernel.ts';
import { decodePlain } from '../../src/codec/quoted-printable-reader.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const texts = fc
  .array(
    fc.constantFrom(
      ...[
        'plain text of some length',
        'a',
        '=3D',
        '=e9',
        '=C',
        '=',
        '==',
        '=\r\n',
        '=\n',
        '= \t\r\n',
      ],
      ...['=\r', ' ', '\t', ' \r', '\r', '\n', '\r\n', ' \r\n', '=20\r\n', '\0', '\xff'],
    ),
    { maxLength: 80 },
  )
  .map((pieces) => Buffer.from(pieces.join(''), 'latin1'));

test('decodes as the plain decoder does', () => {
  const kernel = makeQuotedPrintableKernel();
  expect(kernel).toBeDefined();
  fc.assert(
    fc.property(texts, (bytes) => {
      const plain = decodePlain(bytes, bytes.length);
      const wanted = [Buffer.from(plain.octets).toString('latin1'), plain.settled];
      const made = kernel!(bytes, bytes.length);
      expect([Buffer.from(made.octets).toString('latin1'), made.settled]).toEqual(wanted);
    }),
    { numRuns: 1000 },
  );
});

test('is not made where there is no WebAssembly', () => {
  vi.stubGlobal('WebAssembly', undefined);
  expect(makeQuotedPrintableKernel()).toBeUndefined();
});

test('is what the tool assembles', async () => {
  const tool = '../../tools/build-quoted-printable-kernel.mjs';
  const { kernelFile } = (await import(/* @vite-ignore */ tool)) as { kernelFile(): string };
  const file = new URL('../../src/codec/quoted-printable-kernel.data.ts', import.meta.url);
  expect(readFileSync(file, 'utf8')).toBe(kernelFile());
});
