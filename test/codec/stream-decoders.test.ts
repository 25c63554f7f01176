// Chunk by chunk the decoders give what the whole gives, wherever it is cut.
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeBase64,
  decodeQuotedPrintable,
  decodeUuencode,
  encodeBase64,
  encodeQuotedPrintable,
} from '../../src/codec/index.ts';
import {
  Base64Decoder,
  encodeBase64Lines,
  QuotedPrintableDecoder,
  type StreamDecoder,
  UuencodeDecoder,
} from '../../src/codec/internal.ts';
import { expectLinear } from '../support/linear.ts';

const pieces = (text: string[]): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...text), { maxLength: 60 }).map((list) => list.join(''));

const kinds: [
  name: string,
  make: () => StreamDecoder,
  whole: (bytes: Uint8Array) => Uint8Array,
  texts: fc.Arbitrary<string>,
][] = [
  [
    'base64',
    () => new Base64Decoder(),
    decodeBase64,
    fc.oneof(
      pieces(['A', 'QUJD', 'QQ==', 'QUI=', '=', '\r\n', '\n', ' ', '\t', '-_', '!', '\xa0']),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => latin1(encodeBase64Lines(bytes))),
      fc.uint8Array({ maxLength: 300 }).map(encodeBase64),
    ),
  ],
  [
    'quoted-printable',
    () => new QuotedPrintableDecoder(),
    decodeQuotedPrintable,
    fc.oneof(
      pieces(['a', 'text', '=', '=3D', '=C', '=e9', '=20', ' ', '\t', '\r', '\n', '\r\n', '=\r\n']),
      fc.string().map((text) => latin1(encodeQuotedPrintable(Buffer.from(text)))),
    ),
  ],
  [
    'uuencode',
    () => new UuencodeDecoder(),
    decodeUuencode,
    pieces(['begin 644 x', 'begin', 'end', '\n', '\r\n', '#86)C', '`', 'M', '86)C', 'text', ' ']),
  ],
];

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function decode(decoder: StreamDecoder, chunks: readonly Uint8Array[]): string {
  const decoded = chunks.map((chunk) => {
    // The chunk's memory is the caller's again as soon as it was taken.
    const given = Uint8Array.from(chunk);
    const made = latin1(decoder.push(given));
    given.fill(0x2a);
    return made;
  });
  return decoded.join('') + latin1(decoder.end());
}

describe.each(kinds)('%s', (_, make, whole, texts) => {
  test('is the same however it is cut, and the decoder can be used again', () => {
    const decoder = make();
    fc.assert(
      fc.property(texts, fc.array(fc.nat(400), { maxLength: 8 }), (text, at) => {
        const bytes = Buffer.from(text, 'latin1');
        const wanted = latin1(whole(bytes));
        const cuts = [0, ...at.map((cut) => cut % (bytes.length + 1)), bytes.length];
        cuts.sort((a, b) => a - b);
        const chunks = cuts.slice(1).map((cut, index) => bytes.subarray(cuts[index], cut));
        expect(decode(decoder, chunks)).toBe(wanted);
        expect(
          decode(
            decoder,
            [...bytes].map((octet) => Uint8Array.of(octet)),
          ),
        ).toBe(wanted);
      }),
      { numRuns: 400 },
    );
  });

  test('two at a time do not write over each other', () => {
    const [first, second] = [make(), make()];
    const bytes = Buffer.from('begin 644 x\n#86)C\n'.repeat(10));
    const given = first.push(bytes);
    const before = latin1(given);
    second.push(Buffer.from('begin 644 x\n#9&5F\n'.repeat(10)));
    expect(latin1(given)).toBe(before);
  });

  test('takes the time of its length, whatever it is made of', () => {
    for (const unit of ['=', '= ', ' ', 'QQ==\n', 'A', '\r', 'begin', 'M\n', '=\r', '= \r']) {
      expectLinear((size) => {
        const bytes = Buffer.alloc(size, unit);
        const decoder = make();
        for (let at = 0; at < size; at += 32_768) decoder.push(bytes.subarray(at, at + 32_768));
        decoder.end();
      }, 100_000);
    }
  });
});

test('base64 in an unbroken line of many chunks', () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7919) >> 3);
  const text = Buffer.from(encodeBase64(bytes));
  for (const size of [1000, 1001, 1002, 1003]) {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < text.length; at += size) chunks.push(text.subarray(at, at + size));
    expect(decode(new Base64Decoder(), chunks)).toBe(latin1(bytes));
  }
});

test('uuencode: a begin line is looked for in the first 64 KiB', () => {
  const far = (at: number): string => {
    const before = '#9&5F\n';
    const text = `${before}${'~'.repeat(at - before.length - 1)}\nbegin 644 x\n#86)C\n\`\nend\n`;
    return latin1(decodeUuencode(Buffer.from(text)));
  };
  expect(far(65_535)).toBe('abc');
  expect(far(65_536)).toBe('defabc');
  expect(latin1(decodeUuencode(Buffer.from('#86)C\nbegin 644 x\n#9&5F\nend\n')))).toBe('def');
});

test('uuencode: a line without its last spaces does not take what follows', () => {
  expect(latin1(decodeUuencode(Buffer.from('begin 644 x\n#86\n#9&5F\nend')))).toBe('a`\0def');
});
