import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Appointment, Calendar, Todo } from '../../../src/calendar/index.ts';
import {
  applyCalendar,
  calendarFromMapi,
  mapiFromCalendar,
} from '../../../src/convert/calendar/calendar-item.ts';
import {
  fileTimeToDate,
  MapiMessage,
  MapiRecipient,
  PidLid,
  PidName,
  PidTag,
  type PropertyTag,
  readAppointmentRecurrence,
  readTaskRecurrence,
  readZoneDefinition,
  readZoneStruct,
  uidOfGlobalObjectId,
} from '../../../src/mapi/index.ts';
import { cpuMs } from '../../support/cpu-time.ts';

const meeting = (changes: object = {}): Appointment =>
  new Appointment({
    summary: 'Planning',
    location: 'Room 1',
    description: 'First\nSecond',
    start: '2026-03-27T10:00:00',
    end: '2026-03-27T11:30:00',
    timeZone: 'Europe/Berlin',
    uid: 'uid-1@example.com',
    organizer: 'Ann <ann@example.com>',
    attendees: ['Bob <bob@example.com>'],
    optionalAttendees: ['cy@example.com'],
    resources: ['Room <room@example.com>'],
    reminders: [{ minutesBefore: 30 }],
    categories: ['Red', 'Work'],
    ...changes,
  });

const first = (ics: string): MapiMessage => {
  const [item] = mapiFromCalendar(ics);
  if (!item) throw new Error('no item');
  return item;
};
const ics = (appointment: Appointment): string =>
  new Calendar({ appointments: [appointment] }).toString();
const iso = (item: MapiMessage, tag: PropertyTag<0x0040>): string | undefined => {
  const value = item.properties.get(tag);
  return value === undefined ? undefined : fileTimeToDate(value).toISOString();
};
const minutes = (at: string): number => (Date.parse(at) - Date.UTC(1601, 0, 1)) / 60_000;

describe('an appointment', () => {
  test('has the properties that Outlook gives one', () => {
    const item = first(ics(meeting({ htmlDescription: '<b>x</b>', priority: 1 })));
    const { properties } = item;
    expect(item.messageClass).toBe('IPM.Appointment');
    expect(item.subject).toBe('Planning');
    expect(item.text).toBe('First\r\nSecond');
    expect(iso(item, PidLid.AppointmentStartWhole)).toBe('2026-03-27T09:00:00.000Z');
    expect(iso(item, PidLid.AppointmentEndWhole)).toBe('2026-03-27T10:30:00.000Z');
    expect(iso(item, PidLid.ReminderSignalTime)).toBe('2026-03-27T08:30:00.000Z');
    expect(properties.get(PidLid.AppointmentDuration)).toBe(90);
    expect(properties.get(PidLid.AppointmentSubType)).toBe(false);
    expect(properties.get(PidLid.Location)).toBe('Room 1');
    expect(properties.get(PidLid.BusyStatus)).toBe(2);
    expect(properties.get(PidLid.ReminderDelta)).toBe(30);
    expect(properties.get(PidTag.Importance)).toBe(2);
    expect(properties.get(PidName.Keywords)).toEqual(['Red', 'Work']);
    expect(properties.get(PidLid.AppointmentStateFlags)).toBe(1);
    expect(uidOfGlobalObjectId(properties.get(PidLid.GlobalObjectId) ?? new Uint8Array())).toBe(
      'uid-1@example.com',
    );
    expect(properties.get(PidTag.SentRepresentingEmailAddress)).toBe('ann@example.com');
    expect(item.recipients.map(({ kind, address }) => `${kind} ${address}`)).toEqual([
      'to ann@example.com',
      'to bob@example.com',
      'cc cy@example.com',
      'bcc room@example.com',
    ]);
    const zone = readZoneDefinition(
      properties.get(PidLid.AppointmentTimeZoneDefinitionStartDisplay) ?? new Uint8Array(),
    );
    expect(zone.keyName).toBe('W. Europe Standard Time');
    expect(zone.rules[0]).toMatchObject({
      bias: -60,
      standardBias: 0,
      daylightBias: -60,
      standardDate: { month: 10, day: 5, dayOfWeek: 0, hour: 3 },
      daylightDate: { month: 3, day: 5, dayOfWeek: 0, hour: 2 },
    });
  });

  test('of whole days', () => {
    const item = first(
      ics(meeting({ start: '2026-03-27', end: '2026-03-29', timeZone: undefined })),
    );
    expect(item.properties.get(PidLid.AppointmentSubType)).toBe(true);
    expect(iso(item, PidLid.AppointmentEndWhole)).toBe('2026-03-29T00:00:00.000Z');
  });

  test('every item of a file', () => {
    const calendar = new Calendar({
      appointments: [meeting(), meeting({ uid: 'b' })],
      todos: [new Todo({ summary: 'T' })],
    });
    expect(mapiFromCalendar(calendar.toString()).map(({ messageClass }) => messageClass)).toEqual([
      'IPM.Appointment',
      'IPM.Appointment',
      'IPM.Task',
    ]);
    expect(mapiFromCalendar('no calendar')).toEqual([]);
  });
});

