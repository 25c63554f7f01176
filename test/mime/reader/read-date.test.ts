import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDate, readDate } from '../../../src/mime/index.ts';
import { cpuMs } from '../../support/cpu-time.ts';

describe('dates', () => {
  test.each([
    // RFC 5322 section 3.3, appendix A.
    ['Fri, 21 Nov 1997 09:55:06 -0600', '1997-11-21T15:55:06Z'],
    ['21 Nov 1997 09:55 +0000', '1997-11-21T09:55:00Z'],
    [
      ' Thu,\r\n      13\r\n        Feb\r\n          1969\r\n      23:32\r\n               -0330 (Newfoundland Time)',
      '1969-02-14T03:02:00Z',
    ],
    ['Mon, 31 Dec 2012 23:59:60 +0000', '2013-01-01T00:00:00Z'],
    // RFC 5322 section 4.3, obsolete.
    ['21 Nov 97 09:55:06 GMT', '1997-11-21T09:55:06Z'],
    ['21 Nov 49 09:55:06 EST', '2049-11-21T14:55:06Z'],
    ['21 Nov 50 09:55:06 pdt', '1950-11-21T16:55:06Z'],
    ['21 Nov 102 09:55:06 UT', '2002-11-21T09:55:06Z'],
    ['Fri, 21 Nov 1997 09(comment):   55  :  06 -0600', '1997-11-21T15:55:06Z'],
    ['Fri, 21 Nov 1997 09:55:06 Z', '1997-11-21T09:55:06Z'],
    ['Fri, 21 Nov 1997 09:55:06 A', '1997-11-21T09:55:06Z'],
    // Met in mail.
    ['Fri, 21 November 1997 09:55:06', '1997-11-21T09:55:06Z'],
    ['Fri Nov 21 09:55:06 1997', '1997-11-21T09:55:06Z'],
    ['Fri Nov 21 09:55:06 EST 1997', '1997-11-21T14:55:06Z'],
    ['21-Nov-1997 09:55:06 +0100', '1997-11-21T08:55:06Z'],
    ['1997-11-21T09:55:06.123+01:00', '1997-11-21T08:55:06Z'],
    ['1997-11-21 09:55:06', '1997-11-21T09:55:06Z'],
    ['18 Feb 01 12:29:13 AM', '2001-02-18T00:29:13Z'],
    ['18 Feb 01 12:29:13 PM', '2001-02-18T12:29:13Z'],
    ['18 Feb 01 1:29:13 PM -0100', '2001-02-18T14:29:13Z'],
    ['Fri, 21 Nov 1997 09:55:06 GMT+0100', '1997-11-21T08:55:06Z'],
    ['Fri, 21 Nov 1997 09:55:06 +0900 (JST) trailing words 12', '1997-11-21T00:55:06Z'],
    ['Monday, 21 Nov 1997 09:55:06 -0000', '1997-11-21T09:55:06Z'],
    ['Tue, 029 Apr 2019 23:34:45 -0800', '2019-04-30T07:34:45Z'],
    ['Sat, 29 Feb 2020 00:00:00 +2359', '2020-02-28T00:01:00Z'],
  ])('%j', (value, instant) => {
    expect(readDate(value)?.toISOString().replace('.000', '')).toBe(instant);
  });

  test.each([
    '',
    'yesterday',
    '21 Nov 1997',
    'Fri, 21 Foo 1997 09:55:06 +0000',
    'Fri, 31 Nov 1997 09:55:06 +0000',
    'Sat, 29 Feb 2021 00:00:00 +0000',
    'Fri, 21 Nov 1997 24:00:00 +0000',
    'Fri, 21 Nov 1997 09:60:00 +0000',
    'Fri, 21 Nov 1997 09:55:61 +0000',
    'Fri, 21 Nov 1997 13:55:06 PM',
    'Fri, 21 Nov 1997 0:55:06 PM',
    'Fri, 21 Nov 1997 09:55:06 +9999',
    'Fri, 0 Nov 1997 09:55:06 +0000',
    'Tue, 7 Apr 2026 10:00:t <x@example.com>',
    '1997-13-21T09:55:06Z',
    '09:55:06 +0000',
    '21 Nov 0097 09:55:06 +0000',
    'Invalid Date',
  ])('%j is none', (value) => {
    expect(readDate(value)).toBeUndefined();
  });

  test('what the writer writes', () => {
    const date = fc.date({
      min: new Date('1900-01-01'),
      max: new Date('9999-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, (written) => {
        written.setUTCMilliseconds(0);
        expect(readDate(formatDate(written))).toEqual(written);
      }),
    );
  });

  test('any text is read without a throw, and a date is a date', () => {
    const piece = fc.constantFrom(
      'Fri,',
      '21',
      'Nov',
      '1997',
      '09:55',
      ':06',
      '+0100',
      '-',
      '(',
      ')',
      'PM',
      'EST',
      '9999',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const read = readDate(pieces.join(' '));
        expect(read === undefined || !Number.isNaN(read.getTime())).toBe(true);
      }),
    );
  });

  test('a long field costs no time', () => {
    const floods = ['(', ')', ' ', '1', '1:', ':', '+', 'a', '1 ', 'x(y) '];
    const read = (flood: string): unknown => readDate(flood.repeat(1_000_000 / flood.length));
    expect(cpuMs(() => floods.map(read))).toBeLessThan(1500);
  });
});
