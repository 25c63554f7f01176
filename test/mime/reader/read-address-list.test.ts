import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LimitError, limits } from '../../../src/base/index.ts';
import { MailAddress, MailGroup, mailboxesOf, readAddressList } from '../../../src/mime/index.ts';
import { cpuMs } from '../../support/cpu-time.ts';

/** What was read, as plain values; a string is taken for UTF-8 octets. */
function read(value: string): unknown[] {
  const plain = ({ name, address }: MailAddress): unknown => [name, address];
  return readAddressList(Buffer.from(value).toString('latin1')).addresses.map((item) =>
    item instanceof MailGroup ? { [item.name]: item.members.map(plain) } : plain(item),
  );
}

const codesOf = (value: string): string[] =>
  readAddressList(value).problems.map(({ code }) => code);

describe('addresses as RFC 5322 has them', () => {
  test.each<[string, ...unknown[]]>([
    ['ann@example.com', ['', 'ann@example.com']],
    ['Ann Smith <ann@example.com>', ['Ann Smith', 'ann@example.com']],
    [
      '"Smith, Ann" <ann@example.com>, bob@example.com',
      ['Smith, Ann', 'ann@example.com'],
      ['', 'bob@example.com'],
    ],
    ['"Giant; \\"Big\\" Box" <box@example.net>', ['Giant; "Big" Box', 'box@example.net']],
    ['ann@example.com (Ann Smith)', ['Ann Smith', 'ann@example.com']],
    ['(Ann) ann@example.com', ['Ann', 'ann@example.com']],
    ['Ann (at (my) work) <ann@example.com>', ['Ann (at (my) work)', 'ann@example.com']],
    ['<ann@example.com> (Archive)', ['', 'ann@example.com']],
    ['Ann (at work) Smith <ann@example.com>', ['Ann Smith (at work)', 'ann@example.com']],
    ['(Dr) Ann <ann@example.com>', ['(Dr) Ann', 'ann@example.com']],
    ['Ann <=?utf-8?q?ann?=@example.com>', ['Ann', 'ann@example.com']],
    ['Ann <=?utf-8?q?=C3=A4nn?=@example.com>', ['Ann', 'änn@example.com']],
    [
      'Ann <=?utf-8?q?ann=40example.com?=@evil.example>',
      ['Ann', '=?utf-8?q?ann=40example.com?=@evil.example'],
    ],
    ['"a"b" c"@example.com', ['', '"ab c"@example.com']],
    ['"a b"@example.com', ['', '"a b"@example.com']],
    ['"ann"@example.com', ['', 'ann@example.com']],
    [
      'ann@[192.0.2.1], ann@[IPv6:2001:db8::1]',
      ['', 'ann@[192.0.2.1]'],
      ['', 'ann@[IPv6:2001:db8::1]'],
    ],
    ['=?utf-8?Q?J=C3=B6rg?= =?utf-8?Q?_Doe?= <j@example.com>', ['Jörg Doe', 'j@example.com']],
    ['"First" M. "Last" <x@example.com>', ['First M. Last', 'x@example.com']],
    ['Jörg <jörg@exämple.com>', ['Jörg', 'jörg@exämple.com']],
    [
      'A Group:Ed Jones <joe@where.test>,joe@where.test,John <jdoe@one.test>;',
      {
        'A Group': [
          ['Ed Jones', 'joe@where.test'],
          ['', 'joe@where.test'],
          ['John', 'jdoe@one.test'],
        ],
      },
    ],
    ['undisclosed-recipients:;', { 'undisclosed-recipients': [] }],
    ['Team: a@x.test;, b@x.test', { Team: [['', 'a@x.test']] }, ['', 'b@x.test']],
    ['', ...[]],
    [
      'Ann\r\n <ann@example.com>,\r\n\tbob@example.com',
      ['Ann', 'ann@example.com'],
      ['', 'bob@example.com'],
    ],
  ])('%j', (value, ...expected) => {
    expect(read(value)).toEqual(expected);
    expect(codesOf(Buffer.from(value).toString('latin1'))).toEqual([]);
  });

  test('what the strict parser writes is read back', () => {
    const name = fc
      .string({ unit: 'grapheme-ascii', maxLength: 12 })
      .map((it) => it.trim().replace(/\s+/g, ' '));
    const local = fc.string({
      unit: fc.constantFrom(...'abc.+@ "\\,;:<>()'),
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(name, local), { minLength: 1, maxLength: 4 }), (pairs) => {
        const addresses = pairs.flatMap(([it, part]) => {
          const quoted = `"${part.replace(/["\\]/g, '\\$&')}"@x.example`;
          return it.includes('=?') ? [] : [new MailAddress(quoted, it)];
        });
        const back = mailboxesOf(readAddressList(addresses.join(', ')).addresses);
        expect(back.map(String)).toEqual(addresses.map(String));
      }),
      { numRuns: 200 },
    );
  });
});

