// Mail made to cost time or memory: each a function from a size in octets to about so much of it.

type Maker = (size: number) => string;

const fill = (piece: string, size: number): string => piece.repeat(Math.ceil(size / piece.length));
const field =
  (name: string, piece: string, end = ''): Maker =>
  (size) =>
    `${name}: ${fill(piece, size)}${end}\r\n\r\n`;
const body =
  (header: string, piece: string): Maker =>
  (size) =>
    `${header}\r\n\r\n${fill(piece, size)}`;
const numbered = (size: number, room: number, piece: (n: number) => string): string =>
  Array.from({ length: Math.ceil(size / room) }, (_, n) => piece(n)).join('');

const multipart = (boundary: string): string =>
  `Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n`;
const inside =
  (boundary: string, piece: string): Maker =>
  (size) =>
    multipart(boundary) + fill(piece, size);
const encoded = (encoding: string): string => `Content-Transfer-Encoding: ${encoding}`;
const text = (charset: string): string => `Content-Type: text/plain; charset=${charset}`;

/** Structure. */
const structure: Readonly<Record<string, Maker>> = {
  boundaries: inside('b', '--b\r\n\r\n'),
  'lines that are almost the boundary': inside('b'.repeat(70), `--${'b'.repeat(69)}\r\n`),
  'boundaries with much white space': inside('b', `--b${' '.repeat(2000)}\r\n`),
  dashes: inside('b', '--'),
  'lines of two dashes': inside('b', '--\n'),
  'closed multiparts': inside('b', '--b--\n'),
  'multiparts in multiparts': (size) =>
    numbered(size, 64, (n) => `${multipart(`b${n}`)}--b${n}\r\n`),
  'multiparts with one boundary': (size) => fill(`${multipart('b')}--b\r\n`, size),
  'candidates for a boundary, as deep as it may go': (size) =>
    numbered(6400, 64, (n) => `${multipart(`b${n}`)}--b${n}\r\n`) + fill('--b\n', size),
  'messages in messages': (size) => fill('Content-Type: message/rfc822\r\n\r\n', size),
  'parts without header': (size) =>
    `${multipart('b')}${'--b\n'.repeat(9000)}${fill('x y\n', size)}`,
  'bad parts': (size) => multipart('b') + fill('--b\nContent-Type: /\nDate: x\n\n\0\xff\n', size),
};

/** Headers. */
const headers: Readonly<Record<string, Maker>> = {
  'header fields': (size) => fill('X-A: b\r\n', size),
  'received fields': (size) =>
    fill('Received: from a by b; Mon, 1 Jan 2020 00:00:00 +0000\r\n', size),
  'one header field': field('X-A', 'a'),
  folds: field('X-A', 'a\r\n '),
  'empty folds': field('Subject', '\r\n '),
  'header without colon': (size) => fill('a', size),
  colons: (size) => fill(':', size),
  'lines that are no fields': (size) => `A: b\r\n${fill('a\r\n', size)}`,
  references: field('References', '<a@b> '),
  'encoded words': field('Subject', '=?utf-8?Q?a?= '),
  'encoded words of two charsets': field('Subject', '=?utf-8?Q?a?= =?koi8-r?Q?b?= '),
  'beginnings of encoded words': field('Subject', '=?utf-8?Q?'),
  'ends of encoded words': field('Subject', '=?utf-8?Q?a?'),
  'question marks': field('Subject', '=?'),
  'octets of no charset': field('Subject', '\xff'),
  'control characters': field('Subject', '\x01'),
  parameters: (size) => `Content-Type: text/plain${numbered(size, 10, (n) => `; p${n}=a`)}\r\n\r\n`,
  'continued parameters': (size) =>
    `Content-Type: text/plain${numbered(size, 14, (n) => `; name*${n}=a`)}\r\n\r\n`,
  'extended parameters': (size) =>
    `Content-Type: text/plain${numbered(size, 16, (n) => `; name*${n}*=%41`)}\r\n\r\n`,
  'open quotes of parameters': field('Content-Type', 'a/b; c="d\\"; '),
  'quotes of parameters': field('Content-Type', '"'),
  semicolons: field('Content-Type', ';'),
  'comments of parameters': field('Content-Type', '(a'),
  'blanks of parameters': field('Content-Disposition', '; a = b  '),
  'media types': field('Content-Type', 'a/'),
  'comments of a date': field('Date', '('),
  'numbers of a date': field('Date', '1 '),
  identifiers: field('Message-ID', '<a@'),
};