describe('a series', () => {
  test('with what was deleted and what differs', () => {
    const series = meeting({
      recurrence: 'FREQ=WEEKLY;BYDAY=FR;UNTIL=20260430T080000Z',
      exceptionDates: ['2026-04-03'],
    });
    series.changeOccurrence('2026-04-10', {
      start: '2026-04-09T15:00:00',
      end: '2026-04-09T16:00:00',
      timeZone: 'Europe/Berlin',
      summary: 'Later – 日本',
      description: 'Only today',
    });
    const item = first(ics(series));
    const { properties } = item;
    const pattern = readAppointmentRecurrence(
      properties.get(PidLid.AppointmentRecur) ?? new Uint8Array(),
    );
    expect(pattern).toMatchObject({
      recurFrequency: 0x200b,
      patternType: 1,
      weekdays: 32,
      period: 1,
      endType: 0x2021,
      occurrenceCount: 5,
      startDate: minutes('2026-03-27T00:00Z'),
      endDate: minutes('2026-04-30T00:00Z'),
      startTimeOffset: 600,
      endTimeOffset: 690,
      deletedDates: [minutes('2026-04-03T00:00Z'), minutes('2026-04-10T00:00Z')],
      modifiedDates: [minutes('2026-04-09T00:00Z')],
      exceptions: [
        {
          start: minutes('2026-04-09T15:00Z'),
          end: minutes('2026-04-09T16:00Z'),
          originalStart: minutes('2026-04-10T10:00Z'),
          overrideFlags: 0x201,
          subject: 'Later – 日本',
        },
      ],
    });
    expect(readZoneStruct(properties.get(PidLid.TimeZoneStruct) ?? new Uint8Array()).bias).toBe(
      -60,
    );
    const [attachment] = item.attachments;
    expect(attachment?.message?.text).toBe('Only today');
    expect(attachment?.message?.messageClass).toBe(
      'IPM.OLE.CLASS.{00061055-0000-0000-C000-000000000046}',
    );
    expect(attachment?.properties.get(PidTag.AttachmentHidden)).toBe(true);
    expect(fileTimeToDate(attachment?.properties.get(PidTag.ExceptionReplaceTime) ?? 0n)).toEqual(
      new Date('2026-04-10T08:00:00Z'),
    );
  });

  test.each([
    'FREQ=DAILY;COUNT=4;INTERVAL=3',
    'FREQ=WEEKLY;UNTIL=20260529T080000Z;INTERVAL=2;BYDAY=MO,FR',
    'FREQ=WEEKLY;COUNT=9;BYDAY=FR;WKST=SU',
    'FREQ=MONTHLY;COUNT=5;BYMONTHDAY=27',
    'FREQ=MONTHLY;BYMONTHDAY=-1',
    'FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1',
    'FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR',
    'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
    'FREQ=YEARLY;COUNT=3;BYMONTHDAY=27;BYMONTH=3',
    'FREQ=YEARLY;INTERVAL=2;BYDAY=4FR;BYMONTH=3',
  ])('%s comes back', (rule) => {
    const text = calendarFromMapi(first(ics(meeting({ recurrence: rule }))))?.text ?? '';
    expect(Calendar.parse(text).appointments[0]?.recurrence).toEqual([rule]);
  });

  test.each([
    ['FREQ=HOURLY;COUNT=3', 'the recurrence rule'],
    ['FREQ=DAILY;BYHOUR=9,15', 'the recurrence rule'],
    ['FREQ=MONTHLY;BYMONTHDAY=1,15', 'the recurrence rule'],
    ['FREQ=YEARLY;BYWEEKNO=20', 'the recurrence rule'],
    ['FREQ=MONTHLY;BYDAY=5FR', 'the recurrence rule'],
  ])('%s is told to be lost', (rule, what) => {
    const notes: string[] = [];
    const [item] = mapiFromCalendar(ics(meeting({ recurrence: rule })), {
      note: (code, message) => void notes.push(`${code}: ${message}`),
    });
    expect(notes).toEqual([`recurrence-lost: Outlook has no pattern for ${what}; it was left out`]);
    expect(item?.properties.has(PidLid.AppointmentRecur)).toBe(false);
  });

  test('a rule with very many times is no trouble', () => {
    const calendar = ics(meeting({ recurrence: 'FREQ=DAILY;COUNT=999999999' }));
    let item: MapiMessage | undefined;
    const ms = cpuMs(() => {
      item = first(calendar);
    });
    expect(item?.properties.has(PidLid.AppointmentRecur)).toBe(true);
    expect(ms).toBeLessThan(2000);
  });
});

