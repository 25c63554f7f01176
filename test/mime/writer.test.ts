import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidMessageError, LimitError, OptionError } from '../../src/base/index.ts';
import {
  type Entity,
  makeBoundary,
  parseEntity,
  rawField,
  render,
  unstructuredField,
} from '../../src/mime/index.ts';
import {
  anyBytes,
  anyText,
  leaf,
  message,
  multipart,
  streamOf,
  text,
  withFields,
  written,
} from './writer-support.ts';

const eightBit = { eightBit: true };
const shown = async (entity: Entity, options = {}): Promise<string> =>
  (await written(render(entity, options))).toString('utf8');

function refusal(run: () => unknown): InvalidMessageError {
  try {
    run();
  } catch (error) {
    if (error instanceof InvalidMessageError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('text', () => {
  test('ASCII goes out as it is, with no encoding named', async () => {
    expect(await shown(text('Hello\nworld'))).toBe(
      'Content-Type: text/plain; charset=utf-8\r\n\r\nHello\r\nworld\r\n',
    );
  });

  test.each([
    ['', ''],
    ['a', 'a\r\n'],
    ['a\n', 'a\r\n'],
    ['a\r\n', 'a\r\n'],
    ['a\r', 'a\r\n'],
    ['\n', '\r\n'],
    ['a\r\nb\nc\rd\n\re', 'a\r\nb\r\nc\r\nd\r\n\r\ne\r\n'],
    ['.\n..\n', '.\r\n..\r\n'],
  ])('line ends of %j', async (content, body) => {
    const out = await shown(text(content));
    expect(out.slice(out.indexOf('\r\n\r\n') + 4)).toBe(body);
  });

  test('other text is quoted-printable, or 8bit where the server takes it', async () => {
    const out = await shown(text('Grüße aus Köln, sagt die Frau im Zug nach Hamburg.\n'));
    expect(out).toContain('Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe aus');
    const plain = await shown(text('Grüße\n'), eightBit);
    expect(plain).toContain('Content-Transfer-Encoding: 8bit\r\n\r\nGrüße\r\n');
  });

  test('text in another script is base64, which is shorter', async () => {
    const out = await shown(text('日本語のメール\n'));
    const body = out.split('\r\n\r\n')[1] ?? '';
    expect(out).toContain('Content-Transfer-Encoding: base64\r\n');
    expect(Buffer.from(body, 'base64').toString()).toBe('日本語のメール\r\n');
  });

  test.each([
    ['a'.repeat(998), '7bit', 'a'.repeat(998)],
    ['a'.repeat(999), 'quoted-printable', undefined],
    [`${'a'.repeat(998)}\n${'b'.repeat(998)}\n`, '7bit', undefined],
    [`${'a\n'.repeat(600)}${'b'.repeat(999)}`, 'quoted-printable', undefined],
    [`${'a'.repeat(999)}${'\nb'.repeat(600)}`, 'quoted-printable', undefined],
    ['a\0b', 'quoted-printable', undefined],
  ])('lines over 998 octets and NUL: %#', async (content, encoding, start) => {
    for (const options of [{}, eightBit]) {
      const out = await shown(text(content), options);
      const named = /Content-Transfer-Encoding: (\S+)/.exec(out)?.[1] ?? '7bit';
      expect(named).toBe(encoding);
      if (start) expect(out).toContain(`\r\n\r\n${start}\r\n`);
    }
  });

  test('8bit counts octets, not characters', async () => {
    expect(await shown(text('é'.repeat(499)), eightBit)).toContain('Encoding: 8bit');
    expect(await shown(text('é'.repeat(500)), eightBit)).not.toContain('Encoding: 8bit');
  });

  test('format=flowed', async () => {
    const long = 'word '.repeat(40).trim();
    const out = await shown(leaf('text/plain', { kind: 'text', text: long, flowed: true }));
    const body = out.split('\r\n\r\n')[1] ?? '';
    expect(body.split('\r\n').every((line) => line.length <= 78)).toBe(true);
    expect(body.trimEnd().replaceAll(' \r\n', ' ')).toBe(long);
  });

  test('any text reads back', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyText,
        fc.boolean(),
        fc.boolean(),
        async (content, isEightBit, isInside) => {
          const entity = isInside ? multipart('mixed', text(content), text('end')) : text(content);
          const bytes = await written(render(message(entity), { eightBit: isEightBit }));
          const [part] = [...parseEntity(bytes).leaves()];
          const expected = Buffer.from(content.replace(/\r\n?/g, '\n')).toString();
          // A message ends in CRLF: its text may get one when it has none. A part is exact.
          const allowed = isInside ? [expected] : [expected, `${expected}\n`];
          expect(allowed).toContain(part?.text());
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('octets', () => {
  test('are base64 in lines of 76', async () => {
    const bytes = Buffer.alloc(200, 'x');
    const out = await shown(leaf('application/pdf', { kind: 'bytes', bytes }, 'a.pdf'));
    const body = out.slice(out.indexOf('\r\n\r\n') + 4);
    expect(body).toMatch(/^(?:[A-Za-z0-9+/]{76}\r\n){3}[A-Za-z0-9+/=]{1,76}\r\n$/);
    expect(Buffer.from(body, 'base64').equals(bytes)).toBe(true);
  });

  test.each([
    ['text/css', 'a{}\r\n', undefined, {}, '7bit'],
    ['text/css', 'a{}', undefined, {}, '7bit'],
    ['text/css', 'é\r\n', undefined, eightBit, '8bit'],
    ['text/css', 'é\r\n', undefined, {}, 'base64'],
    ['text/css', 'a\n', undefined, {}, 'base64'],
    ['text/css', 'a\r\n\r', undefined, {}, 'base64'],
    ['text/css', 'a\0', undefined, {}, 'base64'],
    ['text/css', 'a'.repeat(999), undefined, eightBit, 'base64'],
    ['text/css', 'a{}\r\n', 'a.css', {}, 'base64'],
    ['application/json', '{}', undefined, {}, 'base64'],
  ])('%s %j %s %j: %s', async (type, content, filename, options, encoding) => {
    const bytes = Buffer.from(content);
    const out = await shown(leaf(type, { kind: 'bytes', bytes }, filename), options);
    expect(/Content-Transfer-Encoding: (\S+)/.exec(out)?.[1] ?? '7bit').toBe(encoding);
  });

  test('any octets come back in a multipart, all of them', async () => {
    const type = fc.constantFrom('application/x', 'text/plain', 'image/png');
    await fc.assert(
      fc.asyncProperty(anyBytes, type, fc.boolean(), async (bytes, contentType, isEightBit) => {
        const file = leaf(contentType, { kind: 'bytes', bytes });
        const tree = message(multipart('mixed', file, text('end')));
        const out = await written(render(tree, { eightBit: isEightBit }));
        const [part] = [...parseEntity(out).leaves()];
        expect(Buffer.from(part?.content() ?? []).equals(bytes)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test('large octets are the same in one piece and in chunks', async () => {
    const bytes = Buffer.alloc(700_001, 'posthorn');
    const rendered = render(leaf('application/x', { kind: 'bytes', bytes }));
    expect(rendered.segments.some((segment) => !(segment instanceof Uint8Array))).toBe(true);
    const out = await written(rendered);
    expect(Buffer.from(rendered.bytes()).equals(out)).toBe(true);
    expect(Buffer.from(parseEntity(out).content()).equals(bytes)).toBe(true);
  });
});

describe('streams', () => {
  test('are the same as octets, however they are cut', async () => {
    const size = fc.integer({ min: 0, max: 500 });
    const step = fc.integer({ min: 1, max: 120 });
    await fc.assert(
      fc.asyncProperty(size, step, fc.boolean(), async (length, cut, isDeclared) => {
        const bytes = Buffer.alloc(length, 'posthorn');
        const streamed = leaf('image/png', streamOf(bytes, cut, isDeclared ? length : undefined));
        const rendered = render(message(multipart('mixed', text('a'), streamed, text('b'))));
        expect(rendered.size === undefined).toBe(!isDeclared);
        const parts = [...parseEntity(await written(rendered)).leaves()];
        expect(Buffer.from(parts[1]?.content() ?? []).equals(bytes)).toBe(true);
        if (length === 0) return;
        const whole = render(leaf('image/png', { kind: 'bytes', bytes }));
        const alone = render(leaf('image/png', streamOf(bytes, cut)));
        expect((await written(alone)).equals(Buffer.from(whole.bytes()))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test('are opened when their turn comes, once for each reading', async () => {
    let opened = 0;
    const open = async function* (): AsyncGenerator<Uint8Array> {
      opened += 1;
      yield Buffer.from('x');
    };
    const tree = multipart('mixed', text('a'), leaf('a/b', { kind: 'stream', size: 1, open }));
    const rendered = render(tree);
    const reading = rendered.chunks()[Symbol.asyncIterator]();
    await reading.next();
    expect(opened).toBe(0);
    await written(rendered);
    await written(rendered);
    expect(opened).toBe(2);
    expect(() => rendered.bytes()).toThrow(OptionError);
    expect(() => rendered.bytes()).toThrow('read it with chunks()');
  });

  async function failure(body: ReturnType<typeof streamOf>): Promise<InvalidMessageError> {
    const rendered = render(multipart('mixed', leaf('a/b', body), text('end')));
    let received = '';
    try {
      for await (const chunk of rendered.chunks()) received += Buffer.from(chunk).toString();
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidMessageError);
      expect(received).not.toContain('end');
      return error as InvalidMessageError;
    }
    throw new Error('nothing failed');
  }

  test.each([
    [10, 11, 'a stream of 11 octets gave 10;'],
    [10, 9, 'a stream of 9 octets gave 10 or more;'],
    [10, 0, 'a stream of 0 octets gave 3 or more;'],
    [0, 1, 'a stream of 1 octets gave 0;'],
  ])('of %i octets declared as %i fail', async (real, declared, reason) => {
    const error = await failure(streamOf(Buffer.alloc(real), 3, declared));
    expect(error.code).toBe('MESSAGE_CONTENT_FAILED');
    expect(error.message).toContain(`The message is not complete: ${reason}`);
  });

  test('that fail midway say so and why', async () => {
    const cause = new Error('EIO: disk');
    const error = await failure({
      kind: 'stream',
      size: undefined,
      open: async function* () {
        yield Buffer.from('x');
        throw cause;
      },
    });
    expect(error.message).toBe(
      'The message is not complete: reading a stream failed midway: EIO: disk',
    );
    expect(error.cause).toBe(cause);
  });

  test('that cannot be opened say so', async () => {
    const error = await failure({
      kind: 'stream',
      size: undefined,
      open: () => {
        throw new Error('ENOENT');
      },
    });
    expect([error.code, error.message]).toEqual([
      'MESSAGE_CONTENT_FAILED',
      'The message is not complete: reading a stream failed midway: ENOENT',
    ]);
  });

  test('that give text instead of octets fail', async () => {
    const error = await failure({
      kind: 'stream',
      size: undefined,
      open: async function* () {
        yield 'text' as unknown as Uint8Array;
      },
    });
    expect(error.message).toContain('gave string where octets belong; read it without an encoding');
  });

  test('are closed when the reader stops early', async () => {
    let closed = false;
    const open = async function* (): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.alloc(1000);
      } finally {
        closed = true;
      }
    };
    const rendered = render(leaf('a/b', { kind: 'stream', size: undefined, open }));
    let count = 0;
    for await (const _ of rendered.chunks()) {
      count += 1;
      if (count === 5) break;
    }
    expect(closed).toBe(true);
  });

  test('are closed when they give too much', async () => {
    let closed = false;
    const open = async function* (): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.alloc(1000);
      } finally {
        closed = true;
      }
    };
    await failure({ kind: 'stream', size: 1, open });
    expect(closed).toBe(true);
  });
});

describe('multiparts', () => {
  test('nest', async () => {
    const inner: Entity = {
      fields: () => [rawField('Content-Type', 'multipart/alternative; boundary=in')],
      body: { kind: 'multipart', boundary: 'in', parts: [text('a'), text('b\n', 'text/html')] },
    };
    const outer: Entity = {
      fields: () => [rawField('Content-Type', 'multipart/mixed; boundary=out')],
      body: {
        kind: 'multipart',
        boundary: 'out',
        parts: [inner, { fields: () => [], body: { kind: 'text', text: '' } }],
      },
    };
    expect(await shown(outer)).toBe(
      [
        'Content-Type: multipart/mixed; boundary=out',
        '',
        '--out',
        'Content-Type: multipart/alternative; boundary=in',
        '',
        '--in',
        'Content-Type: text/plain; charset=utf-8',
        '',
        'a',
        '--in',
        'Content-Type: text/html; charset=utf-8',
        '',
        'b',
        '',
        '--in--',
        '--out',
        '',
        '',
        '--out--',
        '',
      ].join('\r\n'),
    );
  });

  test('say 8bit when a part is, up to the top', async () => {
    const tree = multipart('mixed', multipart('alternative', text('é\n'), text('a')), text('b'));
    const out = await shown(tree, eightBit);
    expect(out.match(/Content-Transfer-Encoding: 8bit/g)).toHaveLength(3);
    expect(await shown(tree)).not.toContain('8bit');
  });

  test('without parts are refused', () => {
    const error = refusal(() => render(multipart('mixed')));
    expect(error.code).toBe('MESSAGE_FIELD_INVALID');
    expect(error.message).toContain('give it at least one');
  });

  test.each(['', 'a ', 'a\r\nX: 1', 'ü', 'a"b', 'a'.repeat(71)])(
    'the boundary %j is refused',
    (boundary) => {
      const body = { kind: 'multipart' as const, boundary, parts: [text('a')] };
      const error = refusal(() => render({ fields: () => [], body }));
      expect(error.message).toContain('cannot be a boundary; use makeBoundary()');
    },
  );

  test('a boundary like one around it, or in the content, is refused', () => {
    const part = (boundary: string, ...parts: Entity[]): Entity => ({
      fields: () => [],
      body: { kind: 'multipart', boundary, parts },
    });
    for (const [outer, inner] of [
      ['a', 'a'],
      ['a', 'ab'],
      ['ab', 'a'],
    ] as const) {
      const error = refusal(() => render(part(outer, part(inner, text('x')))));
      expect(error.message).toContain('begin alike; give each multipart its own');
    }
    expect(() => render(part('a', part('b', text('x')), part('b', text('y'))))).not.toThrow();
    const error = refusal(() => render(part('abc', text('x\n--abc--\n'))));
    expect(error.code).toBe('MESSAGE_FIELD_INVALID');
    expect(error.message).toContain('The boundary "abc" occurs in the content of a part');
    // A random boundary occurs in nothing but what was written with it before.
    const boundary = makeBoundary();
    const earlier = render(part(boundary, text('x'))).bytes();
    const again = leaf('message/rfc822', { kind: 'message', bytes: earlier });
    expect(() => render(part(boundary, again))).toThrow(`The boundary "${boundary}" occurs in`);
    const bytes = Buffer.from('x\r\n--abc\r\n');
    expect(() => render(part('abc', leaf('message/rfc822', { kind: 'message', bytes })))).toThrow(
      'occurs in the content',
    );
    expect(() => render(part('abc', leaf('a/b', { kind: 'bytes', bytes })))).not.toThrow();
  });

  test('makeBoundary gives another each time, one no encoding can hold', () => {
    const all = new Set(Array.from({ length: 1000 }, makeBoundary));
    expect(all.size).toBe(1000);
    for (const boundary of all) expect(boundary).toMatch(/^=_[\w-]{20}$/);
  });

  test('depth and count are limited', () => {
    let deep = text('a');
    for (let depth = 0; depth < 101; depth += 1) deep = multipart('mixed', deep);
    expect(() => render(deep)).toThrow(LimitError);
    expect(() => render(deep)).toThrow(/limit 'depth' of 100/);
    const many = multipart('mixed', ...Array.from({ length: 10_000 }, () => text('')));
    expect(() => render(many)).toThrow(/limit 'parts' of 10000/);
  });
});

describe('headers', () => {
  test('the encoding is the writer’s to choose', () => {
    const field = rawField('content-transfer-encoding', '8bit');
    const error = refusal(() => render(withFields(text('a'), field)));
    expect(error.code).toBe('MESSAGE_HEADER_INVALID');
    expect(error.message).toContain('is chosen by the writer; leave it out');
  });

  test('UTF-8 headers are told', async () => {
    const tree: Entity = {
      fields: (o) => [unstructuredField('Subject', 'Grüße', o)],
      body: { kind: 'text', text: 'a' },
    };
    const plain = render(tree);
    expect([plain.utf8, plain.eightBit]).toEqual([false, false]);
    const raw = render(tree, { utf8: true });
    expect([raw.utf8, raw.eightBit]).toEqual([true, true]);
    expect((await written(raw)).toString()).toContain('Subject: Grüße\r\n');
    const ascii = render(withFields(text('a'), rawField('X', 'y')), { utf8: true });
    expect([ascii.utf8, ascii.eightBit]).toEqual([false, false]);
    const both = render(message(multipart('mixed', tree, text('日本'))), { utf8: true });
    expect((await written(both)).toString()).toContain('Subject: Grüße\r\n');
  });

  test.each([
    { name: 'X', value: 'a\r\nBcc: e@evil' },
    { name: 'X: 1\r\nBcc', value: 'a' },
    { name: 'X', value: 'a\n\nbody' },
    { name: 'X', value: 'Grüße' },
  ])('a field made by hand cannot break out: %j', (field) => {
    expect(refusal(() => render(withFields(text('a'), field))).code).toBe('MESSAGE_HEADER_INVALID');
    const inner = multipart('mixed', withFields(text('a'), field));
    expect(refusal(() => render(inner)).code).toBe('MESSAGE_HEADER_INVALID');
  });
});