/** Address fields. */
const addresses: Readonly<Record<string, Maker>> = Object.fromEntries(
  [
    ...[
      'a@b,',
      'a,',
      'a <a@b.c>, ',
      '"a\\"',
      '"',
      '(',
      ')',
      '(a)',
      '<',
      '<a',
      ',',
      ':',
      'a:',
      'a:;',
      ';',
    ],
    ...[
      'a@',
      '@',
      '@a,',
      '<@a,',
      '\\',
      '[',
      'a b ',
      'a b <c@d>',
      '"a"@',
      '"a" ',
      '. ',
      'a.',
      '\xe9',
      ' ',
    ],
    ...['=?utf-8?q?a?= ', '=?utf-8?q?a=40b?=', '=?utf-8?q?=3Ca=40b=3E?=,', '<"a', '<a,', '\r\n '],
  ].map((piece) => [JSON.stringify(piece), field('To', piece)]),
);

/** Bodies. */
const bodies: Readonly<Record<string, Maker>> = {
  CR: body('A: b', '\r'),
  'CR in the header': (size) => `A: b${fill('\r', size)}\r\n\r\n`,
  'CR and nothing else': (size) => fill('\r', size),
  LF: (size) => fill('\n', size),
  CRLF: (size) => fill('\r\n', size),
  NUL: (size) => fill('\0', size),
  'NUL in the body': body('A: b', '\0'),
  spaces: (size) => fill(' ', size),
  'one line': body('A: b', 'x'),
  URLs: body('A: b', 'http://a.b/'),
  'soft line breaks': body(encoded('quoted-printable'), '=\r\n'),
  'blanks before soft line breaks': body(encoded('quoted-printable'), '=  '),
  'signs that begin nothing': body(encoded('quoted-printable'), '='),
  'what is not base64': body(encoded('base64'), '!@#$'),
  'padding of base64': body(encoded('base64'), '='),
  'base64 with blanks': body(encoded('base64'), 'YWJj \t'),
  'uuencode that never ends': body(encoded('x-uuencode'), '`\n'),
  'begin lines of uuencode': body(encoded('x-uuencode'), 'begin 644 x\n'),
  'begin lines in text': body('A: b', 'begin 644 \n'),
  'begin lines of yEnc': body('A: b', '=ybegin line=\n'),
  'flowed lines': body('Content-Type: text/plain; format=flowed; delsp=yes', '> a \r\n'),
  'flowed lines of any depth': body('Content-Type: text/plain; format=flowed', '>'),
  'tags of HTML': body('Content-Type: text/html', '<'),
  'escapes of ISO-2022-JP': body(text('iso-2022-jp'), '\x1b$B$"\x1b(B'),
  'octets in ISO-2022-JP': body(text('iso-2022-jp'), '\xe3\x81\x82\x1b'),
  'tildes of HZ': body(text('hz-gb-2312'), '~{'),
  'UTF-7': body(text('utf-7'), '+'),
  'UTF-16': body(text('utf-16'), '\xd8\x00'),
  'UTF-32': body(text('utf-32'), '\xff'),
  'what is not UTF-8': body(text('utf-8'), '\xc3'),
};

/** Every kind by its name. */
export const hostileMail: readonly (readonly [name: string, make: Maker])[] = [
  ...Object.entries(structure),
  ...Object.entries(headers),
  ...Object.entries(addresses).map(([name, make]) => [`${name} in To`, make] as const),
  ...Object.entries(bodies),
];
