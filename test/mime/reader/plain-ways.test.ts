// The short ways for well-written fields give what the long ways give. A comment leads to the long way and is nothing.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeParameters } from '../../../src/codec/index.ts';
import { readPlainParameters } from '../../../src/codec/plain-parameters.ts';
import { readAddressList, readDate } from '../../../src/mime/index.ts';
import { readPlainAddresses } from '../../../src/mime/reader/plain-addresses.ts';

const joined = (pieces: readonly string[]): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...pieces), { maxLength: 5 }).map((list) => list.join(''));

test('parameters', () => {
  const raw = fc.tuple(
    fc.constantFrom('text/plain', ' multipart/mixed ', 'attachment', 'base64', 'x', ''),
    joined([
      '; ',
      ';',
      'a',
      'name',
      'Name',
      '=',
      '"',
      '"b c"',
      '=_x',
      ' ',
      '\t',
      "'",
      '=?',
      'é',
      '/',
    ]),
    joined(['; charset=utf-8', '; name="a b"', ';x=', ' ;format=flowed', ';N=1', ';n=2', ';']),
  );
  let short = 0;
  fc.assert(
    fc.property(raw, (pieces) => {
      const text = pieces.join('');
      const plain = readPlainParameters(text);
      if (plain === undefined) return;
      short += 1;
      const long = decodeParameters(`${text} (c)`);
      expect(plain.value).toBe(long.value);
      expect([...plain.parameters]).toEqual([...long.parameters]);
    }),
    { numRuns: 2000 },
  );
  expect(short).toBeGreaterThan(50);
});

test('addresses', () => {
  const names = ['Ann ', 'Ann', 'Ann Q. Smith ', '"Smith, Ann" ', '" a" ', "O'Hara ", 'A  B ', ''];
  const words = ['=?utf-8?Q?=C3=A4_b?= ', '=?utf-8?Q?x?= =?utf-8?Q?y?= ', '=?utf-8?Q?x ', '=?'];
  const mailbox = fc
    .tuple(
      fc.constantFrom(...names, ...words),
      fc.constantFrom('<ann@example.com>', 'b.c@example.com', '<b..c@x.test>', '<a@b.>', '<>'),
      fc.constantFrom(',', ', ', ' ,', '', ' ', ';'),
    )
    .map((pieces) => pieces.join(''));
  const raw = fc.array(mailbox, { maxLength: 3 }).map((list) => list.join(''));
  let short = 0;
  fc.assert(
    fc.property(raw, (text) => {
      const plain = readPlainAddresses(text, {});
      if (plain === undefined || plain.length === 0) return;
      short += 1;
      const { addresses, problems } = readAddressList(`${text}, (c)`);
      const long = addresses.map((found) => [found.name, 'address' in found && found.address]);
      expect(plain.map(({ name, address }) => [name, address])).toEqual(long);
      expect(problems).toEqual([]);
    }),
    { numRuns: 3000 },
  );
  expect(short).toBeGreaterThan(50);
});

test('dates', () => {
  const number = (most: number): fc.Arbitrary<string> =>
    fc.nat(most).map((n) => String(n).padStart(2, '0'));
  const pieces = fc.tuple(
    fc.constantFrom('', 'Thu, ', ' Sat, ', 'May, '),
    fc.constantFrom('1', '28', '31', '00'),
    fc.constantFrom(' Jan ', ' Feb ', ' Sep ', ' Foo '),
    fc.constantFrom('1970', '2024', '2999'),
    fc.tuple(number(25), number(60), number(61)).map((time) => ` ${time.join(':')} `),
    fc.tuple(fc.constantFrom('+', '-'), number(25), number(60)).map((zone) => zone.join('')),
    fc.constantFrom('', ' (CET)', ' GMT', ' x'),
  );
  fc.assert(
    fc.property(pieces, (list) => {
      const text = list.join('');
      expect(readDate(text)?.getTime()).toBe(readDate(`(c) ${text}`)?.getTime());
    }),
    { numRuns: 1000 },
  );
});
