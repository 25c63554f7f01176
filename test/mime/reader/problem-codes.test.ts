import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseEntity } from '../../../src/mime/index.ts';
import { octets } from './eml.ts';

const type = (value: string): string => `Content-Type: ${value}\n`;
const multipart = (boundary: string, ...parts: string[]): string =>
  `${type(`multipart/mixed; boundary=${boundary}`)}\n${parts.map((part) => `--b\n${part}\n`).join('')}`;

// Each with the line it is told for. Every code is here, or the last test fails.
const cases: [code: string, line: number, source: string][] = [
  ['mbox-line', 1, 'From ann Mon Jan  1 00:00:00 2024\nA: b\n\nx'],
  ['byte-order-mark', 1, '\xef\xbb\xbfA: b\n\nx'],
  ['cr-line-ends', 1, 'A: b\r\rx'],
  ['header-missing', 1, 'x'],
  ['header-line-invalid', 2, 'A: b\nwrong\nSubject: s\n\nx'],
  ['header-separator-missing', 2, 'A: b\nwrong\nwrong\n'],
  ['header-cut-by-boundary', 5, `${multipart('b')}--b\nX: y\n--b--`],
  ['field-repeated', 3, 'Subject: s\nA: b\nsubject: t\n\nx'],
  ['field-repeated', 2, 'From: a@x.test\nFrom: b@x.test\n\nx'],
  ['field-control', 2, 'A: b\nSubject: a\0b\n\nx'],
  ['field-control', 1, 'Subject: a\rBcc: eve@x.test\n\nx'],
  ['field-not-utf8', 1, 'Subject: caf\xe9\n\nx'],
  ['content-type-invalid', 1, `${type('text')}\nx`],
  ['content-type-repeated', 2, `${type('text/plain')}${type('text/html')}\nx`],
  ['parameter-invalid', 1, `${type('text/plain; charset="utf-8')}\nx`],
  ['parameter-invalid', 1, `${type('text/plain; name=my file.txt')}\nx`],
  ['parameter-invalid', 1, `${type('text/plain; name*0=a; name*2=b')}\nx`],
  ['parameter-repeated', 1, `${type('text/plain; name=a; name=b')}\nx`],
  ['parameter-encoded-word', 1, `${type('text/plain; filename="=?utf-8?q?a?="')}\nx`],
  ['encoded-word-invalid', 2, 'A: b\nSubject: =?x-klingon?q?=A9?=\n\nx'],
  ['encoded-word-invalid', 1, 'Subject: =?utf-8?b?!!!?=\n\nx'],
  ['encoded-word-control', 1, 'Subject: =?utf-8?q?a=0D=0ABcc:_eve=40x.test?=\n\nx'],
  ['encoded-word-control', 1, 'Subject: =?utf-8?b?YQ0KQmNjOiBlQHgudGVzdA==?=\n\nx'],
  ['identifier-invalid', 1, 'Message-ID: 123\n\nx'],
  ['identifier-invalid', 1, 'Content-ID: <a b>\n\nx'],
  ['date-invalid', 1, 'Date: tomorrow\n\nx'],
  ['address-invalid', 2, 'A: b\nTo: ann\n\nx'],
  ['address-encoded', 1, 'To: =?utf-8?q?Ann_=3Cann=40x.test=3E?=\n\nx'],
  ['name-is-address', 1, 'From: "boss@bank.test" <eve@x.test>\n\nx'],
  ['bidi-control', 1, 'Subject: =?utf-8?q?=E2=80=AEfdp.exe?=\n\nx'],
  ['boundary-missing', 1, `${type('multipart/mixed')}\nx`],
  ['boundary-invalid', 1, `${type(`multipart/mixed; boundary=${'b'.repeat(71)}`)}\nx`],
  ['boundary-repeated', 4, multipart('b', multipart('b', '\nx'))],
  ['boundary-not-found', 3, `${type('multipart/mixed; boundary=b')}\nx`],
  ['boundary-not-closed', 6, multipart('b', '\nx')],
  ['boundary-after-end', 7, `${multipart('b', '\nx')}--b--\n--b\n`],
  ['encoding-unknown', 1, 'Content-Transfer-Encoding: x-strange\n\nx'],
  ['encoding-on-multipart', 1, `Content-Transfer-Encoding: base64\n${multipart('b', '\nx')}--b--`],
  [
    'encoding-on-message',
    1,
    `Content-Transfer-Encoding: base64\n${type('message/rfc822')}\nQTogYgoKeA==\n`,
  ],
  ['eight-bit', 4, `${type('text/plain; charset=utf-8')}\na\nb\xc3\xa9`],
  ['nul-octet', 3, 'A: b\n\n\0'],
  ['bare-cr', 3, 'A: b\n\na\rb\n'],
  ['line-too-long', 4, `A: b\n\n${'a'.repeat(998)}\r\n${'a'.repeat(999)}\r\n`],
  ['charset-unknown', 1, `${type('text/plain; charset=x-klingon')}\nx`],
  ['charset-missing', 1, 'Content-Transfer-Encoding: 8bit\n\n\xc3\xa9'],
  ['charset-invalid', 4, `A: b\n${type('text/plain; charset=utf-8')}\n\xe9`],
  ['charset-invalid', 3, `${type('text/plain; charset=us-ascii')}\n\xc3\xa9`],
  ['charset-invalid', 3, `${type('text/plain; charset=euc-jp')}\n\xff`],
  ['utf7-refused', 1, `${type('text/plain; charset=utf-7')}\n+AGE-`],
  ['base64-invalid', 4, `${type('image/png')}Content-Transfer-Encoding: base64\n\nYWJ-\n`],
  [
    'quoted-printable-invalid',
    4,
    `${type('text/plain')}Content-Transfer-Encoding: quoted-printable\n\na=3Db=zz \n`,
  ],
  ['uuencode-block', 4, 'A: b\n\ntext\nbegin 644 a.txt\n#86)C\n`\nend\n'],
  ['yenc-block', 3, 'A: b\n\n=ybegin line=128 size=1 name=a.bin\n'],
  ['too-many-problems', 3, 'Date: tomorrow\n\n\0\rx\n'],
];

