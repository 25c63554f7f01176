// A message put together while it is read: any range of it is that range of the whole.
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../src/base/internal.ts';
import { piecesSource } from '../../../src/convert/mail/pieces-source.ts';

/** Base64 in lines of 76 columns, by another hand. */
function linesOf(octets: Uint8Array): Buffer {
  const text = Buffer.from(octets).toString('base64');
  return Buffer.from((text.match(/.{1,76}/g) ?? []).join('\r\n'));
}

// Over the size up to which a message is put together at once.
const filler = Buffer.alloc(4_200_000, 'x');

describe('pieces as a source', () => {
  it('give any range', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.boolean(), fc.uint8Array({ maxLength: 400 })), { maxLength: 6 }),
        fc.nat(3000),
        fc.nat(3000),
        async (parts, one, other) => {
          const whole = Buffer.concat([
            ...parts.map(([coded, octets]) => (coded ? linesOf(octets) : Buffer.from(octets))),
            filler,
          ]);
          const source = piecesSource([
            ...parts.map(([coded, octets]) => (coded ? memorySource(octets) : octets)),
            filler,
          ]);
          expect(source.bytes).toBeUndefined();
          expect(source.size).toBe(whole.length);
          const [start, end] = one < other ? [one, other] : [other, one];
          expect(Buffer.from(source.read(start, end)).equals(whole.subarray(start, end))).toBe(
            true,
          );
          const chunks: Uint8Array[] = [];
          for await (const chunk of source.stream(start, end)) chunks.push(chunk);
          expect(Buffer.concat(chunks).equals(whole.subarray(start, end))).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('that are small are in memory', () => {
    const source = piecesSource([Buffer.from('a: b\r\n'), memorySource(Buffer.from('c'))]);
    expect(Buffer.from(source.bytes ?? []).toString()).toBe('a: b\r\nYw==');
  });
});
