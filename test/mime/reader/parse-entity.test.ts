import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LimitError, limits } from '../../../src/base/index.ts';
import { type ParsedEntity, parseEntity } from '../../../src/mime/index.ts';
import { cpuMs } from '../../support/cpu-time.ts';
import { eml, octets, text } from './eml.ts';

/** The tree as nested lists of media types. */
function shape(part: ParsedEntity): unknown {
  const { value } = part.contentType;
  return part.parts.length === 0 ? value : [value, ...part.parts.map(shape)];
}

const codes = (part: ParsedEntity): string[] => part.problems.map(({ code }) => code);

describe('the tree', () => {
  test('of a message with everything', () => {
    const message = parseEntity(eml`
From: Ann <ann@example.com>
Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= and
 more
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="mixed"

This is for readers without MIME.
--mixed
Content-Type: multipart/related; boundary=rel

--rel
Content-Type: multipart/alternative; boundary=alt

--alt
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Gr=C3=BC=C3=9Fe
--alt
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: 8bit

<img src="cid:logo">\xe9
--alt--
--rel
Content-Type: image/png; name=logo.png
Content-ID: <logo>
Content-Transfer-Encoding: base64

iVBORw0K
--rel--
--mixed
Content-Type: application/pdf
Content-Disposition: ATTACHMENT; filename*=utf-8''%e2%82%ac.pdf

%PDF
--mixed--
`);
    expect(shape(message)).toEqual([
      'multipart/mixed',
      ['multipart/related', ['multipart/alternative', 'text/plain', 'text/html'], 'image/png'],
      'application/pdf',
    ]);
    expect(message.headers.get('subject')).toBe('Grüße and more');
    const [plain, html, image, pdf, ...more] = [...message.leaves()];
    expect(more).toEqual([]);
    expect(plain?.text()).toBe('Grüße');
    expect(html?.text()).toBe('<img src="cid:logo">é');
    expect(image?.cid).toBe('logo');
    expect(image?.filename).toBe('logo.png');
    expect(image?.disposition).toBeUndefined();
    expect(text(image?.content() ?? octets(''))).toBe('\x89PNG\r\n');
    expect(pdf?.disposition?.value).toBe('attachment');
    expect(pdf?.filename).toBe('€.pdf');
    expect(pdf?.encoding).toBe('7bit');
    expect(codes(message)).toEqual([]);
  });

  test('ranges lie in the octets that were parsed', () => {
    const source = 'Content-Type: multipart/x; boundary=b\n\n--b\nA: 1\n\nbody\n--b--\n';
    const message = parseEntity(octets(source));
    const { start, headerEnd, end } = message.parts[0]?.range ?? message.range;
    expect([source.slice(start, headerEnd), source.slice(headerEnd, end)]).toEqual([
      'A: 1\n\n',
      'body',
    ]);
    expect(text(message.parts[0]?.raw ?? octets(''))).toBe('body');
    expect(message.range).toEqual({ start: 0, headerEnd: 39, end: source.length });
  });

  test('preamble and epilogue of a multipart can be read', () => {
    const around = (source: string): string[] => {
      const { preamble, epilogue } = parseEntity(octets(source));
      return [text(preamble), text(epilogue)];
    };
    const head = 'Content-Type: multipart/x; boundary=b\n\n';
    expect(around(`${head}before\n--b\n\nx\n--b--\nafter\n`)).toEqual(['before', 'after\n']);
    expect(around(`${head}--b\n\nx\n--b--`)).toEqual(['', '']);
    expect(around(`${head}no part`)).toEqual(['no part', '']);
    expect(around('A: b\n\nno multipart')).toEqual(['', '']);
  });

  test('no more of a text is decoded than is wanted', () => {
    const body = Buffer.from('é€𝄞'.repeat(100_000)).toString('base64');
    const part = parseEntity(
      octets(
        `Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${body}`,
      ),
    );
    expect(part.text({ maxChars: 5 })).toBe('é€𝄞é');
    expect(part.text({ maxChars: 400_000 }).length).toBe(400_000);
    expect(part.text({ maxChars: 0 })).toBe('');
    const fiftyTimes = (read: () => string): number =>
      cpuMs(() => Array.from({ length: 50 }, read));
    const few = fiftyTimes(() => part.text({ maxChars: 10 }));
    expect(few).toBeLessThan(fiftyTimes(() => part.text()) / 3);
  });

  test('a message without MIME is text/plain', () => {
    const message = parseEntity(octets('Subject: s\n\nhello'));
    expect(message.contentType).toMatchObject({
      type: 'text',
      subtype: 'plain',
      value: 'text/plain',
    });
    expect(message.parts).toEqual([]);
    expect(message.text()).toBe('hello');
  });

  test('an empty input is an empty message', () => {
    const message = parseEntity(octets(''));
    expect(message.headers.fields).toEqual([]);
    expect(message.text()).toBe('');
    expect(codes(message)).toEqual([]);
  });
});