describe('a message that carries a calendar', () => {
  const mail = (): MapiMessage => {
    const item = new MapiMessage();
    item.subject = 'Invitation: Planning';
    item.text = 'You are invited';
    item.recipients = [MapiRecipient.of('to', 'Bob@example.com', 'Robert')];
    return item;
  };

  test('becomes an invitation', () => {
    const item = mail();
    expect(applyCalendar(item, meeting().request().content as string)).toBe(true);
    const { properties } = item;
    expect(item.messageClass).toBe('IPM.Schedule.Meeting.Request');
    expect([item.subject, item.text]).toEqual(['Invitation: Planning', 'You are invited']);
    expect(properties.get(PidLid.BusyStatus)).toBe(1);
    expect(properties.get(PidLid.IntendedBusyStatus)).toBe(2);
    expect(properties.get(PidLid.AppointmentStateFlags)).toBe(3);
    expect(properties.get(PidLid.ResponseStatus)).toBe(5);
    expect(properties.get(PidLid.FInvited)).toBe(true);
    expect(properties.get(PidLid.MeetingType)).toBe(1);
    expect(properties.get(PidLid.AppointmentMessageClass)).toBe('IPM.Appointment');
    expect(properties.get(PidTag.ResponseRequested)).toBe(true);
    expect(item.recipients.map(({ name, address }) => `${name} ${address}`)).toEqual([
      'Robert Bob@example.com',
      'cy@example.com cy@example.com',
      'Room room@example.com',
    ]);
    const back = calendarFromMapi(item);
    expect(back?.method).toBe('REQUEST');
    const appointment = Calendar.parse(back?.text ?? '').appointments[0];
    expect(appointment?.organizer).toMatchObject({ name: 'Ann', address: 'ann@example.com' });
    expect(appointment?.attendees.map(({ address, role }) => [address, role])).toEqual([
      ['Bob@example.com', 'required'],
      ['cy@example.com', 'optional'],
      ['room@example.com', 'none'],
    ]);
  });

  test.each([
    ['accepted', 'Pos', 3],
    ['declined', 'Neg', 4],
    ['tentative', 'Tent', 2],
  ] as const)('becomes an answer: %s', (answer, kind, status) => {
    const item = mail();
    expect(applyCalendar(item, meeting().reply('bob@example.com', answer).content as string)).toBe(
      true,
    );
    expect(item.messageClass).toBe(`IPM.Schedule.Meeting.Resp.${kind}`);
    expect(item.properties.get(PidLid.ResponseStatus)).toBe(status);
    expect(item.properties.get(PidTag.SentRepresentingEmailAddress)).toBe('bob@example.com');
  });

  test('becomes a proposal', () => {
    const item = mail();
    const changes = { start: '2026-03-28T10:00:00', timeZone: 'Europe/Berlin' };
    applyCalendar(item, meeting().counter('bob@example.com', changes).content as string);
    expect(item.messageClass).toBe('IPM.Schedule.Meeting.Resp.Tent');
    expect(item.properties.get(PidLid.AppointmentCounterProposal)).toBe(true);
    expect(iso(item, PidLid.AppointmentProposedStartWhole)).toBe('2026-03-28T09:00:00.000Z');
    expect(calendarFromMapi(item)?.method).toBe('COUNTER');
  });

  test('becomes a cancellation, of one occurrence too', () => {
    const item = mail();
    applyCalendar(item, meeting().cancel().content as string);
    expect(item.messageClass).toBe('IPM.Schedule.Meeting.Canceled');
    expect(item.properties.get(PidLid.AppointmentStateFlags)).toBe(7);
    const one = mail();
    const series = meeting({ recurrence: 'FREQ=WEEKLY' });
    applyCalendar(one, series.cancel({ occurrence: '2026-04-03' }).content as string);
    expect(one.properties.get(PidLid.IsException)).toBe(true);
    const back = Calendar.parse(calendarFromMapi(one)?.text ?? '').appointments[0];
    expect(back?.recurrenceId).toBe('20260403T100000');
  });

  test('stays a mail when it holds none', () => {
    const item = mail();
    for (const calendar of [
      '',
      'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR',
      meeting().publish().content as string,
    ]) {
      expect(applyCalendar(item, calendar)).toBe(false);
    }
    expect(item.messageClass).toBe('IPM.Note');
  });
});

