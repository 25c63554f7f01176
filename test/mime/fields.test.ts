import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidAddressError, InvalidMessageError, printable } from '../../src/base/index.ts';
import { decodeParameters } from '../../src/codec/index.ts';
import { writeHeaderLines } from '../../src/mime/fields/header-field.ts';
import {
  type AddressInput,
  addressField,
  formatDate,
  type HeaderField,
  MailAddress,
  MailGroup,
  parameterField,
  parseAddressList,
  rawField,
  readAddressList,
  tokensField,
  unstructuredField,
} from '../../src/mime/index.ts';

const ascii = { utf8: false };
const utf8 = { utf8: true };

function lines(field: HeaderField, options = ascii): string[] {
  const text = writeHeaderLines([field], options);
  expect(text.endsWith('\r\n')).toBe(true);
  return text.slice(0, -2).split('\r\n');
}

/** RFC 2047 as a reader does it, written for these tests only: strict words, blanks between two of them dropped. */
function decodeWords(text: string): string {
  const word = /=\?utf-8\?([QB])\?([!->@-~]*)\?=/g;
  return text
    .replace(/(=\?utf-8\?[QB]\?[!->@-~]*\?=) +(?==\?utf-8\?[QB]\?[!->@-~]*\?=)/g, '$1')
    .replace(word, (_, encoding: string, data: string) => {
      if (encoding === 'B') return Buffer.from(data, 'base64').toString('utf8');
      const bytes = data
        .replaceAll('_', ' ')
        .replace(/=([0-9A-F]{2})/g, (_hex, code: string) =>
          String.fromCharCode(Number(`0x${code}`)),
        );
      return Buffer.from(bytes, 'latin1').toString('utf8');
    });
}

/** What a reader makes of a field: unfolded, encoded words decoded. */
function read(field: HeaderField): string {
  return decodeWords(field.value.replace(/\r\n(?=[ \t])/g, ''));
}

function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