describe('messages in messages', () => {
  const forwarded = parseEntity(eml`
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: message/rfc822

Subject: inner
Content-Type: multipart/mixed; boundary=c

--c

text
--c--

--b
Content-Type: message/rfc822
Content-Transfer-Encoding: base64

U3ViamVjdDogZW5jb2RlZAoKeA==
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; bob@example.com
Action: failed
Status: 5.1.1
--b--
`);

  test('are kept whole and read when asked for', () => {
    expect(shape(forwarded)).toEqual([
      'multipart/mixed',
      'message/rfc822',
      'message/rfc822',
      'message/delivery-status',
    ]);
    const [first, second, status] = forwarded.parts;
    expect(first?.message()?.headers.get('Subject')).toBe('inner');
    expect(shape(first?.message() ?? forwarded)).toEqual(['multipart/mixed', 'text/plain']);
    expect(first?.message()).toBe(first?.message());
    expect(second?.message()?.headers.get('Subject')).toBe('encoded');
    expect(status?.message()).toBeUndefined();
    expect(text(status?.content() ?? octets(''))).toMatch(/^Reporting-MTA.*5\.1\.1$/s);
  });

  test('are what a digest holds', () => {
    const digest = parseEntity(
      octets(
        'Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: one\n\n1\n--b\nContent-Type: text/plain\n\n2\n--b--',
      ),
    );
    expect(shape(digest)).toEqual(['multipart/digest', 'message/rfc822', 'text/plain']);
    expect(digest.parts[0]?.message()?.headers.get('Subject')).toBe('one');
  });

  test('end at a depth', () => {
    let part: ParsedEntity | undefined = parseEntity(
      octets('Content-Type: message/rfc822\n\n'.repeat(limits.depth + 5)),
    );
    let depth = 0;
    const descend = (): void => {
      for (; part; depth++) part = part.message();
    };
    expect(descend).toThrow(LimitError);
    expect(descend).toThrow("The nesting of messages is over the limit 'depth' of 100");
    expect(depth).toBe(limits.depth);
  });
});

describe('malformed structure', () => {
  test.each([
    [
      'the last boundary is missing',
      'Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n',
      ['one', 'two\n'],
      ['boundary-not-closed'],
    ],
    [
      'the boundary of the inner multipart is not closed',
      'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\none\n--b\n\ntwo\n--b--',
      ['one', 'two'],
      ['boundary-not-closed'],
    ],
    [
      'the header of a part is missing and so is the empty line',
      'Content-Type: multipart/mixed; boundary=b\n\n--b\nno header here\n--b--',
      ['no header here'],
      ['header-missing'],
    ],
    [
      'a boundary stands in a header',
      'Content-Type: multipart/mixed; boundary=b\n\n--b\nX: y\n--b\n\ntwo\n--b--',
      ['', 'two'],
      ['header-cut-by-boundary'],
    ],
    [
      'a boundary begins like another one',
      'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\n\none\n--bb--\n--b\n\ntwo\n--b--',
      ['one', 'two'],
      [],
    ],
    [
      'two multiparts have the same boundary',
      'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n--b\n\ntwo\n--b--',
      ['one', 'two'],
      ['boundary-repeated'],
    ],
    [
      'a multipart has no boundary',
      'Content-Type: multipart/mixed\n\n--b\n\none\n--b--',
      ['--b\n\none\n--b--'],
      ['boundary-missing'],
    ],
    [
      'a multipart holds no part',
      'Content-Type: multipart/mixed; boundary=b\n\nonly text',
      ['only text'],
      ['boundary-not-found'],
    ],
    [
      'the boundary holds what must be quoted, 8-bit octets and what looks like an encoded word',
      'Content-Type: multipart/mixed; boundary="=?utf-8?Q?=C3=A9?= \xe9\\"b"\n\n--=?utf-8?Q?=C3=A9?= \xe9"b\n\none\n--=?utf-8?Q?=C3=A9?= \xe9"b--',
      ['one'],
      ['field-not-utf8', 'parameter-encoded-word', 'boundary-invalid'],
    ],
    [
      'white space follows the boundary, in the header and in the body',
      'Content-Type: multipart/mixed; boundary="b "\n\n--b \t \n\none\n--b--  \nepilogue',
      ['one'],
      [],
    ],
    [
      'parts follow the last boundary',
      'Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n--b\n\ntwo\n--b--\n',
      ['one'],
      ['boundary-after-end'],
    ],
    [
      'line ends are mixed',
      'Content-Type: multipart/mixed;\r\n boundary=b\n\r\n--b\r\n\none\r\n\n--b\n\r\ntwo\n--b--',
      ['one\n', 'two'],
      [],
    ],
    [
      'lines end in CR',
      'Content-Type: multipart/mixed;\r boundary=b\r\r--b\r\rone\rmore\r--b\rX: y\r\rtwo\r--b--\r',
      ['one\nmore', 'two'],
      ['cr-line-ends'],
    ],
  ])('%s', (_name, source, leaves, problems) => {
    const message = parseEntity(octets(source));
    expect([...message.leaves()].map((leaf) => leaf.text())).toEqual(leaves);
    expect(codes(message)).toEqual(problems);
  });

  test('a boundary at the end of a body takes one line end, and no other', () => {
    const part = (body: string): string => {
      const source = `Content-Type: multipart/x; boundary=b\n\n--b\n\n${body}--b--`;
      return text(parseEntity(octets(source)).parts[0]?.content() ?? octets('?'));
    };
    expect(part('')).toBe('');
    expect(part('\n')).toBe('');
    expect(part('\r\n')).toBe('');
    expect(part('\r\n\r\n')).toBe('\r\n');
    expect(part('a\n\n')).toBe('a\n');
    expect(part('a\r\r\n')).toBe('a\r');
    expect(part('a')).toBe('a--b--');
  });
});

