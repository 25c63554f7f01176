import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FormatError } from '../../../src/base/index.ts';
import { clockOfMinutes, firstDateTime } from '../../../src/mapi/calendar/first-date-time.ts';
import {
  type AppointmentRecurrence,
  NEVER_ENDS,
  PatternType,
  RecurFrequency,
  RecurrenceEnd,
  readAppointmentRecurrence,
  readTaskRecurrence,
  writeAppointmentRecurrence,
  writeTaskRecurrence,
} from '../../../src/mapi/index.ts';

const minutes = (year: number, month: number, day: number): number =>
  (Date.UTC(year, month - 1, day) - Date.UTC(1601, 0, 1)) / 60_000;

/** Weekly on Friday, 12:00 to 13:00: one deleted, one on another day with another subject, one with another place. */
const lunch: AppointmentRecurrence = {
  readerVersion: 0x3004,
  writerVersion: 0x3004,
  recurFrequency: RecurFrequency.weekly,
  patternType: PatternType.week,
  calendarType: 0,
  firstDateTime: 8640,
  period: 1,
  slidingFlag: 0,
  weekdays: 32,
  dayOfMonth: 0,
  nth: 0,
  endType: RecurrenceEnd.date,
  occurrenceCount: 52,
  firstDayOfWeek: 0,
  deletedDates: [minutes(2023, 1, 6), minutes(2023, 1, 13), minutes(2023, 1, 20)],
  modifiedDates: [minutes(2023, 1, 9), minutes(2023, 1, 20)],
  startDate: minutes(2023, 1, 6),
  endDate: minutes(2023, 12, 29),
  readerVersion2: 0x3006,
  writerVersion2: 0x3009,
  startTimeOffset: 720,
  endTimeOffset: 780,
  exceptions: [
    {
      start: minutes(2023, 1, 9) + 720,
      end: minutes(2023, 1, 9) + 780,
      originalStart: minutes(2023, 1, 13) + 720,
      overrideFlags: 0x1,
      subject: 'Mittag – 日本',
    },
    {
      start: minutes(2023, 1, 20) + 720,
      end: minutes(2023, 1, 20) + 800,
      originalStart: minutes(2023, 1, 20) + 720,
      overrideFlags: 0x231,
      location: 'Room 2',
      busyStatus: 3,
      reminderDelta: 30,
      reminderSet: 1,
      subType: 0,
      meetingType: 1,
      attachment: 1,
      color: 4,
      subject: 'x',
    },
  ],
  reserved1: new Uint8Array(0),
  reserved2: new Uint8Array(0),
  rest: new Uint8Array(0),
};

describe('the recurrence of an appointment', () => {
  const octets = writeAppointmentRecurrence(lunch);

  test('comes back with its exceptions', () => {
    const read = readAppointmentRecurrence(octets);
    expect(read).toMatchObject({
      ...lunch,
      reserved1: expect.anything(),
      reserved2: expect.anything(),
      rest: expect.anything(),
      exceptions: [
        { ...lunch.exceptions[0], overrideFlags: 0x001 },
        { ...lunch.exceptions[1], overrideFlags: 0x3ff },
      ],
    });
    expect(writeAppointmentRecurrence(read)).toEqual(octets);
  });

  test('has its fields where the specification has them', () => {
    const bytes = Buffer.from(octets);
    expect(bytes.toString('hex', 0, 22)).toBe(
      '04300430' + '0b200100' + '0000' + 'c0210000' + '01000000' + '00000000',
    );
    expect(bytes.readUInt32LE(22)).toBe(32);
    expect(bytes.readUInt32LE(26)).toBe(0x2021);
  });

  test('the subject in the code page of the message, when there is no other', () => {
    const old = { ...lunch, writerVersion2: 0x3008, exceptions: lunch.exceptions.slice(0, 1) };
    old.exceptions = lunch.exceptions
      .slice(0, 1)
      .map((each) => ({ ...each, ansiSubject: Buffer.from([0xcf, 0xf0, 0xe8]), subject: 'x' }));
    const written = writeAppointmentRecurrence(old);
    // Without the extended exceptions, as the oldest programs wrote.
    const cut = written.subarray(0, written.length - 4 - 4 - 12 - 4 - 4 - 4);
    expect(readAppointmentRecurrence(cut, 1251).exceptions[0]?.subject).toBe('При');
  });

  test('octets behind the end are kept', () => {
    const more = Buffer.concat([octets, Buffer.from([0, 0, 0, 7])]);
    const read = readAppointmentRecurrence(more);
    expect([...read.rest]).toEqual([0, 0, 0, 7]);
    expect(writeAppointmentRecurrence(read)).toEqual(more);
  });

  test('what is cut short is refused, wherever', () => {
    for (let length = 0; length < octets.length - 60; length += 3) {
      let error: unknown;
      try {
        readAppointmentRecurrence(octets.subarray(0, length));
      } catch (thrown) {
        error = thrown;
      }
      if (error === undefined) continue;
      expect(error).toBeInstanceOf(FormatError);
      expect(error).toMatchObject({
        code: 'FORMAT_INVALID',
        message:
          'The recurrence pattern is cut short or damaged; leave it out, or use the file it came from',
      });
    }
    expect(() => readAppointmentRecurrence(octets.subarray(0, 40))).toThrow(FormatError);
  });

  test('hostile counts take no memory, any octets no other error', () => {
    const hostile = Buffer.from(octets);
    hostile.writeUInt32LE(0xffff_ffff, 38);
    expect(() => readAppointmentRecurrence(hostile)).toThrow(FormatError);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (junk) => {
        try {
          const read = readAppointmentRecurrence(junk);
          return writeAppointmentRecurrence(read).length > 0;
        } catch (error) {
          return error instanceof FormatError;
        }
      }),
      { numRuns: 200 },
    );
  });
});

test('the recurrence of a task', () => {
  const task = writeTaskRecurrence({
    ...lunch,
    slidingFlag: 1,
    deletedDates: [],
    modifiedDates: [],
  });
  expect(readTaskRecurrence(task)).toMatchObject({
    slidingFlag: 1,
    weekdays: 32,
    occurrenceCount: 52,
  });
  expect(writeTaskRecurrence(readTaskRecurrence(task))).toEqual(task);
});

test.each([
  ['daily', PatternType.day, 1440, minutes(2022, 12, 1), 0, 0],
  ['every third day', PatternType.day, 3 * 1440, minutes(1601, 1, 3), 0, 2 * 1440],
  ['weekly', PatternType.week, 1, minutes(2023, 1, 6), 0, 8640],
  ['every second week from Monday', PatternType.week, 2, minutes(1601, 1, 16), 1, 1440 * 0],
  ['monthly', PatternType.month, 1, minutes(2022, 12, 12), 0, 0],
  ['yearly in December', PatternType.month, 12, minutes(2022, 12, 12), 0, 480_960],
  ['yearly in January', PatternType.monthNth, 12, minutes(2023, 1, 12), 0, 0],
])('FirstDateTime: %s', (_name, patternType, period, startDate, firstDayOfWeek, expected) => {
  // 1601-01-15 is a Monday, two weeks after the first day there is.
  expect(firstDateTime({ patternType, period, startDate, firstDayOfWeek })).toBe(expected);
});

test('never is the year 4500', () => {
  expect(new Date(clockOfMinutes(NEVER_ENDS)).toISOString()).toBe('4500-12-31T23:59:00.000Z');
});
