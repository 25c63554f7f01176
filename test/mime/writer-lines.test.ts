import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasOnlyCrlf, linesFit, toCrlf, toCrlfBytes } from '../../src/mime/writer/line-ends.ts';
import { INPUT_BYTES } from '../../src/mime/writer/line-kernel.data.ts';
import { lineKernelFor, makeKernel } from '../../src/mime/writer/line-kernel.ts';
// @ts-expect-error a tool without types
import { kernelFile } from '../../tools/build-line-kernel.mjs';
import { anyText } from './writer-support.ts';

const crlf = (text: string): string => text.replace(/\r\n?|\n/g, '\r\n');
const octets = (text: string): number => Buffer.byteLength(text);
const asText = (lines: string | Uint8Array): string =>
  typeof lines === 'string' ? lines : Buffer.from(lines).toString('utf8');

describe('line ends', () => {
  test('every one becomes CRLF', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const wellFormed = Buffer.from(text, 'utf8').toString('utf8');
        const lines = toCrlf(text, octets(text));
        expect(asText(lines)).toBe(crlf(wellFormed));
        const bytes = toCrlfBytes(Buffer.from(text, 'utf8'));
        expect(Buffer.from(bytes).toString('utf8')).toBe(crlf(wellFormed));
        expect(hasOnlyCrlf(bytes)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('octets that are right stay the same array', () => {
    const bytes = Buffer.from('a\r\nb\r\n');
    expect(toCrlfBytes(bytes)).toBe(bytes);
  });

  test.each([
    ['', true],
    ['a', true],
    ['\r\n', true],
    ['\n', false],
    ['\r', false],
    ['a\r\r\n', false],
    ['a\r\n\n', false],
    ['a\n\r', false],
    ['a\r\nb\r', false],
  ])('only CRLF: %j', (text, expected) => {
    expect(hasOnlyCrlf(Buffer.from(text))).toBe(expected);
  });

  test('linesFit says whether a line is over 998 octets', () => {
    const length = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 990, max: 1003 }));
    fc.assert(
      fc.property(fc.array(length, { maxLength: 30 }), (lengths) => {
        const text = lengths.map((count) => 'x'.repeat(count)).join('\r\n');
        const expected = lengths.every((count) => count <= 998);
        expect(linesFit(text)).toBe(expected);
        expect(linesFit(Buffer.from(text))).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the kernel', () => {
  const kernel = makeKernel();
  if (!kernel) throw new Error('this Node has no WebAssembly vectors');

  test('is what its tool makes', () => {
    const file = new URL('../../src/mime/writer/line-kernel.data.ts', import.meta.url);
    expect(readFileSync(file, 'utf8')).toBe(kernelFile());
  });

  test('writes CRLF for LF, wherever it stands', () => {
    const piece = fc.constantFrom('\n', 'a', 'bc', 'é', '日本', '\0', 'x'.repeat(15));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        expect(kernel(text, octets(text)).toString('utf8')).toBe(text.replaceAll('\n', '\r\n'));
      }),
      { numRuns: 300 },
    );
  });

  test('takes as much as it says, and keeps nothing of the last call', () => {
    const most = '\n'.repeat(INPUT_BYTES);
    expect(kernel(most, most.length).equals(Buffer.from(most.replaceAll('\n', '\r\n')))).toBe(true);
    expect(kernel('a', 1).toString()).toBe('a');
    expect(kernel('', 0).toString()).toBe('');
  });

  test('serves once it pays, and never for more than it takes', () => {
    for (let count = 0; count < 70; count += 1) lineKernelFor(1000);
    expect(lineKernelFor(10)).toBeDefined();
    expect(lineKernelFor(INPUT_BYTES)).toBeDefined();
    expect(lineKernelFor(INPUT_BYTES + 1)).toBeUndefined();
    for (const text of ['a\nb\n'.repeat(20_000), 'é\n'.repeat(20_000), 'a\n'.repeat(300_000)]) {
      const first = toCrlf(text, octets(text));
      toCrlf('other\n', 6);
      expect(asText(first)).toBe(crlf(text));
    }
  });
});