function refusal(run: () => unknown): InvalidMessageError {
  try {
    run();
  } catch (error) {
    if (error instanceof InvalidMessageError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** Every rule that a finished field keeps. */
function checkLines(field: HeaderField, options = ascii): void {
  for (const line of lines(field, options)) {
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(998);
    expect(line).not.toMatch(options.utf8 ? /[\0\r\n]/ : /[\0\r\n]|[^\0-\x7f]/);
    if (line !== `${field.name}: `) expect(line.trim()).not.toBe('');
  }
}

const anyText = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.stringMatching(/^[ -~]{0,300}$/),
    fc
      .array(
        fc.constantFrom(
          'a',
          ' ',
          '  ',
          '\t',
          'é',
          '=?',
          '?=',
          '=?utf-8?q?x?=',
          '\ud800',
          '👩‍👩‍👧',
          '"',
          '<a@b>',
        ),
      )
      .map((parts) => parts.join('')),
  )
  .map((text) => text.replace(/[\0\r\n]/g, ''));

describe('unstructured fields', () => {
  test.each([
    ['Hello', 'Hello'],
    ['', ''],
    ['Hello, "world" <x@y> (z) \\ ?', 'Hello, "world" <x@y> (z) \\ ?'],
  ])('%j is written as it is', (text, value) => {
    expect(unstructuredField('Subject', text, ascii)).toEqual({ name: 'Subject', value });
  });

  test('only the words that need it are encoded', () => {
    const { value } = unstructuredField('Subject', 'Re: Müller an Köln: fine', ascii);
    expect(value).toMatch(/^Re: =\?utf-8\?[QB]\?\S+\?= fine$/);
    expect(decodeWords(value)).toBe('Re: Müller an Köln: fine');
  });

  test('folds at 78 columns between words', () => {
    const text = 'word '.repeat(40).trim();
    const written = lines(unstructuredField('Subject', text, ascii));
    expect(written.every((line) => line.length <= 78)).toBe(true);
    expect(written).toHaveLength(3);
    expect(read(unstructuredField('Subject', text, ascii))).toBe(text);
  });

  test('an encoded text folds at 78 columns and no word is over 75', () => {
    const field = unstructuredField('Subject', 'Grüße aus Köln und 日本 👩‍👩‍👧 '.repeat(20), ascii);
    for (const line of lines(field)) {
      expect(line.length).toBeLessThanOrEqual(78);
      for (const word of line.match(/=\?\S+\?=/g) ?? []) {
        expect(word.length).toBeLessThanOrEqual(75);
        // RFC 2047 section 5: each word holds whole characters.
        expect(decodeWords(word)).not.toContain('\ufffd');
      }
    }
  });

  test('a long URL stays whole and plain', () => {
    const url = `https://x.example/${'a'.repeat(880)}`;
    expect(lines(unstructuredField('X-Url', url, ascii))).toEqual([`X-Url: ${url}`]);
    expect(lines(unstructuredField('X-Url', `see ${url} there`, ascii))).toEqual([
      'X-Url: see',
      ` ${url}`,
      ' there',
    ]);
  });

  test('a URL that only resembles an encoded word stays plain', () => {
    const url = 'https://x.example/?a=?b&c=?d?=';
    expect(unstructuredField('X-Url', url, ascii).value).toBe(url);
  });

  test('a word that fits no line is encoded', () => {
    const text = `see ${'a'.repeat(5000)}`;
    const field = unstructuredField('X-Long', text, ascii);
    expect(lines(field).every((line) => line.length <= 78)).toBe(true);
    expect(read(field)).toBe(text);
  });

  test.each([
    ' x',
    'x ',
    'x  y',
    'x   y',
    ' ',
    '   ',
    '\t',
    'a\tb',
    '  a  b  ',
    'a ',
    `${'a '.repeat(100)} b`,
    `${' '.repeat(2000)}x`,
    '=?x?q?y?=',
    '=?utf-8?q?=41?=',
    'a=?utf-8?q?=41?=b',
    'a =?utf-8?q?=41?= =?utf-8?q?=42?= b',
    '=?',
    'é =?utf-8?q?=41?=',
    'é é  é',
  ])('%j survives', (text) => {
    for (const options of [ascii, utf8]) {
      const field = unstructuredField('Subject', text, options);
      checkLines(field, options);
      expect(read(field)).toBe(text);
      expect(field.value).not.toMatch(/^[ \t]|[ \t]$/);
    }
  });

  test.each([
    ['x\r\nBcc: e@evil', 2, 'a line break'],
    ['x\nX: 1', 2, 'a line break'],
    ['x\rX: 1', 2, 'a line break'],
    ['x\r\n\r\nbody', 2, 'a line break'],
    ['x\r\n folded', 2, 'a line break'],
    ['x\0y', 2, 'NUL'],
  ])('%j is refused', (text, at, what) => {
    const error = refusal(() => unstructuredField('Subject', text, ascii));
    expect(error.code).toBe('MESSAGE_HEADER_INVALID');
    expect(error.message).toContain(`The header Subject holds ${what}`);
    expect(error.message).toContain(`at character ${at}`);
    expect(error.message).toContain('remove it, a header is one line');
    expect(error.message).toBe(printable(error.message));
  });

  test.each([
    'x\u000by',
    'x\u0085y',
    'x\u2028y',
    '\u560d\u560aBcc: e@evil',
    'a\u001b[31m',
    'x\u007f',
  ])('%j is encoded', (text) => {
    for (const options of [ascii, utf8]) {
      const field = unstructuredField('Subject', text, options);
      checkLines(field, options);
      expect(field.value).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028]/);
      expect(read(field)).toBe(text);
    }
  });

  test('a lone surrogate becomes U+FFFD', () => {
    expect(read(unstructuredField('Subject', 'a\ud800b', ascii))).toBe('a\ufffdb');
    expect(read(unstructuredField('Subject', 'a\udc00b', utf8))).toBe('a\ufffdb');
  });

  test('with SMTPUTF8 text is written in UTF-8', () => {
    const field = unstructuredField('Subject', 'Grüße aus 日本', utf8);
    expect(field.value).toBe('Grüße aus 日本');
    const long = unstructuredField('Subject', 'Grüße '.repeat(50).trim(), utf8);
    expect(long.value.replaceAll('\r\n', '')).toBe('Grüße '.repeat(50).trim());
    expect(lines(long, utf8).every((line) => Buffer.byteLength(line) <= 78)).toBe(true);
  });

  test('any text comes back', () => {
    fc.assert(
      fc.property(anyText, fc.boolean(), (text, isUtf8) => {
        const options = { utf8: isUtf8 };
        const field = unstructuredField('Subject', text, options);
        checkLines(field, options);
        expect(read(field)).toBe(wellFormed(text));
      }),
      { numRuns: 300 },
    );
  });
});