test('a task', () => {
  const todo = new Todo({
    summary: 'Write tests',
    description: 'All',
    start: '2026-05-04',
    due: '2026-05-08',
    percentComplete: 25,
    status: 'in-process',
    uid: 'todo-1',
    priority: 9,
  });
  const item = first(
    new Calendar({ todos: [todo] })
      .toString()
      .replace(
        'END:VTODO',
        'RRULE:FREQ=WEEKLY;BYDAY=MO\r\nBEGIN:VALARM\r\nTRIGGER;VALUE=DATE-TIME:20260504T070000Z\r\nEND:VALARM\r\nEND:VTODO',
      ),
  );
  const { properties } = item;
  expect(properties.get(PidLid.TaskStatus)).toBe(1);
  expect(properties.get(PidLid.PercentComplete)).toBe(0.25);
  expect(properties.get(PidTag.Importance)).toBe(0);
  expect(iso(item, PidLid.TaskDueDate)).toBe('2026-05-08T00:00:00.000Z');
  expect(iso(item, PidLid.ReminderTime)).toBe('2026-05-04T07:00:00.000Z');
  expect(
    readTaskRecurrence(properties.get(PidLid.TaskRecurrence) ?? new Uint8Array()).weekdays,
  ).toBe(2);
  const back = Calendar.parse(calendarFromMapi(item)?.text ?? '').todos[0];
  expect(back).toMatchObject({
    uid: 'todo-1',
    summary: 'Write tests',
    description: 'All',
    percentComplete: 25,
    status: 'in-process',
  });
});

