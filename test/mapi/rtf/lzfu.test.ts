import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FormatError, LimitError, limits } from '../../../src/base/index.ts';
import { compressRtf } from '../../../src/mapi/rtf/compress-rtf.ts';
import { decompressRtf } from '../../../src/mapi/rtf/decompress-rtf.ts';
import { checksumOf, preloaded } from '../../../src/mapi/rtf/lzfu-dictionary.ts';
import { cpuMs } from '../../support/cpu-time.ts';

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');
const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

// MS-OXRTFCP sections 4.1 and 4.2.
const plain = ascii('{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n');
const plainPacked = hex(
  '2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0',
);
const repeated = ascii('{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}');
const repeatedPacked = hex('1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0');

describe('the examples of the specification', () => {
  test('are read', () => {
    expect(decompressRtf(plainPacked, { strict: true })).toEqual(plain);
    expect(decompressRtf(repeatedPacked, { strict: true })).toEqual(repeated);
  });

  test('are written octet for octet', () => {
    expect(compressRtf(plain)).toEqual(plainPacked);
    expect(compressRtf(repeated)).toEqual(repeatedPacked);
  });

  test('the dictionary begins with 207 octets', () => {
    expect(preloaded).toHaveLength(207);
  });
});

describe('what is compressed comes back', () => {
  const word = fc.constantFrom(
    '\\par ',
    '{\\b ',
    '}',
    'hello ',
    '\r\n',
    "\\'e4",
    '\\htmlrtf0 ',
    'aaaa',
  );
  const rtfLike = fc.array(word, { maxLength: 3000 }).map((words) => ascii(words.join('')));
  const any = fc.oneof(fc.uint8Array({ maxLength: 9000 }), rtfLike);

  test.each(['lzfu', 'none'] as const)('%s', (method) => {
    fc.assert(
      fc.property(any, (rtf) => {
        const packed = compressRtf(rtf, { method });
        return same(decompressRtf(packed, { strict: true }), rtf);
      }),
      { numRuns: 150 },
    );
  });

  test('around the size of the dictionary', () => {
    for (const size of [0, 1, 2, 3, 16, 17, 18, 3888, 3889, 4095, 4096, 4097, 8191]) {
      const rtf = new Uint8Array(size).fill(97);
      expect(same(decompressRtf(compressRtf(rtf), { strict: true }), rtf), `${size}`).toBe(true);
    }
  });

  test('ordinary RTF becomes a quarter, 10 MB in less than two seconds', () => {
    const line = (n: number): string =>
      `{\\*\\htmltag64 <p class=MsoNormal>}\\htmlrtf {\\htmlrtf0 Paragraph ${n * 7919} of ${n}\\htmlrtf\\par}\\htmlrtf0 \r\n`;
    const rtf = ascii(Array.from({ length: 90_000 }, (_, n) => line(n)).join(''));
    let packed: Uint8Array = new Uint8Array();
    let back = packed;
    const ms = cpuMs(() => {
      packed = compressRtf(rtf);
      back = decompressRtf(packed, { strict: true });
    });
    expect(ms).toBeLessThan(2000);
    expect(packed.length / rtf.length).toBeLessThan(0.3);
    expect(same(back, rtf)).toBe(true);
  });
});

describe('damage', () => {
  const problem = (packed: Uint8Array, strict: boolean): unknown => {
    try {
      return decompressRtf(packed, { strict });
    } catch (error) {
      return error;
    }
  };

  test('what is no compressed RTF is refused', () => {
    const error = problem(ascii('{\\rtf1 not compressed at all}'), false);
    expect(error).toBeInstanceOf(FormatError);
    expect(error).toMatchObject({
      code: 'FORMAT_INVALID',
      format: 'RTF',
      offset: 8,
      message:
        "Compressed RTF can't be read: it is neither LZFu nor MELA; read the plain text or HTML of the message instead",
    });
    expect(problem(new Uint8Array(15), false)).toMatchObject({
      message: expect.stringContaining('it is shorter than its header'),
    });
  });

  test('a wrong checksum matters only to the strict', () => {
    const wrong = Uint8Array.from(plainPacked);
    wrong[12] = 0;
    expect(problem(wrong, true)).toMatchObject({
      code: 'FORMAT_INVALID',
      message: expect.stringContaining('its checksum is wrong'),
    });
    expect(problem(wrong, false)).toEqual(plain);
  });

  test('what is cut short gives what there is', () => {
    const cut = plainPacked.subarray(0, 30);
    expect(problem(cut, true)).toMatchObject({
      message: expect.stringContaining('it is cut short'),
    });
    const begin = problem(cut, false) as Uint8Array;
    expect(Buffer.from(plain).subarray(0, begin.length)).toEqual(Buffer.from(begin));
    expect(begin.length).toBeGreaterThan(10);
  });

  test('a size that is not that of the text', () => {
    const packed = Buffer.from(plainPacked);
    packed.writeUInt32LE(5, 4);
    packed.writeUInt32LE(checksumOf(packed, 16), 12);
    expect(problem(packed, true)).toEqual(plain.subarray(0, 5));
    packed.writeUInt32LE(0xffff_ffff, 4);
    expect(problem(packed, true)).toMatchObject({
      message: expect.stringContaining('it holds 43 octets and says 4294967295'),
    });
    expect(problem(packed, false)).toEqual(plain);
  });

  test('the size of MELA is what its header says of the octets, not of the text', () => {
    const packed = Buffer.from(compressRtf(plain, { method: 'none' }));
    packed.writeUInt32LE(plain.length + 12, 4);
    expect(decompressRtf(packed, { strict: true })).toEqual(plain);
    expect(decompressRtf(Buffer.concat([packed, Buffer.alloc(7)]))).toEqual(plain);
  });

  test('references before the first octet are zeros', () => {
    const packed = Buffer.concat([hex('12000000 04000000 4c5a4675 00000000'), hex('01 8002 0000')]);
    expect(same(decompressRtf(packed), new Uint8Array(4))).toBe(true);
  });

  test('text over the limit is refused before it is made', () => {
    const packed = new Uint8Array(limits.rtfBytes / 8 + 1000);
    packed.set(hex('ffffffff ffffffff 4c5a4675 00000000'));
    expect(problem(packed, false)).toBeInstanceOf(LimitError);
    expect(problem(packed, false)).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      limit: 'rtfBytes',
      message: expect.stringContaining("The size of an RTF text is over the limit 'rtfBytes'"),
    });
  });

  test('any octets give text or an error of the library', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(0xffff_ffff), (contents, size) => {
        const packed = Buffer.concat([new Uint8Array(16), contents]);
        packed.writeUInt32LE(packed.length - 4, 0);
        packed.writeUInt32LE(size, 4);
        packed.writeUInt32LE(0x75465a4c, 8);
        return decompressRtf(packed).length <= contents.length * 8 + 17;
      }),
      { numRuns: 300 },
    );
  });
});
