import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { DotStuffer } from '../../src/smtp/dot-stuffer.ts';
import { makeStuffingKernel, type StuffingKernel } from '../../src/smtp/stuffing-kernel.ts';
import { expectLinear } from '../support/linear.ts';

let kernel: StuffingKernel | undefined;

function stuff(chunks: readonly string[]): { wire: string; size: number } {
  const stuffer = new DotStuffer(() => kernel);
  let wire = '';
  for (const chunk of chunks) {
    for (const piece of stuffer.push(Buffer.from(chunk, 'latin1'))) {
      wire += Buffer.from(piece).toString('latin1');
    }
  }
  wire += Buffer.from(stuffer.end()).toString('latin1');
  return { wire, size: stuffer.size };
}

// What a server does with the bytes after DATA (RFC 5321 section 4.5.2).
function unstuff(wire: string): string {
  const lines = wire.slice(0, -'.\r\n'.length);
  return lines.replaceAll(/(^|\r\n)\./g, '$1');
}

const asCrlf = (text: string): string => {
  const lines = text.replaceAll(/\r\n|\r|\n/g, '\r\n');
  return lines === '' || lines.endsWith('\r\n') ? lines : `${lines}\r\n`;
};

function* strings(length: number): Generator<string> {
  if (length === 0) return yield '';
  for (const rest of strings(length - 1)) for (const c of '\r\n.x') yield c + rest;
}

function* chunkings(text: string): Generator<string[]> {
  for (let mask = 0; mask < 1 << Math.max(0, text.length - 1); mask++) {
    const list = [''];
    for (let i = 0; i < text.length; i++) {
      list.push(`${list.pop()}${text[i]}`);
      if (i < text.length - 1 && mask & (1 << i)) list.push('');
    }
    yield list;
  }
}

function check(chunks: string[]): void {
  const text = chunks.join('');
  const { wire, size } = stuff(chunks);
  const expected = asCrlf(text);
  if (unstuff(wire) !== expected || size !== expected.length) {
    expect({ chunks, wire, size }).toBe(expected);
  }
  // The end comes once, and only at the end.
  const end = `\r\n${wire}`.indexOf('\r\n.\r\n');
  if (end !== wire.length - 3) expect({ chunks, wire }).toBe('one end');
  if (/\r(?!\n)|(?<!\r)\n/.test(wire)) expect({ chunks, wire }).toBe('CRLF only');
}

describe.each(['JavaScript', 'WebAssembly'])('the dot stuffer in %s', (language) => {
  beforeAll(() => {
    kernel = language === 'WebAssembly' ? makeStuffingKernel() : undefined;
    expect(kernel === undefined).toBe(language === 'JavaScript');
  });

  it('is right for every text up to five octets in every chunking', () => {
    for (let length = 0; length <= 5; length++) {
      for (const text of strings(length)) for (const chunks of chunkings(text)) check(chunks);
    }
  });

  it('is right for every text of seven octets, whole and octet by octet', () => {
    for (const text of strings(7)) {
      check([text]);
      check([...text]);
    }
  });

  it('is right for longer texts in any chunking', () => {
    const piece = fc.string({
      unit: fc.constantFrom('\r', '\n', '.', 'x', '\r\n', '\r\n.'),
      maxLength: 30,
    });
    fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), check), { numRuns: 300 });
  });

  it('passes on a chunk that needs no change as it is', () => {
    const chunk = Buffer.from('line\r\nanother.\r\nlast');
    expect(new DotStuffer(() => kernel).push(chunk)[0]).toBe(chunk);
    expect(new DotStuffer(() => kernel).push(chunk).length).toBe(1);
  });

  it.each([
    ['a\n.\nb', 'a\r\n..\r\nb\r\n.\r\n'],
    ['a\n.\r\nb', 'a\r\n..\r\nb\r\n.\r\n'],
    ['a\r\n.\nb', 'a\r\n..\r\nb\r\n.\r\n'],
    ['a\r.\rb', 'a\r\n..\r\nb\r\n.\r\n'],
    ['a\r.\r\nb', 'a\r\n..\r\nb\r\n.\r\n'],
    ['a\r\n.\rb', 'a\r\n..\r\nb\r\n.\r\n'],
    ['a\r\n\r\n.\r\n', 'a\r\n\r\n..\r\n.\r\n'],
    ['.', '..\r\n.\r\n'],
    ['a\r', 'a\r\n.\r\n'],
    ['', '.\r\n'],
  ])('lets no smuggled end through: %j', (text, wire) => {
    expect(stuff([text]).wire).toBe(wire);
  });

  it('takes time in proportion to the text, whatever it is', () => {
    for (const unit of ['\r', '\n', '.', '\n.', 'xxxxxxxxxxxxxxxx\n']) {
      expectLinear((octets) => {
        new DotStuffer(() => kernel).push(Buffer.alloc(octets, unit));
      }, 40_000);
    }
  });

  it('is right at the borders of what it takes at once', () => {
    const ends = ['\r', '\n', '\r\n', '.', '\r\n.', 'x'];
    for (const border of [15, 16, 17, 32, 262_143, 262_144, 262_145]) {
      for (const before of ends) {
        for (const after of ends) {
          const text = `${'x'.repeat(border - before.length)}${before}${after}y`;
          check([text]);
          check([text.slice(0, border), text.slice(border)]);
        }
      }
    }
  });

  it('keeps what it changed until it is told that it has been written', () => {
    const stuffer = new DotStuffer(() => kernel);
    const line = 'x\n'.repeat(100_000);
    const pieces = [1, 2, 3, 4, 5].flatMap(() => stuffer.push(Buffer.from(line)));
    const expected = 'x\r\n'.repeat(100_000);
    expect(Buffer.concat(pieces).equals(Buffer.from(expected.repeat(5)))).toBe(true);
    stuffer.reuse();
    const again = stuffer.push(Buffer.from('.'.repeat(20_000)));
    expect(Buffer.concat(again).toString()).toBe(`.${'.'.repeat(20_000)}`);
    expect(stuffer.size).toBe(5 * 300_000 + 20_000);
  });
});

it('the kernel is what its tool makes', async () => {
  const tool = '../../tools/build-stuffing-kernel.mjs';
  const { kernelFile } = (await import(/* @vite-ignore */ tool)) as { kernelFile(): string };
  const file = new URL('../../src/smtp/stuffing-kernel.data.ts', import.meta.url);
  expect(readFileSync(file, 'utf8')).toBe(kernelFile());
});