test('the same times come back, whatever the rule and the zone', () => {
  const weekdays = fc.uniqueArray(fc.constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'), {
    minLength: 1,
    maxLength: 7,
  });
  const end = fc.constantFrom('', ';COUNT=7', ';UNTIL=20261220T093000Z');
  const nth = fc.constantFrom('1', '2', '3', '4', '-1');
  const rule = fc.oneof(
    fc.tuple(fc.constant('DAILY'), fc.constant('')),
    fc.tuple(
      fc.constant('WEEKLY'),
      weekdays.map((days) => `;BYDAY=${days.join(',')}`),
    ),
    fc.tuple(
      fc.constant('MONTHLY'),
      fc.integer({ min: 1, max: 28 }).map((day) => `;BYMONTHDAY=${day}`),
    ),
    fc.tuple(
      fc.constant('MONTHLY'),
      fc.tuple(nth, weekdays).map(([n, [day]]) => `;BYDAY=${n}${day}`),
    ),
    fc.tuple(
      fc.constant('MONTHLY'),
      fc.tuple(nth, weekdays).map(([n, days]) => `;BYDAY=${days.join(',')};BYSETPOS=${n}`),
    ),
    fc.tuple(
      fc.constant('YEARLY'),
      fc.tuple(nth, weekdays).map(([n, [day]]) => `;BYMONTH=3;BYDAY=${n}${day}`),
    ),
  );
  const zone = fc.constantFrom(
    'Europe/Berlin',
    'America/New_York',
    'Asia/Kolkata',
    'Australia/Sydney',
    'UTC',
  );
  fc.assert(
    fc.property(
      rule,
      fc.integer({ min: 1, max: 4 }),
      end,
      zone,
      ([frequency, by], interval, until, timeZone) => {
        const recurrence = `FREQ=${frequency};INTERVAL=${interval}${by}${until}`;
        // The first time is one of the rule, as Outlook needs it to be.
        const [begin] = [
          ...meeting({ recurrence, timeZone }).occurrences({
            from: new Date('2026-03-28'),
            limit: 1,
          }),
        ];
        if (!begin) return;
        const start = begin.start;
        const series = meeting({
          recurrence,
          timeZone,
          start,
          end: undefined,
          durationMinutes: 45,
        });
        const text = calendarFromMapi(first(ics(series)))?.text ?? '';
        const times = (appointment: Appointment | undefined): string[] =>
          [...(appointment?.occurrences({ limit: 12 }) ?? [])].map(
            (each) => `${each.start.toISOString()} ${each.end.toISOString()}`,
          );
        expect(times(Calendar.parse(text).appointments[0])).toEqual(times(series));
      },
    ),
    { numRuns: 80 },
  );
});

test.each([
  [
    'Europe/Berlin',
    '2026-03-27',
    -60,
    { month: 10, day: 5, hour: 3 },
    { month: 3, day: 5, hour: 2 },
  ],
  [
    'America/New_York',
    '2026-03-27',
    300,
    { month: 11, day: 1, hour: 2 },
    { month: 3, day: 2, hour: 2 },
  ],
  // Until 2006 the summer was shorter.
  [
    'America/New_York',
    '2005-03-27',
    300,
    { month: 10, day: 5, hour: 2 },
    { month: 4, day: 1, hour: 2 },
  ],
  [
    'Australia/Sydney',
    '2026-03-27',
    -600,
    { month: 4, day: 1, hour: 3 },
    { month: 10, day: 1, hour: 2 },
  ],
  ['Asia/Kolkata', '2026-03-27', -330, { month: 0 }, { month: 0 }],
])('the rule of %s in %s', (timeZone, day, bias, standardDate, daylightDate) => {
  const item = first(ics(meeting({ timeZone, start: `${day}T10:00:00`, end: `${day}T11:00:00` })));
  const octets = item.properties.get(PidLid.AppointmentTimeZoneDefinitionStartDisplay);
  expect(readZoneDefinition(octets ?? new Uint8Array()).rules[0]).toMatchObject({
    bias,
    standardDate,
    daylightDate,
  });
});

test.each([
  ['FREQ=WEEKLY;BYDAY=FR;COUNT=4', 'every Friday from 10:00 to 11:30, 4 times'],
  [
    'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR;UNTIL=20260430T080000Z',
    'every 2 weeks on Monday, Wednesday and Friday from 10:00 to 11:30, until 2026-04-30',
  ],
  ['FREQ=DAILY;INTERVAL=3', 'every 3 days from 10:00 to 11:30'],
  [
    'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
    'the last weekday of every month from 10:00 to 11:30',
  ],
  ['FREQ=MONTHLY;BYMONTHDAY=27;INTERVAL=2', 'day 27 of every 2 months from 10:00 to 11:30'],
  ['FREQ=YEARLY;BYDAY=4FR;BYMONTH=3', 'the fourth Friday of March from 10:00 to 11:30'],
])('%s in words', (rule, words) => {
  const item = first(ics(meeting({ recurrence: rule })));
  expect(item.properties.get(PidLid.RecurrencePattern)).toBe(words);
});
