// Files that are meant to hurt, or damaged: errors of ours or a message, in time that grows with them.
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { MailMessage, type MessageFormat, PosthornError } from 'posthorn';
import { convert, detectFormat } from 'posthorn/convert';
import { describe, expect, it } from 'vitest';
import { asFile, decodePage, titleOf } from '../../../src/convert/html/page-text.ts';
import { expectLinear } from '../../support/linear.ts';
import { fullMessage, stored } from './kit.ts';

const formats: readonly MessageFormat[] = ['emlx', 'mht', 'html', 'json', 'ics', 'vcf', 'text'];

async function samples(): Promise<[MessageFormat, Buffer][]> {
  const mail = await stored(fullMessage());
  const card = 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:x\r\nEND:VCARD\r\n';
  return await Promise.all(
    formats.map(async (format): Promise<[MessageFormat, Buffer]> => {
      const file = format === 'vcf' ? Buffer.from(card) : await mail.toBytes(format);
      return [format, Buffer.from(file)];
    }),
  );
}

/** Reads, writes as it can, and lets no error pass that is not ours. */
async function tryAll(bytes: Uint8Array, format: MessageFormat): Promise<void> {
  try {
    await detectFormat(bytes);
    const mail = await MailMessage.load(bytes, { format });
    await mail.toBytes('eml');
    await mail.toBytes('mht');
    await mail.toBytes('html');
  } catch (error) {
    if (!(error instanceof PosthornError)) throw error;
  }
}

describe('damaged files', () => {
  it('give a message or an error of ours', { timeout: 30_000 }, async () => {
    const files = await samples();
    const change = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      put: fc.oneof(
        fc.uint8Array({ maxLength: 4 }),
        fc
          .constantFrom('<', '"', '--', '\r\n', '{', 'cid:', 'Content-Location: ', '=', ';', '\0')
          .map((text) => new Uint8Array(Buffer.from(text))),
      ),
      less: fc.nat(20),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(change, { maxLength: 5 }),
        async ([format, file], changes) => {
          let bytes = file;
          for (const { at, put, less } of changes) {
            const start = Math.floor(at * bytes.length);
            bytes = Buffer.concat([bytes.subarray(0, start), put, bytes.subarray(start + less)]);
          }
          await tryAll(bytes, format);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('of no sense at all too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(...formats), tryAll),
      { numRuns: 100 },
    );
  });
});

describe('time grows with the file', () => {
  it.each([
    ['heads', '<head '],
    ['titles', '<title>'],
    ['charsets', '<meta '],
    ['marks', '<!doctype '],
    ['bodies', '<body '],
  ])('for pages of %s', (_, piece) => {
    expectLinear((size) => {
      const page = piece.repeat(size);
      titleOf(page);
      asFile(page, 'x', '<table>');
      decodePage(Buffer.from(page));
    }, 4000);
  });

  it.each<[string, (size: number) => string]>([
    [
      'fields',
      (size) => `From: <Saved by Blink>\n${'Content-Location: x\n'.repeat(Math.min(1900, size))}\n`,
    ],
    ['numbers', (size) => `1${' '.repeat(size)}\n`],
    [
      'marks of quotation',
      (size) => `From a@b Thu Jan  1 10:00:00 2026\nSubject: x\n\n${'>'.repeat(size)}`,
    ],
    ['separators', (size) => 'From '.repeat(size)],
    ['times', (size) => `From a ${'11:11 '.repeat(size)}`],
    ['comments', (size) => '<!--'.repeat(size)],
  ])('when it is told what it is: %s', async (_, make) => {
    const file = Buffer.from(make(400_000));
    const started = performance.now();
    await detectFormat(file);
    await convert(file, undefined, { from: 'mbox', to: 'mbox' });
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
