// Calendars that are not as they should be: read as far as they go, with problems; and those that are meant to harm.
import fc from 'fast-check';
import { Appointment, Calendar } from 'posthorn/calendar';
import { describe, expect, it } from 'vitest';
import { cpuMs } from '../support/cpu-time.ts';
import { event, ics, linesOf, names, only } from './support/events.ts';

const codes = (text: string | Uint8Array): string[] =>
  Calendar.parse(text).problems.map(({ code }) => code);

describe('malformed calendars', () => {
  it.each([
    ['a line that is none', event('DTSTART:20260302', 'no colon here'), ['LINE_UNREADABLE']],
    [
      'nothing closed',
      'BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTAMP:20260101T000000Z\nDTSTART:20260302',
      ['COMPONENT_UNBALANCED'],
    ],
    ['an END too many', `${event('DTSTART:20260302')}END:VEVENT`, ['COMPONENT_UNBALANCED']],
    [
      'no calendar around',
      'BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260302\r\nEND:VEVENT',
      ['OUTSIDE_CALENDAR'],
    ],
    [
      'UID and DTSTAMP missing',
      ics('BEGIN:VEVENT', 'DTSTART:20260302', 'END:VEVENT'),
      ['PROPERTY_MISSING', 'PROPERTY_MISSING'],
    ],
    ['two beginnings', event('DTSTART:20260302', 'DTSTART:20260303'), ['PROPERTY_REPEATED']],
    ['no time', event('DTSTART:2026-99-99'), ['TIME_INVALID']],
    ['no rule', event('DTSTART:20260302', 'RRULE:COUNT=3'), ['RULE_INVALID']],
    [
      'half a rule',
      event('DTSTART:20260302', 'RRULE:FREQ=DAILY;BYDAY=XX;COUNT=2'),
      ['RULE_INVALID'],
    ],
    ['a zone nobody knows', event('DTSTART;TZID=Mars:20260302T100000'), ['ZONE_UNKNOWN']],
    [
      'the end first',
      event('DTSTART:20260302T100000', 'DTEND:20260302T090000'),
      ['END_BEFORE_START'],
    ],
  ])('%s', (_name, text, expected) => {
    expect(codes(text)).toEqual(expected);
    expect(Calendar.parse(text).appointments).toHaveLength(1);
  });

  it('says where', () => {
    const [problem] = Calendar.parse(
      'BEGIN:VCALENDAR\r\nSUMMARY:a\r\n b\r\nbad\r\nEND:VCALENDAR',
    ).problems;
    expect(problem).toEqual({
      code: 'LINE_UNREADABLE',
      message: "No property, left out: 'bad'",
      line: 4,
    });
  });

  it('lower case, marks, other line ends, folds within characters, other charsets', () => {
    const text = event('dtstart;value=date:20260302', 'summary;language=de:Grüße').replaceAll(
      '\r\n',
      '\n',
    );
    expect(only(`\ufeff${text}`.toLowerCase()).summary).toBe('grüße');
    expect(only(text.replaceAll('\n', '\r')).summary).toBe('Grüße');
    expect(only(text.replace('summary', 'X-A:1\r\r\nSUMMARY')).summary).toBe('Grüße');
    const octets = Buffer.from(event('DTSTART:20260302', 'SUMMARY:Grüße'));
    const at = octets.indexOf(0xbc);
    const folded = Buffer.concat([
      octets.subarray(0, at),
      Buffer.from('\r\n '),
      octets.subarray(at),
    ]);
    expect(Calendar.parse(folded).appointments[0]?.summary).toBe('Grüße');
    const latin = Buffer.from(event('DTSTART:20260302', 'SUMMARY:Grüße'), 'latin1');
    expect(Calendar.parse(latin).appointments[0]?.summary).toBe('Grüße');
    expect(codes(latin)).toEqual(['CHARSET_GUESSED']);
    const wide = Buffer.from(`\ufeff${event('DTSTART:20260302', 'SUMMARY:Grüße')}`, 'utf16le');
    expect(Calendar.parse(wide).appointments[0]?.summary).toBe('Grüße');
  });

  it('zones as programs name them, and as the file describes them', () => {
    const zoneOf = (name: string, ...lines: string[]): string | undefined =>
      Calendar.parse(
        ics(
          ...lines,
          'BEGIN:VEVENT',
          'UID:a',
          `DTSTART;TZID="${name}":20260702T100000`,
          'END:VEVENT',
        ),
      ).appointments[0]?.start?.toISOString();
    const paris = '2026-07-02T08:00:00.000Z';
    expect(zoneOf('/freeassociation.sourceforge.net/Europe/Paris')).toBe(paris);
    expect(zoneOf('/mozilla.org/20050126_1/America/Argentina/Salta')).toBe(
      '2026-07-02T13:00:00.000Z',
    );
    expect(zoneOf('romance standard time')).toBe(paris);
    const described = [
      ...[
        'BEGIN:VTIMEZONE',
        'TZID:Own',
        'BEGIN:STANDARD',
        'DTSTART:19701025T030000',
        'TZOFFSETFROM:+0200',
      ],
      ...[
        'TZOFFSETTO:+0100',
        'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
        'END:STANDARD',
        'BEGIN:DAYLIGHT',
      ],
      ...['DTSTART:19700329T020000', 'TZOFFSETFROM:+0100', 'TZOFFSETTO:+0200'],
      ...['RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU', 'END:DAYLIGHT', 'END:VTIMEZONE'],
    ];
    expect(zoneOf('Own', ...described)).toBe(paris);
    expect(zoneOf('Own')).toBe('2026-07-02T10:00:00.000Z');
  });

  it('dates that end rules, days that are excluded, ranges that move', () => {
    expect(
      names(event('DTSTART:20260302T100000Z', 'RRULE:FREQ=DAILY;UNTIL=20260304')),
    ).toHaveLength(3);
    expect(
      names(
        event('DTSTART:20260302T100000', 'RRULE:FREQ=DAILY;COUNT=3', 'EXDATE;VALUE=DATE:20260303'),
      ),
    ).toEqual(['20260302T100000', '20260304T100000']);
    const moved = Calendar.parse(
      ics(
        ...[
          'BEGIN:VEVENT',
          'UID:a',
          'DTSTART:20260302T100000Z',
          'RRULE:FREQ=DAILY;COUNT=4',
          'END:VEVENT',
        ],
        ...[
          'BEGIN:VEVENT',
          'UID:a',
          'RECURRENCE-ID;RANGE=THISANDFUTURE:20260304T100000Z',
          'DTSTART:20260304T130000Z',
          'END:VEVENT',
        ],
      ),
    ).appointments[0];
    expect([...(moved?.occurrences() ?? [])].map(({ start }) => start.getUTCHours())).toEqual([
      10, 10, 13, 13,
    ]);
  });

  it('what is not known is kept', () => {
    const text = event(
      'DTSTART:20260302',
      'X-OWN;X-PARAM="a;b",c:v\\alue;, as it is',
      'BEGIN:X-INNER',
      'FUTURE:1',
      'END:X-INNER',
    );
    expect(String(Calendar.parse(text))).toBe(text);
  });
});

