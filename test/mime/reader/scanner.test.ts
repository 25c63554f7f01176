import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LimitError, limits } from '../../../src/base/index.ts';
import { MimeScanner, type ScanEvent } from '../../../src/mime/index.ts';
import { cuts, eml, octets, text } from './eml.ts';

function scan(chunks: readonly Uint8Array[]): ScanEvent[] {
  const scanner = new MimeScanner();
  const events: ScanEvent[] = chunks.flatMap((chunk) => [...scanner.push(chunk)]);
  return [...events, ...scanner.end()].map((event) =>
    // A view and a copy are the same octets.
    event.type === 'header' ? { ...event, raw: Uint8Array.from(event.raw) } : event,
  );
}

/** One line for each event: what a reader of a test can check by eye. */
function outline(bytes: Uint8Array): string[] {
  return scan([bytes]).map((event) => {
    switch (event.type) {
      case 'part':
        return `part ${event.offset}`;
      case 'header':
        return `header ${event.offset}-${event.end} ${event.fields.length}${event.multipart ? ` ${event.multipart.value}` : ''}`;
      case 'delimiter':
        return `delimiter ${event.offset}-${event.end}${event.closing ? ' closing' : ''}`;
      case 'end':
        return `end ${event.offset}`;
      case 'problem':
        return `problem ${event.code} ${event.offset}`;
      default:
        return event satisfies never;
    }
  });
}

const NESTED = eml`
From: ann@example.com
Content-Type: multipart/mixed; boundary=out

preamble
--out
Content-Type: multipart/alternative;
 boundary="in"

--in

text
--in
Content-Type: text/html

<p>--out is not a line of its own</p>
--outer
--in--
epilogue of the inner
--out  
Content-Type: application/pdf

%PDF
--out--
epilogue
`;

describe('events', () => {
  test('of a leaf', () => {
    expect(outline(octets('A: 1\r\nB: 2\r\n\r\nbody\r\n'))).toEqual([
      'part 0',
      'header 0-14 2',
      'end 20',
    ]);
  });

  test('of parts in parts, with what belongs to whom', () => {
    const source = text(NESTED);
    expect(outline(NESTED)).toEqual([
      'part 0',
      `header 0-${source.indexOf('preamble')} 2 multipart/mixed`,
      `delimiter ${source.indexOf('\r\n--out')}-${source.indexOf('Content-Type: multipart/alt')}`,
      `part ${source.indexOf('Content-Type: multipart/alt')}`,
      `header ${source.indexOf('Content-Type: multipart/alt')}-${source.indexOf('--in')} 1 multipart/alternative`,
      `delimiter ${source.indexOf('--in')}-${source.indexOf('--in') + 6}`,
      `part ${source.indexOf('--in') + 6}`,
      `header ${source.indexOf('--in') + 6}-${source.indexOf('text\r\n--in')} 0`,
      `end ${source.indexOf('\r\n--in\r\nContent')}`,
      `delimiter ${source.indexOf('\r\n--in\r\nContent')}-${source.indexOf('Content-Type: text/html')}`,
      `part ${source.indexOf('Content-Type: text/html')}`,
      `header ${source.indexOf('Content-Type: text/html')}-${source.indexOf('<p>')} 1`,
      `end ${source.indexOf('\r\n--in--')}`,
      `delimiter ${source.indexOf('\r\n--in--')}-${source.indexOf('epilogue of')} closing`,
      `end ${source.indexOf('\r\n--out  ')}`,
      `delimiter ${source.indexOf('\r\n--out  ')}-${source.indexOf('Content-Type: application')}`,
      `part ${source.indexOf('Content-Type: application')}`,
      `header ${source.indexOf('Content-Type: application')}-${source.indexOf('%PDF')} 1`,
      `end ${source.indexOf('\r\n--out--')}`,
      `delimiter ${source.indexOf('\r\n--out--')}-${source.lastIndexOf('epilogue')} closing`,
      `end ${source.length}`,
    ]);
  });

  test('fields keep their octets, folds too', () => {
    const [, header] = scan([octets('Subject : a\r\n\tb\r\nX:\r\n\r\n')]);
    if (header?.type !== 'header') throw new Error('no header');
    const raw = text(header.raw);
    expect(
      header.fields.map(({ start, colon, end }) => [
        raw.slice(start, colon),
        raw.slice(colon + 1, end),
      ]),
    ).toEqual([
      ['Subject ', ' a\r\n\tb'],
      ['X', ''],
    ]);
    expect(raw).toBe('Subject : a\r\n\tb\r\nX:\r\n\r\n');
  });

  test('of nothing', () => {
    expect(outline(octets(''))).toEqual(['part 0', 'header 0-0 0', 'end 0']);
  });
});