describe('address fields', () => {
  const write = (input: AddressInput, options = ascii): HeaderField =>
    addressField('To', parseAddressList(input, 'to'), options);

  test('names as atoms, in quotes, in encoded words', () => {
    const field = write([
      'a@x.example',
      { name: 'Ann Smith', address: 'a@x.example' },
      { name: 'Müller, Hans', address: 'h@x.example' },
      { name: 'Smith, "A"', address: 'a@x.example' },
      { name: '=?utf-8?q?=41?=', address: 'a@x.example' },
    ]);
    expect(field.value).not.toContain('=41');
    const words = field.value.replace(/\r\n/g, '').split(/, (?=[^"]*(?:"[^"]*"[^"]*)*$)/);
    expect(words[0]).toBe('a@x.example');
    expect(words[1]).toBe('Ann Smith <a@x.example>');
    expect(words[2]).toMatch(/^=\?utf-8\?[QB]\?[^\s",]+\?= <h@x.example>$/);
    expect(decodeWords(words[2] ?? '')).toBe('Müller, Hans <h@x.example>');
    expect(field.value).toContain('"Smith, \\"A\\"" <a@x.example>');
  });

  test('folds between addresses and names, within 78 columns', () => {
    const members = Array.from({ length: 50 }, (_, at) => ({
      name: `Person number ${at} of a long list with a very long name that goes on and on and on`,
      address: `person${at}@example.com`,
    }));
    const written = lines(write(members));
    expect(written.every((line) => line.length <= 78)).toBe(true);
    expect(written.length).toBeGreaterThan(50);
  });

  test('any list is read back by our reader, without a problem', () => {
    // Readers make one blank of white space in a name, and drop controls.
    const name = anyText.map((text) =>
      wellFormed(text)
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .trim(),
    );
    const mailbox = fc
      .tuple(
        name,
        fc.constantFrom('a@x.example', '"a b"@x.example', '"a,<b"@x.example', 'c@[192.0.2.1]'),
      )
      .map(([displayName, address]) => new MailAddress(address, displayName));
    const group = fc
      .tuple(
        name.filter((text) => text !== ''),
        fc.array(mailbox, { maxLength: 3 }),
      )
      .map(([groupName, members]) => new MailGroup(groupName, members));
    const list = fc.array(fc.oneof(mailbox, group), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(list, (items) => {
        const { addresses, problems } = readAddressList(addressField('To', items, ascii).value);
        expect(JSON.parse(JSON.stringify(addresses))).toEqual(JSON.parse(JSON.stringify(items)));
        expect(problems).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('groups', () => {
    expect(write('Team: a@x, B <b@x>; , Empty:;').value).toBe('Team: a@x, B <b@x>;, Empty:;');
    expect(write('Grüße: a@x;').value).toMatch(/^=\?utf-8\?[QB]\?\S+\?= : a@x;$/);
    expect(write('Grüße:;').value).toMatch(/^=\?utf-8\?[QB]\?\S+\?= :;$/);
  });

  test('a name in quotes that is too long for a line is encoded', () => {
    const name = `${'word, '.repeat(30)}end`;
    const field = write({ name, address: 'a@x.example' });
    expect(lines(field).every((line) => line.length <= 78)).toBe(true);
    expect(read(field)).toBe(`${name} <a@x.example>`);
  });

  test.each(['\u000b', '\u0085', '\u2028', '\u560d\u560a', '\u001b', '\ud800'])(
    'a name with %j is encoded',
    (char) => {
      const field = write({ name: `x${char}y`, address: 'a@x.example' });
      checkLines(field);
      expect(read(field)).toBe(`x${wellFormed(char)}y <a@x.example>`);
    },
  );

  test('a mailbox name that is not ASCII needs SMTPUTF8', () => {
    expect(write('Jörg <jörg@müller.example>', utf8).value).toBe(
      'Jörg <jörg@xn--mller-kva.example>',
    );
    try {
      write('jörg@müller.example');
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidAddressError);
      expect((error as InvalidAddressError).code).toBe('ADDRESS_NEEDS_SMTPUTF8');
      expect((error as InvalidAddressError).message).toContain('needs a server with SMTPUTF8');
    }
  });

  test('any name comes back', () => {
    fc.assert(
      fc.property(anyText, fc.boolean(), (name, isUtf8) => {
        const options = { utf8: isUtf8 };
        const field = write(new MailAddress('a@x.example', name), options);
        checkLines(field, options);
        const shown = field.value.replace(/\r\n/g, '').replace(/ ?<?a@x\.example>?$/, '');
        const isQuoted = shown.startsWith('"');
        const value = isQuoted ? shown.slice(1, -1).replace(/\\(.)/gu, '$1') : decodeWords(shown);
        expect(value).toBe(wellFormed(name));
      }),
      { numRuns: 200 },
    );
  });
});

describe('names in encoded words', () => {
  const wordsOf = (name: string): readonly string[] => {
    const list = parseAddressList(['first.person@example.com', { name, address: 'b@x.com' }], 'to');
    const { value } = addressField('To', list, { utf8: false });
    for (const line of `To: ${value}`.split('\r\n')) expect(line.length).toBeLessThanOrEqual(78);
    expect(readAddressList(value).addresses[1]).toMatchObject({ name });
    return value.match(/=\?[^ ]*\?=/g) ?? [];
  };

  test('get one word where one is enough, on a line of its own if need be', () => {
    for (let length = 1; length <= 22; length += 1) {
      expect(wordsOf('é'.repeat(length)), `${length}`).toHaveLength(1);
    }
    expect(wordsOf('日本'.repeat(7))).toHaveLength(1);
    expect(wordsOf('é'.repeat(40))).toHaveLength(2);
  });
});

describe('fields with parameters', () => {
  test('short ASCII', () => {
    const pairs: [string, string][] = [
      ['charset', 'utf-8'],
      ['format', 'flowed'],
    ];
    expect(parameterField('Content-Type', 'text/plain', pairs, ascii).value).toBe(
      'text/plain; charset=utf-8; format=flowed',
    );
  });

  test.each([
    'a b.txt',
    'naïve.txt',
    '日本語の長い名前'.repeat(20),
    'x"y\\z',
    "it's 100%",
    '👩‍👩‍👧.png',
    'a\u000bb',
    '=?utf-8?q?x?=',
    ';',
    'a\u0085\u2028',
  ])('a file name %j comes back in both forms', (name) => {
    const disposition = parameterField(
      'Content-Disposition',
      'attachment',
      [['filename', name]],
      ascii,
    );
    checkLines(disposition);
    expect(lines(disposition).every((line) => line.length <= 78)).toBe(true);
    const unfolded = disposition.value.replace(/\r\n/g, '');
    expect(decodeParameters(unfolded).parameters.get('filename')).toBe(name);
    const type = parameterField('Content-Type', 'image/png', [['name', name]], ascii);
    checkLines(type);
    expect(type.value).not.toContain('name*');
    expect(decodeParameters(type.value.replace(/\r\n/g, '')).parameters.get('name')).toBe(name);
  });

  test.each([
    ['text/plain\r\nX: 1', 'a line break'],
    ['text/plain; x=y', 'write a token or type/subtype'],
    ['text/', 'write a token or type/subtype'],
    ['', 'write a token or type/subtype'],
    ['tëxt/plain', 'write a token or type/subtype'],
  ])('the value %j is refused', (value, reason) => {
    const error = refusal(() => parameterField('Content-Type', value, [], ascii));
    expect(error.code).toBe('MESSAGE_HEADER_INVALID');
    expect(error.message).toContain(reason);
  });

  test.each(['x\r\nX-Inj: 1', 'x=y', 'x y', '', 'x*', 'ü', 'x;'])(
    'the parameter name %j is refused',
    (name) => {
      const error = refusal(() => parameterField('Content-Type', 'a/b', [[name, 'v']], ascii));
      expect(error.code).toBe('MESSAGE_HEADER_INVALID');
      expect(error.message).toMatch(/has a parameter named|holds a line break/);
    },
  );

  test.each(['x\r\nBcc: e@evil', 'x\ny', 'x\0y'])('the parameter %j is refused', (text) => {
    const error = refusal(() =>
      parameterField('Content-Disposition', 'attachment', [['filename', text]], ascii),
    );
    expect(error.message).toContain('The header Content-Disposition (filename) holds');
  });

  test('names of prototypes are names', () => {
    const pairs: [string, string][] = [
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ];
    expect(parameterField('Content-Type', 'a/b', pairs, ascii).value).toBe(
      'a/b; __proto__=x; constructor=y',
    );
  });
});

describe('tokens and raw values', () => {
  test('tokens fold between each other', () => {
    const ids = Array.from({ length: 40 }, (_, at) => `<${at}.abcdefgh@x.example>`);
    const field = tokensField('References', ids);
    expect(lines(field).every((line) => line.length <= 78)).toBe(true);
    expect(field.value.replace(/\r\n/g, '')).toBe(ids.join(' '));
  });

  test.each(['', 'a b', 'é', 'a\tb', 'a\u007f'])('the token %j is refused', (token) => {
    const error = refusal(() => tokensField('References', ['<a@b>', token]));
    expect(error.message).toContain('use ASCII without blanks');
  });

  test.each(['a\r\nb', 'a\nb', 'a\r\n b', 'a\0'])(
    'the token %j is refused for its break',
    (token) => {
      expect(refusal(() => tokensField('References', [token])).message).toContain('holds');
    },
  );

  test('a raw value may hold folds and nothing else', () => {
    expect(lines(rawField('X-Raw', 'a\r\n b\r\n\tc'))).toEqual(['X-Raw: a', ' b', '\tc']);
    for (const value of ['a\r\nb', 'a\rb', 'a\n b', 'a\r\n', 'a\r\n \r\n b', 'a\r\n ', '\0']) {
      expect(refusal(() => rawField('X-Raw', value)).code).toBe('MESSAGE_HEADER_INVALID');
    }
  });

  test('998 octets a line', () => {
    expect(lines(rawField('X', 'a'.repeat(995)))[0]).toHaveLength(998);
    const error = refusal(() => rawField('X', 'a'.repeat(996)));
    expect(error.message).toBe(
      'The header X has a line over 998 octets; fold it at a blank or shorten it',
    );
    expect(refusal(() => rawField('X', 'é'.repeat(498))).message).toContain('over 998 octets');
    expect(lines(rawField('X', `${'a'.repeat(990)}\r\n ${'b'.repeat(990)}`))).toHaveLength(2);
  });

  test.each(['X-A: 1\r\nBcc', 'X:A', '', 'Bcc ', 'X\u00e4', 'X\0', 'X A', 'X\n', 'X'.repeat(999)])(
    'the name %j is refused',
    (name) => {
      const error = refusal(() => rawField(name, 'x'));
      expect(error.code).toBe('MESSAGE_HEADER_INVALID');
      expect(error.message).toContain('cannot be written; use printable ASCII without colon');
      expect(refusal(() => writeHeaderLines([{ name, value: 'x' }], ascii)).code).toBe(
        'MESSAGE_HEADER_INVALID',
      );
    },
  );
});

describe('the one writer of lines', () => {
  test.each([
    'a\r\nBcc: x',
    'a\nb',
    'a\rb',
    'a\0b',
    'a\r\n',
    'a\r\n\r\nbody',
    '\r\n',
    'a\r\n \r\nb',
  ])('a field made by hand with %j does not get out', (value) => {
    for (const options of [ascii, utf8]) {
      const error = refusal(() => writeHeaderLines([{ name: 'X', value }], options));
      expect(error.code).toBe('MESSAGE_HEADER_INVALID');
    }
  });

  test('UTF-8 gets out only with SMTPUTF8', () => {
    const field = { name: 'X', value: 'Grüße' };
    expect(writeHeaderLines([field], utf8)).toBe('X: Grüße\r\n');
    expect(refusal(() => writeHeaderLines([field], ascii)).message).toContain('is not ASCII');
  });

  test('any value gives lines without CR, LF or NUL, or is refused', () => {
    const value = fc.array(fc.constantFrom('a', ' ', '\t', '\r', '\n', '\r\n ', '\0', 'é'));
    fc.assert(
      fc.property(value, (parts) => {
        let text: string;
        try {
          text = writeHeaderLines([{ name: 'X', value: parts.join('') }], utf8);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidMessageError);
          return;
        }
        const written = text.slice(0, -2).split('\r\n');
        expect(written.join('')).not.toMatch(/[\0\r\n]/);
        expect(written.slice(1).every((line) => /^[ \t]+[^ \t]/.test(line))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('dates', () => {
  test('RFC 5322 section 3.3', () => {
    expect(formatDate(new Date('2026-11-20T09:33:37.999Z'))).toBe(
      'Fri, 20 Nov 2026 09:33:37 +0000',
    );
    expect(formatDate(new Date('2026-11-02T00:00:00Z'))).toBe('Mon, 02 Nov 2026 00:00:00 +0000');
    expect(formatDate(new Date('2026-11-20T09:33:37.000Z'))).toBe(
      'Fri, 20 Nov 2026 09:33:37 +0000',
    );
  });

  test('any date of the years 1900 to 9999 reads back', () => {
    const date = fc.date({
      min: new Date('1900-01-01'),
      max: new Date('9999-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, (value) => {
        const text = formatDate(value);
        expect(text).toMatch(/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000$/);
        expect(Date.parse(text)).toBe(Math.floor(value.getTime() / 1000) * 1000);
      }),
      { numRuns: 200 },
    );
  });

  test.each([['invalid'], ['1899-12-31T23:59:59Z'], ['+010000-01-01T00:00:00Z']])(
    '%s is refused',
    (text) => {
      const error = refusal(() => formatDate(new Date(text)));
      expect(error.code).toBe('MESSAGE_FIELD_INVALID');
      expect(error.message).toContain('give a Date between 1900 and 9999');
    },
  );
});
