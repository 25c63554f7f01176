import { describe, expect, test } from 'vitest';
import { LimitError } from '../../../src/base/index.ts';
import { decompose, parseEntity } from '../../../src/mime/index.ts';
import { cpuMs } from '../../support/cpu-time.ts';
import { octets } from './eml.ts';
import { hostileMail } from './hostile-mail.ts';

const SIZE = 250_000;
// The target is 300 ms a megabyte on a quiet machine; what is worse than linear takes minutes.
const MOST_MS = 300;
// What is quicker than this can not be told apart from the machine's own business.
const MEASURABLE_MS = 60;

/** Reads everything a user may ask for; the name of the limit that ended it. */
function readAll(bytes: Uint8Array): string {
  try {
    const message = parseEntity(bytes, { utf7: true });
    for (const field of message.headers.fields) {
      message.headers.get(field.name);
      field.addresses();
    }
    const { text, html, attachments } = decompose(message);
    for (const part of [...text, ...html]) part.text();
    for (const part of attachments) part.content();
    expect(message.problems.every(({ line }) => line > 0)).toBe(true);
    return message.filename === undefined ? 'read' : 'read, named';
  } catch (error) {
    if (error instanceof LimitError) return error.limit;
    throw error;
  }
}

describe('hostile mail', () => {
  test.each(hostileMail)('%s', (_name, make) => {
    const bytes = octets(make(SIZE));
    // The best of some attempts counts: the collector of garbage has its own mind.
    let whole = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < 3 && whole > MOST_MS; attempt++) {
      whole = Math.min(
        whole,
        cpuMs(() => readAll(bytes)),
      );
    }
    expect(whole).toBeLessThan(MOST_MS);
    if (whole < MEASURABLE_MS) return;
    // Twice the input takes at most three times the time.
    const half = octets(make(SIZE / 2));
    let ratio = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < 6 && ratio > 3; attempt++) {
      const once = Math.max(
        cpuMs(() => readAll(half)),
        1,
      );
      ratio = Math.min(ratio, cpuMs(() => readAll(bytes)) / once);
    }
    expect(ratio).toBeLessThanOrEqual(3);
  });

  test('takes memory in proportion', () => {
    // The peak of this process, which has read all of the above: a few copies of a megabyte at a time.
    expect(process.resourceUsage().maxRSS).toBeLessThan(1_500_000);
  });

  test.each([
    ['boundaries', 'parts'],
    ['multiparts in multiparts', 'depth'],
    ['messages in messages', 'read'],
    ['header fields', 'headers'],
    ['parts without header', 'read'],
    ['"a@b," in To', 'addresses'],
    ['one line', 'read'],
  ])('%s: %s', (wanted, outcome) => {
    const [, make] = hostileMail.find(([name]) => name === wanted) ?? [];
    expect(readAll(octets(make?.(2 * SIZE) ?? ''))).toBe(outcome);
  });

  test.each([
    ['Content-Type: a/b; c="', 'x', '"'],
    ['Content-Type: multipart/mixed; boundary="=?', 'x', '"'],
    ['To: <"', 'x ', '"@a.b>'],
    ['To: ', 'x.', '@a.b'],
    ['To: ', '\xe9', '@a.b'],
    ['To: =?utf-8?q?', 'x', '?=@a.b'],
    ['Content-Type: text/plain; charset=hz-gb-2312\r\n\r\n~{', '!!', '~}'],
  ])('%j, then any number of %j: needs no stack', (start, piece, end) => {
    const room = { limits: { headerBytes: Number.POSITIVE_INFINITY } };
    const bytes = octets(`${start}${piece.repeat(8_000_000 / piece.length)}${end}\r\n\r\nx`);
    const message = parseEntity(bytes, room);
    for (const field of message.headers.fields) expect(field.addresses()).toBeDefined();
    expect(message.text().length).toBeGreaterThan(0);
    expect(message.problems).toBeDefined();
  });
});
