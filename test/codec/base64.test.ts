import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { LINE_INPUT, makeKernel, writeLinesPlain } from '../../src/codec/base64-kernel.ts';
import { decodeBase64, encodeBase64 } from '../../src/codec/index.ts';
import { Base64LineEncoder, encodeBase64Lines } from '../../src/codec/internal.ts';
import { expectLinear } from '../support/linear.ts';
import { bytesOf, stringOf } from './oracles.ts';

const pattern = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 167 + (i >> 8) * 31 + 5) & 0xff);
const wrapped = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('base64')
    .replace(/.{76}(?=.)/g, '$&\r\n');
const decoded = (text: string): string => stringOf(decodeBase64(text));

type Lines = typeof import('../../src/codec/base64-lines.ts');

/** The encoder, loaded anew, after enough octets for the kernel to be made. */
async function withKernel(): Promise<Lines> {
  vi.resetModules();
  const lines: Lines = await import('../../src/codec/base64-lines.ts');
  lines.encodeBase64Lines(new Uint8Array(20_000));
  return lines;
}

/** The same where there is no WebAssembly. */
function withoutKernel(): Promise<Lines> {
  vi.stubGlobal('WebAssembly', undefined);
  return withKernel();
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe.each([
  ['the kernel', withKernel],
  ['the plain writer', withoutKernel],
])('lines of 76 columns by %s', (_, load) => {
  test('every length to 400 as Buffer and a regular expression have it', async () => {
    const lines = await load();
    for (let length = 0; length <= 400; length++) {
      const bytes = pattern(length);
      const encoded = lines.encodeBase64Lines(bytes);
      expect(stringOf(encoded)).toBe(wrapped(bytes));
      expect(lines.base64LinesSize(length)).toBe(encoded.length);
    }
  });

  test('any chunks give what the whole gives, in fresh and in recycled memory', async () => {
    const lines = await load();
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 12 }),
        fc.boolean(),
        (chunks, recycled) => {
          const encoder = new lines.Base64LineEncoder();
          let out = '';
          for (const chunk of chunks) {
            out += stringOf(recycled ? encoder.pushRecycled(chunk) : encoder.push(chunk));
          }
          out += stringOf(encoder.end());
          expect(out).toBe(wrapped(Buffer.concat(chunks)));
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('lines of 76 columns', () => {
  test('kernel and plain writer give the same for every number of lines', () => {
    const kernel = makeKernel();
    expect(kernel).toBeDefined();
    const source = pattern(600 * LINE_INPUT + 3);
    for (const lines of [1, 2, 3, 7, 255, 256, 257, 511, 512, 513, 600]) {
      for (const start of [0, 3]) {
        const fast = new Uint8Array(lines * 78 + 78);
        const plain = new Uint8Array(lines * 78 + 78);
        kernel?.(source, start, lines, fast, 78);
        writeLinesPlain(source, start, lines, plain, 78);
        expect(Buffer.compare(fast, plain)).toBe(0);
        const expected = wrapped(source.subarray(start, start + lines * LINE_INPUT));
        expect(stringOf(plain.subarray(78))).toBe(`${expected}\r\n`);
      }
    }
  });

  test('large chunks at odd places', () => {
    const whole = pattern(300_001);
    for (const size of [57, 100, 8192, 65_536, 99_999]) {
      const encoder = new Base64LineEncoder();
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < whole.length; at += size) {
        pieces.push(encoder.push(whole.subarray(at, at + size)));
      }
      pieces.push(encoder.end());
      expect(stringOf(Buffer.concat(pieces))).toBe(wrapped(whole));
    }
  });

  test('recycled memory is written over by the next call, fresh memory is not', () => {
    const encoder = new Base64LineEncoder();
    const fresh = encoder.push(pattern(200));
    const before = stringOf(fresh);
    const first = encoder.pushRecycled(new Uint8Array(200));
    const second = encoder.pushRecycled(new Uint8Array(200).fill(255));
    expect(first.buffer).toBe(second.buffer);
    expect(stringOf(first)).toContain('////');
    expect(stringOf(fresh)).toBe(before);
  });

  test('after the end the encoder begins again', () => {
    const encoder = new Base64LineEncoder();
    encoder.push(bytesOf('abc'));
    expect(stringOf(encoder.end())).toBe('YWJj');
    expect(stringOf(encoder.end())).toBe('');
    encoder.push(bytesOf('xyz'));
    expect(stringOf(encoder.end())).toBe('eHl6');
  });

  test('two encoders do not disturb each other', () => {
    const [a, b] = [new Base64LineEncoder(), new Base64LineEncoder()];
    const left = a.pushRecycled(pattern(20_000));
    b.pushRecycled(new Uint8Array(20_000));
    expect(stringOf(left)).toBe(
      stringOf(encodeBase64Lines(pattern(20_000)).subarray(0, left.length)),
    );
  });
});

describe('the kernel', () => {
  test('is what the tool assembles', async () => {
    const tool = '../../tools/build-base64-kernel.mjs';
    const { assembleKernel, kernelFile } = (await import(/* @vite-ignore */ tool)) as {
      assembleKernel(): Uint8Array;
      kernelFile(): string;
    };
    const file = new URL('../../src/codec/base64-kernel.data.ts', import.meta.url);
    expect(readFileSync(file, 'utf8')).toBe(kernelFile());
    expect(assembleKernel().length).toBeLessThan(1024);
  });

  test('is made once there is enough to do', async () => {
    vi.resetModules();
    const kernel = await import('../../src/codec/base64-kernel.ts');
    expect(kernel.lineWriterFor(4000)).toBe(kernel.writeLinesPlain);
    const made = kernel.lineWriterFor(5000);
    expect(made).not.toBe(kernel.writeLinesPlain);
    expect(kernel.lineWriterFor(1)).toBe(made);
  });

  test('is not needed: without WebAssembly there is none', async () => {
    vi.stubGlobal('WebAssembly', undefined);
    vi.resetModules();
    const kernel = await import('../../src/codec/base64-kernel.ts');
    expect(kernel.makeKernel()).toBeUndefined();
    expect(kernel.lineWriterFor(1_000_000)).toBe(kernel.writeLinesPlain);
  });

  test('is not needed: an engine without vectors refuses the module', async () => {
    class Refused {
      constructor() {
        throw new Error('invalid opcode 0xfd');
      }
    }
    vi.stubGlobal('WebAssembly', { Module: Refused, Instance: Refused });
    vi.resetModules();
    const kernel = await import('../../src/codec/base64-kernel.ts');
    expect(kernel.makeKernel()).toBeUndefined();
  });
});

describe('decodeBase64', () => {
  test('gives back what was encoded, wrapped or not, as string or bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(Buffer.compare(decodeBase64(encodeBase64(bytes)), bytes)).toBe(0);
        expect(Buffer.compare(decodeBase64(encodeBase64Lines(bytes)), bytes)).toBe(0);
        expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ['missing padding', 'YWI', 'ab'],
    ['too much padding', 'YWI====', 'ab'],
    ['one letter too many', 'YWJjZ', 'abc'],
    ['characters outside the alphabet', 'Y W\tJ\r\nj!.\u00e9ZGVm', 'abcdef'],
    ['characters above U+00FF', 'YW\u0141Jj', 'abc'],
    ['a stray = where padding can not be', 'YWJj=ZGVm', 'abcdef'],
    ['lines ended by = (quoted-printable over base64)', 'YWJj=\r\nZGVm=\r\n', 'abcdef'],
    ['URL-safe letters', '-_-_', '\xfb\xff\xbf'],
    ['encodings strung together on one line', 'YQ==YmM=ZGVm', 'abcdef'],
    ['encodings strung together in lines', 'YQ==\r\nYmM=\r\n\r\nZGVm\r\n', 'abcdef'],
    ['the footer of a mailing list', 'YQ==\r\n_____\r\nYou get this mail because\r\n', 'a'],
    ['a boundary after it', 'YWI=\r\n--abc\r\n', 'ab'],
    ['nothing', '', ''],
    ['only padding', '====', ''],
    ['only blanks', ' \r\n ', ''],
  ])('survives %s', (_, text, expected) => {
    expect(decoded(text)).toBe(expected);
    if (!/[^\x00-\xff]/.test(text)) expect(stringOf(decodeBase64(bytesOf(text)))).toBe(expected);
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        decodeBase64(text);
      }),
      { numRuns: 200 },
    );
  });

  test('takes linear time on paddings', () => {
    expectLinear((n) => void decodeBase64('YQ=='.repeat(n)), 40_000);
    expectLinear((n) => void decodeBase64('Y='.repeat(n)), 100_000);
    expectLinear((n) => void decodeBase64('YQ==\r\n \r\n'.repeat(n)), 40_000);
  });

  test('reads more than fits one piece', () => {
    const unit = 'YWJjZGVm'.repeat(9);
    const lines = `${unit}!\r\n`.repeat(Math.ceil(0x4100000 / (unit.length + 3)));
    const bytes = decodeBase64(bytesOf(`Y${lines}`.replace('Y!', 'Y')));
    const letters = (lines.length / (unit.length + 3)) * unit.length + 1;
    expect(bytes.length).toBe(Math.floor((letters * 3) / 4));
    const tail = `Y${unit.repeat(2)}`;
    expect(stringOf(bytes.subarray(0, 50))).toBe(decoded(tail).slice(0, 50));
    expect(stringOf(bytes.subarray(bytes.length - 9))).toBe(decoded(tail).slice(-9));
  });
});
