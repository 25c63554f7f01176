// A tree over bytes that are read by range tells what the tree over the same bytes in memory tells.
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LimitError } from '../../../src/base/index.ts';
import { memorySource, rangeSource } from '../../../src/base/internal.ts';
import {
  type ByteSource,
  type ParsedEntity,
  parseEntity,
  readEntity,
} from '../../../src/mime/index.ts';
import { eml, octets, text } from './eml.ts';

/** Bytes that are only given in pieces, each written over by the next. */
class PieceSource implements ByteSource {
  readonly bytes = undefined;
  readonly size: number;
  readonly #all: Uint8Array;
  readonly #piece: number;

  constructor(all: Uint8Array, piece: number) {
    this.#all = all;
    this.#piece = piece;
    this.size = all.length;
  }

  read(start: number, end: number): Uint8Array {
    return this.#all.slice(start, end);
  }

  async *stream(start: number, end: number): AsyncGenerator<Uint8Array> {
    for await (const piece of this.pass(start, end)) yield piece.slice();
  }

  async *pass(start: number, end: number): AsyncGenerator<Uint8Array> {
    const memory = new Uint8Array(this.#piece);
    for (let at = start; at < end; at += this.#piece) {
      const piece = this.#all.subarray(at, Math.min(end, at + this.#piece));
      memory.set(piece);
      yield memory.subarray(0, piece.length);
      memory.fill(0x2a);
    }
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let all = '';
  for await (const chunk of chunks) all += text(chunk);
  return all;
}

/** All that a tree tells, messages in it too. */
async function told(part: ParsedEntity): Promise<unknown> {
  const { headers, contentType, disposition, encoding, filename, cid, range, rawSize } = part;
  const inner = part.message();
  return {
    headers: headers.fields.map(({ name, raw, value, offset }) => [name, raw, value, offset]),
    contentType,
    disposition,
    names: [encoding, filename, cid],
    range,
    rawSize,
    raw: text(part.raw),
    content: text(part.content()),
    text: part.text(),
    streams: [await collect(part.stream()), await collect(part.pass())],
    rawStream: await collect(part.rawStream()),
    problems: part.problems.map(({ code, offset, line }) => [code, offset, line]),
    message: inner && (await told(inner)),
    parts: await Promise.all(part.parts.map(told)),
  };
}

const SAMPLES = [
  eml`
From: =?utf-8?Q?J=C3=B6rg?= <j@example.com>
Date: never
Content-Type: multipart/mixed; boundary=b

preamble
--b
Content-Type: text/plain; charset=utf-8; format=flowed
Content-Transfer-Encoding: quoted-printable

soft =
break =C3=A4 
end
--b
Content-Type: image/png; name="a b.png"
Content-Transfer-Encoding: base64

iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ
AAAADUlEQVR42mNk
--b
Content-Type: application/x-thing
Content-Transfer-Encoding: x-uuencode

begin 644 x
#86)C
end
--b
Content-Type: message/rfc822

Subject: inner
Content-Type: multipart/alternative; boundary=i

--i

text
--i
Content-Type: text/html

<p>
--i--
--b
Content-Type: message/rfc822
Content-Transfer-Encoding: base64

U3ViamVjdDogeAoKYm9keQo=
--b--
epilogue
`,
  octets('\xef\xbb\xbfFrom x\n\n\nSubject: a\n b\nno field\nTo: x\n\nbody'),
  octets('Subject: a\rTo: b@c.test\r\rCR only\r'),
  octets('no header at all'),
  octets(''),
];

describe('by ranges', () => {
  test.each(SAMPLES.map((bytes, index) => [index, bytes] as const))(
    'message %#',
    async (_, bytes) => {
      const wanted = await told(parseEntity(bytes));
      for (const size of [1, 7, 64, 100_000]) {
        const source = new PieceSource(bytes, size);
        expect(await told(await readEntity(source))).toEqual(wanted);
        expect(await told(parseEntity(source))).toEqual(wanted);
      }
    },
  );

  test('whatever the message is', async () => {
    const lines = fc.constantFrom(
      ...[
        '--b',
        '--b--',
        '--c',
        '',
        'Subject: x',
        ' folded',
        'Content-Type: multipart/mixed; boundary=c',
      ],
      ...[
        'Content-Transfer-Encoding: base64',
        'QUJD',
        'text',
        'Content-Type: message/rfc822',
        'From x',
      ],
    );
    const message = fc
      .tuple(fc.array(lines, { maxLength: 30 }), fc.constantFrom('\n', '\r\n', '\r'))
      .map(([list, end]) =>
        octets(['Content-Type: multipart/mixed; boundary=b', '', ...list].join(end)),
      );
    await fc.assert(
      fc.asyncProperty(message, fc.integer({ min: 1, max: 50 }), async (bytes, size) => {
        const wanted = await told(parseEntity(bytes));
        expect(await told(await readEntity(new PieceSource(bytes, size)))).toEqual(wanted);
      }),
      { numRuns: 150 },
    );
  });

  test('headers that are not kept are read again', async () => {
    // More of them than are kept.
    const part = (n: number): string =>
      `--b\r\nX-Number: ${n}\r\nX-Pad: ${'x'.repeat(30_000)}\r\nstray\r\nX-Last: ${n}\r\n\r\n${n}\r\n`;
    const parts = Array.from({ length: 20 }, (_, n) => part(n)).join('');
    const bytes = octets(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${parts}--b--\r\n`);
    const root = await readEntity(new PieceSource(bytes, 5000));
    const wanted = parseEntity(bytes);
    expect(root.parts.length).toBe(20);
    for (const [index, { headers }] of root.parts.entries()) {
      const { fields } = wanted.parts[index]!.headers;
      expect(headers.fields.map(({ name, raw, offset }) => [name, raw, offset])).toEqual(
        fields.map(({ name, raw, offset }) => [name, raw, offset]),
      );
    }
  });

  test('ranges of ranges', async () => {
    const bytes = octets('0123456789');
    for (const source of [memorySource(bytes), new PieceSource(bytes, 3)]) {
      const range = rangeSource(rangeSource(source, 2, 9), 1, 5);
      expect(range.size).toBe(4);
      expect(text(range.read(1, 3))).toBe('45');
      expect(await collect(range.stream(0, 4))).toBe('3456');
      expect(await collect(range.pass(2, 4))).toBe('56');
    }
  });
});

/** Lines of base64 without end, as far as `size`. */
class LargeSource implements ByteSource {
  readonly bytes = undefined;
  readonly size: number;
  readonly #head: Uint8Array;
  readonly #line: Buffer = Buffer.from(`${'QUJD'.repeat(19)}\r\n`);
  readonly #tail: Uint8Array = octets('--b\r\n\r\nlast\r\n--b--\r\n');
  readonly #block: Buffer;

  constructor(lines: number) {
    this.#head = octets(
      'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\n',
    );
    this.#block = Buffer.alloc(this.#line.length * 50_000, this.#line);
    this.size = this.#head.length + lines * this.#line.length + this.#tail.length;
  }

  read(start: number, end: number): Uint8Array {
    const out = new Uint8Array(end - start);
    const tail = this.size - this.#tail.length;
    for (let at = start; at < end; at++) {
      const octet =
        at < this.#head.length
          ? this.#head[at]
          : at < tail
            ? this.#line[(at - this.#head.length) % this.#line.length]
            : this.#tail[at - tail];
      out[at - start] = octet ?? 0;
    }
    return out;
  }

  stream(start: number, end: number): AsyncIterable<Uint8Array> {
    return this.pass(start, end);
  }

  async *pass(start: number, end: number): AsyncGenerator<Uint8Array> {
    const tail = this.size - this.#tail.length;
    if (start < this.#head.length)
      yield this.#head.subarray(start, Math.min(end, this.#head.length));
    let at = Math.max(start, this.#head.length);
    while (at < Math.min(end, tail)) {
      const from = (at - this.#head.length) % this.#line.length;
      const piece = this.#block.subarray(from, from + Math.min(end, tail) - at);
      yield piece;
      at += piece.length;
    }
    if (end > tail) yield this.#tail.subarray(Math.max(0, at - tail), end - tail);
  }
}

test('a message beyond 2^31 octets', async () => {
  const source = new LargeSource(28_000_000);
  expect(source.size).toBeGreaterThan(2 ** 31);
  const root = await readEntity(source);
  const [large, last] = root.parts;
  expect(large?.rawSize).toBe(28_000_000 * 78 - 2);
  expect(last?.text()).toBe('last');
  expect(last?.range.start).toBeGreaterThan(2 ** 31);
  let length = 0;
  for await (const piece of large?.pass() ?? []) {
    length += piece.length;
    if (length > 3_000_000) break;
  }
  expect(length).toBeGreaterThan(3_000_000);
  expect(() => large?.content()).toThrow(LimitError);
  expect(() => large?.content()).toThrow(
    "octets at once are over the limit 'rangeBytes' of 2147483648; read them with stream()",
  );
  expect(() => large?.text()).toThrow(
    "The text of a part is over the limit 'textBytes' of 536870888",
  );
});