describe('hostile calendars', () => {
  const within = (ms: number, work: () => void): void => {
    expect(cpuMs(work)).toBeLessThan(ms);
  };

  it('rules that never match come to an end', () => {
    for (const rule of [
      'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
      'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31',
      'FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30',
      'FREQ=HOURLY;INTERVAL=4;BYHOUR=11',
      'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=300',
      'FREQ=YEARLY;BYHOUR=1;BYSETPOS=366;BYMONTH=1',
    ]) {
      within(2000, () =>
        expect(names(event('DTSTART:20260302T100000', `RRULE:${rule}`))).toHaveLength(1),
      );
    }
  });

  it('rules without end are given one at a time, and from the middle', () => {
    const endless = only(event('DTSTART:20000101T000000Z', 'RRULE:FREQ=SECONDLY'));
    const from = new Date('2026-03-02T10:00:00Z');
    within(1000, () => {
      const [first] = endless.occurrences({ from });
      expect(first?.start).toEqual(from);
    });
    const counted = only(event('DTSTART:20000101T000000Z', 'RRULE:FREQ=SECONDLY;COUNT=900000000'));
    expect(() => [...counted.occurrences({ from, limit: 1 })]).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED', limit: 'occurrences' }),
    );
  });

  it('large lists of BYxxx are never made whole', () => {
    const all = (most: number): string =>
      Array.from({ length: most }, (_, index) => index).join(',');
    const rule = `RRULE:FREQ=YEARLY;BYHOUR=${all(24)};BYMINUTE=${all(60)};BYSECOND=${all(60)}`;
    within(2000, () => expect(names(event('DTSTART:20260302T100000', rule), 50)).toHaveLength(50));
  });

  it('size, depth and number have bounds', () => {
    const deep = `BEGIN:VCALENDAR\r\n${'BEGIN:A\r\n'.repeat(60)}`;
    expect(() => Calendar.parse(deep)).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED', limit: 'calendarDepth' }),
    );
    expect(() => Calendar.parse('x'.repeat(67_108_865))).toThrow(
      'The size of the calendar is over',
    );
  });

  it.each([
    ['folds', '\r\n '],
    ['parameters', ';A=B'],
    ['quotes', ';A="'],
    ['commas', ';A=b,'],
    ['carets', '^n'],
    ['backslashes', '\\'],
    ['lines', '\r\nX:1'],
    ['components', '\r\nBEGIN:X\r\nEND:X'],
    ['exceptions', '\r\nEXDATE:20260302T100000'],
    ['attendees', '\r\nATTENDEE:mailto:a@b'],
  ])('half a megabyte of %s takes its time and no more', (_name, piece) => {
    const text = event(
      `DTSTART:20260302T100000\r\nSUMMARY${piece.repeat(500_000 / piece.length)}:x`,
    );
    within(3000, () => {
      const calendar = Calendar.parse(text);
      for (const appointment of calendar.appointments) {
        for (const _ of appointment.occurrences({ limit: 5 }));
        void [appointment.attendees, appointment.summary, appointment.categories];
      }
      String(calendar);
    });
  });

  it('nothing that is given ends a line', () => {
    const lineBreaking = fc
      .array(
        fc.constantFrom(
          '\r',
          '\n',
          '\0',
          '\r\n',
          ' ',
          ':',
          ';',
          ',',
          '"',
          '^',
          '\\',
          'BEGIN:VEVENT',
          'é',
          '🎺',
          '\u2028',
          'a'.repeat(80),
        ),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(lineBreaking, lineBreaking, (text, other) => {
        const made = new Appointment({
          start: '2026-03-02',
          uid: `u${text}`,
          summary: text,
          htmlDescription: other,
          categories: [other],
          attachments: [{ filename: text, content: other }],
          reminders: [{ minutesBefore: 1, description: other }],
          properties: { 'X-A': text },
        });
        const written = String(made.publish({ comment: text }).content);
        const lines = written.split('\r\n');
        expect(lines.filter((line) => /[\0-\x08\x0a-\x1f]/.test(line))).toEqual([]);
        expect(lines.filter((line) => Buffer.byteLength(line) > 75)).toEqual([]);
        expect(linesOf(written).filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(1);
        const read = only(written);
        const settled = (value: string): string =>
          value.replace(/\r\n?/g, '\n').replaceAll('\0', '');
        expect(read.summary).toBe(settled(text));
      }),
      { numRuns: 100 },
    );
  });

  it('names of people can carry anything but lines', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', '^', ',', ';', ':', 'é', 'n', "'") }),
        (name) => {
          const made = new Appointment({
            start: '2026-03-02',
            organizer: { name, address: 'ann@example.com' },
            attendees: { name, address: 'bob@example.com' },
          });
          const read = only(String(made.request().content));
          expect([read.organizer?.name, read.attendees[0]?.name]).toEqual([name, name]);
        },
      ),
      { numRuns: 100 },
    );
  });
});