describe('addresses as mail has them', () => {
  test.each<[string, ...unknown[]]>([
    // RFC 5322 section 4.4 and appendix A.6.3.
    [
      'Pete(A wonderful \\) chap) <pete(his account)@silly.test(his host)>',
      ['Pete (A wonderful ) chap)', 'pete@silly.test'],
    ],
    ['Joe <@node.test,@relay.test:jdoe@one.test>', ['Joe', 'jdoe@one.test']],
    ['jdoe@test   . example', ['', 'jdoe@test.example']],
    ["c@(Chris's host.)public.example", ["Chris's host.", 'c@public.example']],
    [
      'A Group(Some people):Chris <c@public.example>;(the end of the group)',
      { 'A Group (Some people)': [['Chris', 'c@public.example']] },
    ],
    [
      ' , joe@where.test,,John <jdoe@one.test>,,',
      ['', 'joe@where.test'],
      ['John', 'jdoe@one.test'],
    ],
    // Broken in other ways.
    ['<https://example.com/list> (Archive)', ['Archive', 'https://example.com/list']],
    ['=?utf-8?q?Ann_=3Cann=40example.com=3E?=', ['Ann', 'ann@example.com']],
    ['=?utf-8?q?ann=40example.com?=', ['ann@example.com', '']],
    ['Name < so . many . spaces @ here . test >', ['Name', 'so.many.spaces@here.test']],
    [
      'Smith, Ann <ann@example.com>, bob@example.com',
      ['Smith, Ann', 'ann@example.com'],
      ['', 'bob@example.com'],
    ],
    [
      'ann@example.com; Bob <bob@example.com>;',
      ['', 'ann@example.com'],
      ['Bob', 'bob@example.com'],
    ],
    ['ann@example.com bob@example.com', ['', 'ann@example.com'], ['', 'bob@example.com']],
    [
      'Ann <ann@example.com> Bob <bob@example.com>',
      ['Ann', 'ann@example.com'],
      ['Bob', 'bob@example.com'],
    ],
    ['Ann ann@example.com', ['Ann', 'ann@example.com']],
    ['"Ann" ann@example.com', ['Ann', 'ann@example.com']],
    ['<ann@example.com> Ann', ['Ann', 'ann@example.com']],
    ['Ann <ann@example.com', ['Ann', 'ann@example.com']],
    [
      'Ann <ann@example.com, Bob <bob@example.com>',
      ['Ann', 'ann@example.com'],
      ['Bob', 'bob@example.com'],
    ],
    ['Ann < <ann@example.com>', ['Ann', 'ann@example.com']],
    ['Ann <ann@example.com>>', ['Ann', 'ann@example.com']],
    ['"Ann <ann@example.com>', ['Ann', 'ann@example.com']],
    ['ann@example.com (Ann', ['Ann', 'ann@example.com']],
    ['[LIST] Ann <ann@example.com>', ['[LIST] Ann', 'ann@example.com']],
    ['a@[b, c@d.test', ['', 'a@[b'], ['', 'c@d.test']],
    ['ann@example.com@example.org', ['', 'ann@example.com@example.org']],
    ['Postmaster', ['Postmaster', '']],
    ['root, postmaster', ['root', ''], ['postmaster', '']],
    ['Ann <>', ['Ann', '']],
    ['<>', ...[]],
    ['One: Two: a@x.test;, b@x.test', { One: [['', 'a@x.test']] }, ['', 'b@x.test']],
    [
      'Open: a@x.test, b@x.test',
      {
        Open: [
          ['', 'a@x.test'],
          ['', 'b@x.test'],
        ],
      },
    ],
    ['(nobody)', ['nobody', '']],
    // An encoded word is a name, whatever it says: it can not become an address.
    ['=?utf-8?B?YUBldmlsLnRlc3Q=?=', ['a@evil.test', '']],
    ['=?utf-8?Q?a=40evil.test=2C?= <b@x.test>', ['a@evil.test,', 'b@x.test']],
    ['=?utf-8?Q?a=0D=0ABcc:_x?= <b@x.test>', ['a Bcc: x', 'b@x.test']],
    ['a@x.test\nBcc: b@x.test', ['', 'a@x.test']],
  ])('%j', (value, ...expected) => {
    expect(read(value)).toEqual(expected);
  });

  test.each([
    ['Postmaster', 0],
    ['ok@x.test, ann@example.com bob@example.com', 27],
    ['Smith, Ann <ann@example.com>', 0],
    ['ok@x.test; other@x.test', 9],
    ['One: Two: a@x.test;', 8],
    ['Open: a@x.test', 0],
    ['ok@x.test, a@b@c', 11],
    ['ok@x.test, Ann <a@x.test', 15],
    ['Ann a@x.test>', 12],
    ['ok@x.test, "Ann <a@x.test>', 11],
    ['a@x.test (Ann', 9],
    ['a@x.test)', 8],
    ['@relay.test:ann@x.test', 11],
  ])('%j is told to be wrong', (value, offset) => {
    const { problems } = readAddressList(value);
    expect(problems).toEqual([
      {
        code: 'address-invalid',
        message: 'The address is not as the standards have it; it was read as well as it could be',
        offset,
        line: 1,
      },
    ]);
  });
});