describe('the same however the input is cut', () => {
  const broken = {
    'missing last boundary': 'Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo',
    'boundary of the outer in the inner':
      'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\n1\n--b\n\n2\n--b--',
    'boundary inside a header':
      'Content-Type: multipart/mixed; boundary=b\n\n--b\nX: 1\n--b\n\n--b--\n',
    'no separator': 'A: 1\nthis is text\n\nmore',
    'a stray line in the header': 'Received: a\nby b\nSubject: s\n\nx',
    'empty lines first': '\r\n\nSubject: s\r\n\r\nx',
    'mbox separators': 'From ann@example.com Thu Jan  1 00:00:00 1970\nA: 1\n>From b\nB: 2\n\nx',
    'a byte order mark': '\xef\xbb\xbfA: 1\r\n\r\nx',
    'CR only': 'Content-Type: multipart/mixed; boundary=b\r\r--b\r\rone\r--b--\r',
    'a doubled CR': 'A: 1\r\r\nB: 2\r\r\n\r\r\nbody\r\r\n',
    'dashes and line ends at every edge':
      'Content-Type: multipart/x; boundary=-\n\n---\n\n\r\n--\r\n-\r\n---\r\n\r\n\r\n-----\n-- \n---',
  };

  test('a message with parts in parts', () => {
    const whole = scan([NESTED]);
    for (const chunks of cuts(NESTED)) expect(scan(chunks)).toEqual(whole);
  });

  test.each(Object.entries(broken))('%s', (_name, source) => {
    const bytes = octets(source);
    const whole = scan([bytes]);
    for (const chunks of cuts(bytes)) expect(scan(chunks)).toEqual(whole);
  });

  const pieces = [
    '--a',
    '--b',
    '--a--',
    '--b--',
    '\r\n',
    '\n',
    '\r',
    ' ',
    'x',
    'A: b',
    '-',
    '\r\n\r\n',
  ].concat([
    'Content-Type: multipart/mixed; boundary=a\r\n\r\n',
    'Content-Type: multipart/mixed; boundary=b\r\n\r\n',
    'From: x\r\n',
  ]);
  test('any sequence of what a message is made of', () => {
    const source = fc.array(fc.constantFrom(...pieces), { maxLength: 40 });
    const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });
    fc.assert(
      fc.property(source, places, (parts, shares) => {
        const bytes = octets(parts.join(''));
        const ends = shares.map((share) => Math.floor(share * bytes.length)).sort((a, b) => a - b);
        const chunks = [...ends, bytes.length].map((end, index) =>
          bytes.slice(ends[index - 1] ?? 0, end),
        );
        expect(scan(chunks)).toEqual(scan([bytes]));
      }),
      { numRuns: 300 },
    );
  });

  test('events cover the input without gap or overlap', () => {
    const source = fc.array(fc.constantFrom(...pieces), { maxLength: 40 });
    fc.assert(
      fc.property(source, (parts) => {
        const bytes = octets(parts.join(''));
        let at = 0;
        let open = 0;
        for (const event of scan([bytes])) {
          if (event.type === 'problem') continue;
          expect(event.offset).toBeGreaterThanOrEqual(at);
          // A part begins where the delimiter before it ended, its header where it began.
          if (event.type === 'part' || event.type === 'header') expect(event.offset).toBe(at);
          at = 'end' in event ? event.end : event.offset;
          open += event.type === 'part' ? 1 : event.type === 'end' ? -1 : 0;
        }
        expect(at).toBe(bytes.length);
        expect(open).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});

describe('limits', () => {
  function limitOf(chunks: Iterable<Uint8Array>): string {
    const scanner = new MimeScanner();
    try {
      for (const chunk of chunks) scanner.push(chunk);
      scanner.end();
    } catch (error) {
      if (error instanceof LimitError) return `${error.limit}: ${error.message}`;
      throw error;
    }
    return 'none';
  }

  function* repeated(piece: string, times: number): Iterable<Uint8Array> {
    for (let count = 0; count < times; count++) yield octets(piece);
  }

  test('headers', () => {
    const fields = 'A: b\r\n'.repeat(limits.headers);
    expect(limitOf([octets(`${fields}\r\n`)])).toBe('none');
    expect(limitOf([octets(`${fields}A: b\r\n`)])).toBe(
      "headers: The number of header fields is over the limit 'headers' of 2000",
    );
  });

  test('headerBytes, also when no line ends', () => {
    const message = "headerBytes: A header block is over the limit 'headerBytes' of 1048576";
    expect(limitOf([octets('X: y\n'), ...repeated(' z\n', 350_000)])).toBe(message);
    expect(limitOf([octets(`X: ${'a'.repeat(limits.headerBytes)}`)])).toBe(message);
    expect(limitOf(repeated('a'.repeat(4096), 257))).toBe(message);
  });

  test('headerBytes does not count text that was taken for a header in doubt', () => {
    const line = 'a '.repeat(limits.headerBytes);
    for (const start of ['\n', 'A: b\nno field\n']) {
      expect(limitOf([octets(start + line)])).toBe('none');
      expect(limitOf([octets(start), ...repeated(line.slice(0, 65_536), 40)])).toBe('none');
      expect(limitOf([octets(`${start}${line}\nFrom: x\n\n`)])).toBe('none');
    }
  });

  test('parts', () => {
    const start = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n';
    const parts = '--b\r\n\r\n'.repeat(limits.parts - 1);
    expect(limitOf([octets(start + parts)])).toBe('none');
    expect(limitOf([octets(`${start}${parts}--b\r\n`)])).toBe(
      "parts: The number of MIME parts is over the limit 'parts' of 10000",
    );
  });

  test('depth', () => {
    const nest = (depth: number): Uint8Array =>
      octets(
        Array.from(
          { length: depth },
          (_, n) => `Content-Type: multipart/x; boundary=b${n}\n\n--b${n}\n`,
        ).join(''),
      );
    expect(limitOf([nest(limits.depth)])).toBe('none');
    expect(limitOf([nest(limits.depth + 1)])).toBe(
      "depth: The nesting of MIME parts is over the limit 'depth' of 100",
    );
  });

  test('lineBytes, wherever the line is cut', () => {
    const piece = 'x'.repeat(1_048_576);
    const pieces = limits.lineBytes / piece.length;
    const message = "lineBytes: A line of the message is over the limit 'lineBytes' of 16777216";
    expect(limitOf([octets('A: b\n\n'), ...repeated(piece, pieces), octets('\nx')])).toBe('none');
    expect(limitOf([octets('A: b\n\n'), ...repeated(piece, pieces), octets('x')])).toBe(message);
    expect(limitOf([octets(`A: b\n\n${piece.repeat(pieces)}x\n`)])).toBe(message);
    expect(limitOf([octets(`A: b\n\nshort\n${piece.repeat(pieces)}\n`)])).toBe('none');
  });
});
