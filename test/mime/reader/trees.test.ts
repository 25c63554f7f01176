// Trees of parts, written as others write them: they are read as they were meant, however they are cut into chunks, and
// whatever is done to them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FormatError, LimitError } from '../../../src/base/index.ts';
import { MailMessage } from '../../../src/message/index.ts';
import {
  decompose,
  MimeScanner,
  type ParsedEntity,
  parseEntity,
  readDate,
} from '../../../src/mime/index.ts';
import { octets, text } from './eml.ts';

/** A part as it was meant: what is in it, or the parts in it. */
type Meant = string | readonly Meant[];

interface Tree {
  /** The part as its writer wrote it, with LF for line ends. */
  readonly source: string;
  readonly meant: Meant;
}

const encodings: Readonly<Record<string, (content: string) => string>> = {
  '7bit': (content) => content,
  '8BIT': (content) => content,
  base64: (content) => Buffer.from(content, 'latin1').toString('base64'),
  ' Base64 (a comment)': (content) =>
    Buffer.from(content, 'latin1')
      .toString('base64')
      .replace(/.{1,5}/g, '$&\n'),
  'quoted-printable': (content) =>
    content.replace(/[^a-z]/g, (it) =>
      it === '\n' ? '=0A=\n' : `=${it.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
    ),
};

const content = fc.string({ unit: fc.constantFrom(...'ab \n-=é\xff>.'), maxLength: 30 });
// Folds, comments and quotes in all places, and fields that mean nothing here.
const header = (fields: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.subarray([
        'X-A: b\n',
        'Subject: =?utf-8?q?=C3=A9?=\n ä\n',
        'Received: a\n\tb\n',
        'X-Empty:\n',
      ]),
      fc.constantFrom(...fields),
    )
    .map(([more, own]) => more.join('') + own);

const leaf: fc.Arbitrary<Tree> = fc
  .tuple(content, fc.constantFrom(...Object.keys(encodings)))
  .chain(([body, encoding]) =>
    header([
      `Content-Transfer-Encoding:${encoding}\nContent-Type: application/x; a="b;c"\n`,
      `content-type: Text/X;\n charset=utf-8\nCONTENT-TRANSFER-ENCODING : ${encoding}\n`,
    ]).map((fields) => ({
      source: `${fields}\n${encodings[encoding]?.(body) ?? body}`,
      meant: body,
    })),
  );

function multipart(depth: number): fc.Arbitrary<Tree> {
  const part = depth > 0 ? fc.oneof(leaf, multipart(depth - 1)) : leaf;
  const around = fc.constantFrom('', 'text', '--no boundary', '\n');
  return fc
    .tuple(fc.array(part, { minLength: 1, maxLength: 4 }), around, around, fc.nat(99))
    .chain(([parts, preamble, epilogue, number]) => {
      // Boundaries that begin like those of the parts inside.
      const boundary = `=_${depth}${'x'.repeat(number % 3)}`;
      return header([
        `Content-Type: multipart/x; boundary="${boundary}"\n`,
        `Content-Type: MULTIPART/X; (comment) charset=x;\n boundary="${boundary}";\n`,
      ]).map((fields) => ({
        source: `${fields}\n${preamble}${parts.map(({ source }) => `\n--${boundary}\n${source}`).join('')}\n--${boundary}--\n${epilogue}`,
        meant: parts.map(({ meant }) => meant),
      }));
    });
}

const trees = fc.tuple(multipart(2), fc.constantFrom('\n', '\r\n'));

function shape(part: ParsedEntity): Meant {
  return part.parts.length > 0 ? part.parts.map(shape) : text(part.content());
}

/** Asks for everything; what is not one of ours must not be thrown. */
function readAll(bytes: Uint8Array): void {
  try {
    const queue = [parseEntity(bytes)];
    for (let part = queue.shift(); part; part = queue.shift()) {
      queue.push(...part.parts);
      const inner = part.message();
      if (inner) queue.push(inner);
      void [part.text(), part.text({ maxChars: 9 }), part.preamble, part.epilogue, part.filename];
      for (const field of part.headers.fields)
        void [field.value, field.addresses(), readDate(field.raw)];
      expect(part.problems.every(({ line, offset }) => line > 0 && offset >= 0)).toBe(true);
    }
    decompose(parseEntity(bytes));
  } catch (error) {
    if (!(error instanceof LimitError || error instanceof FormatError)) throw error;
  }
}

type Hurt = [share: number, kind: string, size: number, piece: string];

const hurts: fc.Arbitrary<Hurt[]> = fc.array(
  fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.constantFrom('set', 'cut', 'copy', 'insert'),
    fc.nat(255),
    fc.constantFrom(
      '\n\n',
      '\r',
      '--',
      '\n--=_0',
      '"',
      '(',
      '<',
      '=?utf-8?q?',
      '\0',
      ';',
      ':',
      '\x1b$B',
    ),
  ),
  { minLength: 1, maxLength: 6 },
);

function hurt(original: string, places: readonly Hurt[]): string {
  let source = original;
  for (const [share, kind, size, piece] of places) {
    const at = Math.floor(share * source.length);
    const before = source.slice(0, at);
    if (kind === 'set') source = before + String.fromCharCode(size) + source.slice(at + 1);
    else if (kind === 'cut') source = before + source.slice(at + size);
    else if (kind === 'copy') source = before + source.slice(Math.max(0, at - size));
    else source = before + piece + source.slice(at);
  }
  return source;
}

function eventsOf(chunks: readonly Uint8Array[]): unknown[] {
  const scanner = new MimeScanner();
  const events = [...chunks.flatMap((chunk) => [...scanner.push(chunk)]), ...scanner.end()];
  return events.map((event) =>
    event.type === 'header' ? { ...event, raw: text(event.raw) } : event,
  );
}

describe('any tree', () => {
  test('is read as it was meant', () => {
    fc.assert(
      fc.property(trees, ([{ source, meant }, lineEnd]) => {
        const message = parseEntity(octets(source.replaceAll('\n', lineEnd)));
        // What is encoded keeps its own line ends.
        const plain = JSON.stringify(shape(message)).replaceAll('\\r\\n', '\\n');
        expect(plain).toBe(JSON.stringify(meant));
      }),
      { numRuns: 200 },
    );
  });

  test('that is damaged is read without a throw, in any chunks, and comes back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(trees, hurts, fc.nat(40), async ([{ source }, lineEnd], places, size) => {
        const bytes = octets(hurt(source.replaceAll('\n', lineEnd), places));
        readAll(bytes);
        const chunks = Array.from({ length: Math.ceil(bytes.length / (size + 1)) }, (_, n) =>
          bytes.subarray(n * (size + 1), (n + 1) * (size + 1)),
        );
        expect(eventsOf(chunks)).toEqual(eventsOf([bytes]));
        const back = await MailMessage.parse(bytes).toBytes('eml');
        expect(text(back)).toBe(text(bytes));
      }),
      { numRuns: 200 },
    );
  });
});
