// Rows from CSV, TSV and JSON lines.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { readCsv, readJsonLines, readTsv, TemplateEngine } from 'posthorn/template';
import { describe, expect, test } from 'vitest';

const bytes = (text: string, encoding: BufferEncoding = 'utf8'): Uint8Array =>
  Buffer.from(text, encoding);

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const row of rows) found.push(typeof row === 'object' ? { ...row } : row);
  return found;
}

describe('CSV', () => {
  test.each([
    ['a,b\r\n1,2\r\n', [{ a: '1', b: '2' }]],
    ['a,b\n"x, ""y""","1\n2"\n\n3', [{ a: 'x, "y"', b: '1\n2' }, { a: '3' }]],
    ['a,b\r1,2\r', [{ a: '1', b: '2' }]],
    ['\ufeffa\n1', [{ a: '1' }]],
    ['a,,c\n1,2,3,,', [{ a: '1', 'column 2': '2', c: '3' }]],
    ['a\n5\'10" tall', [{ a: '5\'10" tall' }]],
    ['', []],
    ['a,b', []],
  ])('%j', async (text, rows) => {
    expect(await all(readCsv(bytes(text)))).toEqual(rows);
  });

  test('however it is cut', async () => {
    const text = bytes('naïve,b\r\n"é, ""€""",𝄞\r\nx,y');
    const expected = await all(readCsv(text));
    expect(expected).toEqual([
      { naïve: 'é, "€"', b: '𝄞' },
      { naïve: 'x', b: 'y' },
    ]);
    for (const size of [1, 2, 3, 5]) {
      const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
        text.subarray(i * size, (i + 1) * size),
      );
      expect(await all(readCsv(Readable.from(chunks)))).toEqual(expected);
    }
  });

  test.each([
    ['a;b;c,d\n1;2;3', ';'],
    ['a\tb\n1\t2', '\t'],
    ['a|b|c\n1|2|3', '|'],
    ['"x;y;z",b\n1,2', ','],
    ['a\n1', ','],
  ])('its separator is guessed on request: %j', async (text, separator) => {
    expect(await all(readCsv(bytes(text), { separator: 'auto' }))).toEqual(
      await all(readCsv(bytes(text), { separator })),
    );
  });

  test.each([
    ['windows-1252', bytes('n\nM\xfcller \x80', 'latin1'), 'Müller €'],
    ['iso-8859-2', bytes('n\n\xb1', 'latin1'), 'ą'],
    ['utf-16le', bytes('n\nMüller', 'utf16le'), 'Müller'],
    [undefined, bytes('\ufeffn\nMüller', 'utf16le'), 'Müller'],
    [undefined, bytes('n\nMüller', 'utf16le'), 'Müller'],
    [
      undefined,
      bytes('\ufeffn\nMüller', 'utf16le').toReversed().length > 0
        ? Buffer.from('\ufeffn\nMüller', 'utf16le').swap16()
        : bytes(''),
      'Müller',
    ],
    ['shift_jis', Uint8Array.of(0x6e, 0x0a, 0x93, 0xfa), '日'],
    ['windows-1252', bytes('\ufeffn\nMüller'), 'Müller'],
  ])('in %s', async (charset, octets, name) => {
    expect(await all(readCsv(octets, { charset }))).toEqual([{ n: name }]);
  });

  test('octets of another charset are no letters to nobody', async () => {
    await expect(all(readCsv(bytes('n\nM\xfcller', 'latin1')))).rejects.toMatchObject({
      code: 'FORMAT_INVALID',
      message: "The table is not UTF-8; say its charset, as in { charset: 'windows-1252' }",
    });
  });

  test.each([
    [
      'a,b\n1,2,3',
      'The row that ends in line 2 has 3 cells, but there are 2 columns; put quotes around a cell that holds the separator',
    ],
    ['a,b,a\n1,2,3', "Two columns are called 'a'; rename one, or give names with headers"],
    ['a\n"x', /^The table can't be read at line 2: .*; correct its quotes$/],
  ])('what is wrong is told: %j', async (text, message) => {
    await expect(all(readCsv(bytes(text)))).rejects.toMatchObject({
      name: 'FormatError',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  test('options', async () => {
    expect(
      await all(
        readCsv(bytes("'1;2'; x "), {
          separator: ';',
          quote: "'",
          headers: ['a', 'b'],
          trim: true,
        }),
      ),
    ).toEqual([{ a: '1;2', b: 'x' }]);
    expect(await all(readTsv(bytes('a\tb\n"1\t2"\t3')))).toEqual([{ a: '1\t2', b: '3' }]);
    expect(() => readCsv('x', { delimiter: ';' } as never)).toThrow(
      "'delimiter' is not an option of readCsv; write separator: ';'",
    );
    expect(() => readCsv('x', { separator: '' })).toThrow(
      "'separator' must be 'auto' or a character such as ';', got ''",
    );
    await expect(all(readCsv(bytes('a'), { charset: 'klingon' }))).rejects.toThrow(
      "'charset' must be one that is known",
    );
  });

  test('a header can not reach what objects inherit', async () => {
    const [row] = await all(readCsv(bytes('__proto__,constructor,n\nx,y,z')));
    expect(Object.keys(row ?? {})).toEqual(['__proto__', 'constructor', 'n']);
    expect(({} as { n?: string }).n).toBeUndefined();
  });

  test('from a file; one that is not there is told', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'posthorn-csv-'));
    try {
      await writeFile(join(folder, 'people.csv'), 'email,name\na@example.com,Ann\n');
      const engine = new TemplateEngine({ to: '{{ name }} <{{ email }}>', text: 'x' });
      const to: string[] = [];
      for await (const message of engine.mergeAll(readCsv(join(folder, 'people.csv'))))
        to.push(message.to.join());
      expect(to).toEqual(['Ann <a@example.com>']);
      await expect(all(readCsv(join(folder, 'nosuch.csv')))).rejects.toMatchObject({
        code: 'FILE_INACCESSIBLE',
        message: expect.stringMatching(
          /nosuch\.csv' can't be read \(ENOENT.*\); check the path and its permissions$/,
        ),
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('a table in a string is told from a path', async () => {
    await expect(all(readCsv('a,b\n1,2'))).rejects.toThrow(
      'A string is the path of a table; give the table itself as bytes: Buffer.from(text)',
    );
  });

  test('who leaves early closes the file', async () => {
    let isClosed = false;
    const source = (async function* (): AsyncGenerator<string> {
      try {
        yield 'a\n';
        for (;;) yield '1\n2\n3\n';
      } finally {
        isClosed = true;
      }
    })();
    for await (const _ of readCsv(source)) break;
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(isClosed).toBe(true);
  });
});

test('JSON lines', async () => {
  expect(await all(readJsonLines(bytes('{"a":1}\r\n\n{"a":{"b":[2]}}')))).toEqual([
    { a: 1 },
    { a: { b: [2] } },
  ]);
  await expect(all(readJsonLines(bytes('{"a":1}\n[1]')))).rejects.toMatchObject({
    code: 'FORMAT_INVALID',
    message: 'Line 2 is no JSON object (it is an array); write one object in each line',
  });
  await expect(all(readJsonLines(bytes('{"a"')))).rejects.toMatchObject({
    message: expect.stringMatching(
      /^Line 1 is no JSON object \(.*\); write one object in each line$/,
    ),
  });
});

test('any iterable gives rows: a generator, a cursor', async () => {
  const engine = new TemplateEngine({ to: '{{ to }}', text: 'x' });
  function* rows(): Generator<Promise<{ to: string }>> {
    yield Promise.resolve({ to: 'a@example.com' });
  }
  expect(await all(engine.mergeAll(rows()))).toHaveLength(1);
  await expect(all(engine.mergeAll('x' as never))).rejects.toThrow(
    "Rows are an array or another (async) iterable, such as readCsv('people.csv'), got 'x'",
  );
  await expect(all(engine.mergeAll([1] as never))).rejects.toThrow(
    'row 1: A row is an object whose properties are the fields, got 1',
  );
});