test('a Content-Disposition without its word', () => {
  const read = (value: string): ParsedEntity['disposition'] =>
    parseEntity(octets(`Content-Disposition:${value}\r\n\r\nx`)).disposition;
  expect(read('')).toBeUndefined();
  expect(read(' ""')).toBeUndefined();
  expect(read(' ; filename="a.txt"')).toEqual({
    value: 'attachment',
    parameters: new Map([['filename', 'a.txt']]),
  });
});

describe('any octets', () => {
  // What is not a LimitError would be a fault of ours.
  function readAll(bytes: Uint8Array): void {
    try {
      const queue = [parseEntity(bytes)];
      for (let part = queue.shift(); part; part = queue.shift()) {
        queue.push(...part.parts);
        const inner = part.message();
        if (inner) queue.push(inner);
        part.text();
        expect([part.filename, part.cid, part.disposition?.value].every((it) => it !== '')).toBe(
          true,
        );
        for (const { name } of part.headers.fields) part.headers.get(name);
        for (const { line, offset } of part.problems)
          expect([line > 0, offset >= 0]).toEqual([true, true]);
      }
    } catch (error) {
      if (!(error instanceof LimitError)) throw error;
    }
  }

  test('are read without a throw', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), readAll), { numRuns: 300 });
  });

  test('so are messages with octets changed, lost and doubled', () => {
    const source = eml`
From: "Ann" (x) <ann@example.com>
Date: Fri, 20 Nov 2026 09:33:37 +0000
Content-Type: multipart/mixed; boundary="b"; x*0*=utf-8''%41; x*1=b

--b
Content-Type: text/plain; charset=windows-1252; format=flowed
Content-Transfer-Encoding: quoted-printable

=41=
b =C3
--b
Content-Type: message/rfc822
Content-Disposition: attachment; filename="=?utf-8?B?w6k=?="
Content-Transfer-Encoding: base64

U3ViamVjdDogZW5jb2RlZAoKeA==
--b
Content-Transfer-Encoding: x-uuencode

begin 644 a
#86)C
end
--b--
`;
    const change = fc.tuple(
      fc.nat(source.length - 1),
      fc.constantFrom('set', 'cut', 'copy'),
      fc.integer({ min: 0, max: 255 }),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 5 }), (changes) => {
        let bytes = Buffer.from(source);
        for (const [at, kind, value] of changes) {
          if (kind === 'set') bytes[at % bytes.length] = value;
          if (kind === 'cut')
            bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + (value % 20))]);
          if (kind === 'copy')
            bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - value))]);
        }
        readAll(bytes);
      }),
      { numRuns: 300 },
    );
  });
});
