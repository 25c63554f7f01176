import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeWords, encodeWords } from '../../src/codec/index.ts';
import { expectLinear } from '../support/linear.ts';
import { libmime, raw, wellFormed } from './oracles.ts';

const word =
  /^=\?utf-8\?(?:Q\?[^\s?=_]*(?:(?:=[0-9A-F]{2}|_)[^\s?=_]*)*|B\?[A-Za-z0-9+/]+={0,2})\?=$/;
const phraseWord =
  /^=\?utf-8\?(?:Q\?(?:[A-Za-z0-9!*+\-/_]|=[0-9A-F]{2})*|B\?[A-Za-z0-9+/]+={0,2})\?=$/;
const hard = fc.constantFrom(
  '👩‍👩‍👧',
  '\u202eשלום',
  ' ',
  '  ',
  '\0',
  '\r\n',
  '\t',
  '\ufeff',
  '=?',
  '?=',
  '_',
  'é',
  '日本語',
  '=?utf-8?Q?x?=',
  '"',
  '\\',
);
const text = fc
  .array(
    fc.oneof(hard, fc.string({ unit: 'binary', maxLength: 20 }), fc.string({ maxLength: 30 })),
    { maxLength: 12 },
  )
  .map((parts) => wellFormed(parts.join('')));

describe('encodeWords', () => {
  test('few octets above 127 go out in Q, many in B', () => {
    const options = { phrase: false, firstLineRoom: 60 };
    expect(encodeWords('Grüße, aus der Stadt', options)).toEqual([
      '=?utf-8?Q?Gr=C3=BC=C3=9Fe,_aus_der_Stadt?=',
    ]);
    expect(encodeWords('日本語', options)).toEqual(['=?utf-8?B?5pel5pys6Kqe?=']);
  });

  test('in a phrase only what RFC 2047 section 5 (3) allows is left as it is', () => {
    expect(encodeWords('Ann "é" (x), Bob', { phrase: true, firstLineRoom: 75 })).toEqual([
      '=?utf-8?B?QW5uICLDqSIgKHgpLCBCb2I=?=',
    ]);
    expect(encodeWords('Ann é, Bob Quinton Smith', { phrase: true, firstLineRoom: 75 })).toEqual([
      '=?utf-8?Q?Ann_=C3=A9=2C_Bob_Quinton_Smith?=',
    ]);
  });

  test('empty text gives no word, a lone surrogate U+FFFD', () => {
    expect(encodeWords('', { phrase: false, firstLineRoom: 60 })).toEqual([]);
    expect(
      decodeWords(encodeWords('a\ud800b', { phrase: false, firstLineRoom: 60 }).join(' ')),
    ).toBe('a\ufffdb');
  });

  test('the first line may be short, further lines too', () => {
    const long = 'é'.repeat(100);
    expect(encodeWords(long, { phrase: false, firstLineRoom: 30 })[0]?.length).toBeLessThanOrEqual(
      30,
    );
    expect(encodeWords(long, { phrase: false, firstLineRoom: 23 })[0]?.length).toBeGreaterThan(60);
    expect(encodeWords(long, { phrase: false, firstLineRoom: -5 })[0]?.length).toBeGreaterThan(60);
    for (const one of encodeWords(long, { phrase: true, firstLineRoom: 400, lineRoom: 40 }).slice(
      1,
    )) {
      expect(one.length).toBeLessThanOrEqual(40);
    }
    expect(encodeWords(long, { phrase: true, firstLineRoom: 400 })[0]?.length).toBeLessThanOrEqual(
      75,
    );
  });

  test('any text: words are short, readable alone, and give the text back', () => {
    fc.assert(
      fc.property(
        text,
        fc.boolean(),
        fc.integer({ min: 0, max: 80 }),
        (value, phrase, firstLineRoom) => {
          const words = encodeWords(value, { phrase, firstLineRoom });
          for (const one of words) {
            expect(one.length).toBeLessThanOrEqual(75);
            expect(one).toMatch(phrase ? phraseWord : word);
          }
          if (firstLineRoom >= 24) expect(words[0]?.length ?? 0).toBeLessThanOrEqual(firstLineRoom);
          expect(decodeWords(words.join(' '))).toBe(value);
          expect(decodeWords(words.join('\r\n '))).toBe(value);
          expect(words.map((one) => decodeWords(one)).join('')).toBe(value);
          if (!value.includes('\ufeff')) expect(libmime.decodeWords(words.join(' '))).toBe(value);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('decodeWords', () => {
  test.each([
    ['Q', '=?utf-8?Q?Hello_W=C3=B6rld?= x', 'Hello Wörld x'],
    ['B', 'x =?UTF-8?b?w6k=?=', 'x é'],
    ['adjacent words lose the blank between them', '=?utf-8?B?w6k=?= \r\n =?UTF-8?B?w6k=?=', 'éé'],
    ['adjacent words without a blank', '=?utf-8?B?w6k=?==?utf-8?Q?=C3=A9?=', 'éé'],
    ['adjacent words of two charsets', '=?utf-8?Q?=C3=A9?= =?iso-8859-2?Q?=B1?=', 'éą'],
    ['blanks beside other text stay', 'a =?utf-8?Q?b?=  c', 'a b  c'],
    ['a character divided between words', '=?utf-8?Q?=E3?= =?utf-8?B?gYI=?=', 'あ'],
    [
      'a shift state divided between words',
      '=?iso-2022-jp?B?GyRCJDM=?= =?iso-2022-jp?B?JHMbKEI=?=',
      'こん',
    ],
    ['a raw octet inside of a word', '=?iso-8859-1?Q?Fr\xf6sche?=', 'Frösche'],
    ['raw UTF-8 inside of a word', raw('=?utf-8?Q?Frösche_=C3=A9?='), 'Frösche é'],
    ['raw octets around a word', 'caf\xe9 =?utf-8?Q?y?= \x93z\x94', 'café y “z”'],
    ['raw UTF-8 around a word', raw('café =?utf-8?Q?y?= 日'), 'café y 日'],
    ['a language (RFC 2231 section 5)', '=?us-ascii*en-us?Q?this_is?=', 'this is'],
    ['blanks inside', '=?utf-8?Q?Are you?=', 'Are you'],
    ['a question mark inside', '=?UTF-8?Q?Are you there??=', 'Are you there?'],
    ['a quoted charset', '=?"utf-8"?Q?=C3=A9?=', 'é'],
    ['us-ascii under another name', '=?ansi_x3.4-1968?Q?abc?=', 'abc'],
    ['unknown-8bit', '=?unknown-8bit?Q?caf=E9?=', 'café'],
    ['ASCII in an unknown charset', '=?x-foo?B?VEVTVA=?= =?NONE?Q?!?=', 'TEST!'],
    ['UTF-16 with its mark', '=?utf-16?B?//5DAGEAZgDpAA==?=', 'Café'],
    ['a false escape', '=?utf-8?Q?50=_a=ZZ=4?=', '50= a=ZZ=4'],
    ['words in other text', 'a=?utf-8?Q?b?=c', 'abc'],
    ['empty words', '=?utf-8?Q??==?utf-8?B??=', ''],
  ])('%s', (_, value, expected) => {
    expect(decodeWords(value)).toBe(expected);
  });

  test.each([
    ['text that is not ASCII in an unknown charset', 'a =?x-foo?Q?=E9?= c'],
    ['the same in base64', '=?x-foo?B?6Q==?='],
    ['UTF-7', '=?utf-7?Q?+AGE-?='],
    ['an unknown encoding', '=?utf-8?X?b?='],
    ['text that is not base64', '=?utf-8?B?hello, world!?='],
    ['a word without an end', '=?utf-8?Q?b'],
    ['nothing like a word', '=? ?= = ?'],
    ['names of properties', '=?constructor?Q?=E9?= =?__proto__?Q?=E9?='],
  ])('%s stays as it is', (_, value) => {
    expect(decodeWords(value)).toBe(value);
  });

  test('a word that was not closed does not swallow the next', () => {
    expect(decodeWords('=?utf-8?q?abc =?utf-8?q?def?=')).toBe('=?utf-8?q?abc def');
  });

  test('takes linear time on floods', () => {
    expectLinear((n) => void decodeWords('=?utf-8?q?'.repeat(n)), 25_000);
    expectLinear((n) => void decodeWords(`${'=?utf-8?q?'.repeat(n)}?=`), 25_000);
    expectLinear((n) => void decodeWords('=?'.repeat(n)), 100_000);
    expectLinear((n) => void decodeWords('=?utf-8?q?a?= '.repeat(n)), 10_000);
    expectLinear((n) => void decodeWords(`=?utf-8?q?a?=${' '.repeat(n)}b`), 300_000);
    expectLinear((n) => void decodeWords('=?x-foo?b?a?='.repeat(n)), 20_000);
  });
});