describe('every deviation is told with its line', () => {
  test.each(cases)('%s in line %i: %j', (code, line, source) => {
    const limits = code === 'too-many-problems' ? { limits: { problems: 1 } } : {};
    const found = parseEntity(octets(source), limits).problems.filter((it) => it.code === code);
    expect(found.map((it) => it.line)).toEqual([line]);
    expect(found[0]?.message).toMatch(/^[A-Z]/);
  });

  test('of each code there is one here', () => {
    const source = readFileSync(
      new URL('../../../src/mime/reader/problem.ts', import.meta.url),
      'utf8',
    );
    const codes = [...source.matchAll(/^ {2}'([a-z0-9-]+)':/gm)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(40);
    expect([...new Set(cases.map(([code]) => code))].sort()).toEqual(codes.sort());
    const page = readFileSync(new URL('../../../docs/reading.md', import.meta.url), 'utf8');
    const explained = [...page.matchAll(/^\| `([a-z0-9-]+)` +\| [A-Z]/gm)].map(([, code]) => code);
    expect(explained.sort()).toEqual(codes.sort());
  });

  test('mail as it should be has none', () => {
    const source = [
      'Received: from x.test by y.test; Mon, 1 Jan 2024 00:00:00 +0000',
      'From: =?utf-8?q?Ann_Sm=C3=AFth?= <ann@x.test>',
      'To: "Smith, Bob" <bob@y.test>, Friends: carl@z.test, "Dora D." <dora@z.test>;',
      'Subject: =?utf-8?b?R3LDvMOfZQ==?= from =?utf-8?q?N=C3=AEmes?=',
      'Date: Mon, 1 Jan 2024 00:00:00 +0000 (UTC)',
      'Message-ID: <1@x.test>',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary="=_b" (a comment)',
      '',
      'For readers without MIME.',
      '--=_b',
      'Content-Type: text/plain; charset=utf-8; format=flowed',
      'Content-Transfer-Encoding: 8bit',
      '',
      'Gr\xc3\xbc\xc3\x9fe',
      '--=_b',
      'Content-Type: text/html; charset="iso-8859-1"',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      '<p>caf=E9=',
      '</p>=20',
      '--=_b',
      "Content-Type: application/pdf; name*0*=utf-8''%e2%82; name*1*=%ac.pdf;",
      'Content-Disposition: attachment; filename="a b.pdf"; size=3',
      'Content-Transfer-Encoding: base64',
      '',
      'YWJj',
      '--=_b--',
      '',
    ].join('\r\n');
    expect(parseEntity(octets(source)).problems).toEqual([]);
  });
});