describe('hostile fields', () => {
  test('more addresses than the limit', () => {
    const flood = 'a@b,'.repeat(limits.addresses + 1);
    expect(() => readAddressList(flood)).toThrow(LimitError);
    expect(() => readAddressList(flood)).toThrow("is over the limit 'addresses' of 100000");
  });

  test.each([
    'a <a@b.c>, ',
    '"a\\"',
    'a:',
    ',',
    '(',
    '()',
    '(a) ',
    'a <a@b> ',
    'a ',
    'a@ ',
    '@',
    'a,',
    '"',
    '\\',
    '[',
    ';',
    '"a"@',
    '<"a',
    '<a,',
    '<',
    '. ',
    '=?utf-8?q?',
    '"\\"',
  ])('a flood of %j costs linear time', (piece) => {
    const time = (octets: number): number => {
      const flood = `${piece.repeat(octets / piece.length)} x@y.test`;
      return cpuMs(() => {
        try {
          readAddressList(flood);
        } catch (error) {
          if (!(error instanceof LimitError)) throw error;
        }
      });
    };
    // A quadratic reader needs minutes for this.
    expect(time(500_000)).toBeLessThan(1500);
  });

  test('any text is read without a throw', () => {
    const piece = fc.constantFrom(
      ...'"\\()<>[]@,;:. \t=?',
      'a',
      'é',
      '\r\n ',
      '=?utf-8?q?a?=',
      'a@b.c',
      '<a@b.c>',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        for (const { name, address } of mailboxesOf(readAddressList(pieces.join('')).addresses)) {
          expect(`${name}${address}`).toMatch(/^[^\r\n\0]+$/);
        }
      }),
      { numRuns: 300 },
    );
  });
});
