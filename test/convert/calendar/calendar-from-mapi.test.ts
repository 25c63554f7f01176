import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Calendar } from '../../../src/calendar/index.ts';
import { calendarFromMapi, isCalendarClass } from '../../../src/convert/calendar/calendar-item.ts';
import {
  type AppointmentRecurrence,
  compressRtf,
  dateToFileTime,
  globalObjectId,
  MapiAttachment,
  MapiMessage,
  MapiRecipient,
  PatternType,
  PidLid,
  PidName,
  PidTag,
  RecurFrequency,
  RecurrenceEnd,
  rtfFromHtml,
  writeAppointmentRecurrence,
  writeTaskRecurrence,
  writeZoneDefinition,
  writeZoneStruct,
} from '../../../src/mapi/index.ts';

const time = (iso: string): bigint => dateToFileTime(new Date(iso));
const minutes = (iso: string): number => (Date.parse(iso) - Date.UTC(1601, 0, 1)) / 60_000;
const none = {
  year: 0,
  month: 0,
  dayOfWeek: 0,
  day: 0,
  hour: 0,
  minute: 0,
  second: 0,
  millisecond: 0,
};
const berlin = {
  bias: -60,
  standardBias: 0,
  daylightBias: -60,
  standardDate: { ...none, month: 10, day: 5, hour: 3 },
  daylightDate: { ...none, month: 3, day: 5, hour: 2 },
};
const zone = (keyName: string): Uint8Array =>
  writeZoneDefinition({ keyName, rules: [{ flags: 2, year: 1601, ...berlin }] });

function appointment(messageClass = 'IPM.Appointment'): MapiMessage {
  const item = new MapiMessage();
  item.messageClass = messageClass;
  item.subject = 'Planning; all';
  item.text = 'First line\r\nSecond line\r\n';
  item.properties
    .set(PidTag.LastModificationTime, time('2026-01-10T09:00:00Z'))
    .set(PidLid.AppointmentStartWhole, time('2026-03-27T09:00:00Z'))
    .set(PidLid.AppointmentEndWhole, time('2026-03-27T10:30:00Z'))
    .set(PidLid.Location, 'Room 1')
    .set(PidLid.BusyStatus, 2)
    .set(PidLid.GlobalObjectId, globalObjectId('uid-1@example.com'))
    .set(PidLid.AppointmentTimeZoneDefinitionStartDisplay, zone('W. Europe Standard Time'));
  return item;
}

function recurrence(changes: Partial<AppointmentRecurrence> = {}): AppointmentRecurrence {
  return {
    readerVersion: 0x3004,
    writerVersion: 0x3004,
    recurFrequency: RecurFrequency.weekly,
    patternType: PatternType.week,
    calendarType: 0,
    firstDateTime: 0,
    period: 1,
    slidingFlag: 0,
    weekdays: 32,
    dayOfMonth: 0,
    nth: 0,
    endType: RecurrenceEnd.date,
    occurrenceCount: 5,
    firstDayOfWeek: 1,
    deletedDates: [],
    modifiedDates: [],
    startDate: minutes('2026-03-27T00:00Z'),
    endDate: minutes('2026-04-24T00:00Z'),
    readerVersion2: 0x3006,
    writerVersion2: 0x3009,
    startTimeOffset: 600,
    endTimeOffset: 690,
    exceptions: [],
    reserved1: new Uint8Array(0),
    reserved2: new Uint8Array(0),
    rest: new Uint8Array(0),
    ...changes,
  };
}

const lines = (item: MapiMessage): string[] =>
  (calendarFromMapi(item)?.text ?? '').replaceAll('\r\n ', '').split('\r\n');
const starts = (item: MapiMessage): string[] =>
  [
    ...(Calendar.parse(calendarFromMapi(item)?.text ?? '').appointments[0]?.occurrences({
      limit: 20,
    }) ?? []),
  ].map(({ start }) => start.toISOString().slice(0, 16));

test('which classes are calendars', () => {
  expect(
    [
      'IPM.Appointment',
      'IPM.Appointment.Live Meeting',
      'ipm.schedule.meeting.request',
      'IPM.Task',
      'IPM.TaskRequest.Accept',
    ].every(isCalendarClass),
  ).toBe(true);
  expect(['IPM.Note', 'IPM.Contact', 'IPM.Tasks', 'IPM.AppointmentX'].some(isCalendarClass)).toBe(
    false,
  );
  expect(calendarFromMapi(new MapiMessage())).toBeUndefined();
});

describe('an appointment', () => {
  test('is told in its zone', () => {
    const item = appointment();
    const text = lines(item);
    expect(text).toEqual(
      expect.arrayContaining([
        'UID:uid-1@example.com',
        'DTSTAMP:20260110T090000Z',
        'SUMMARY:Planning\\; all',
        'LOCATION:Room 1',
        'DTSTART;TZID=Europe/Berlin:20260327T100000',
        'DTEND;TZID=Europe/Berlin:20260327T113000',
        'DESCRIPTION:First line\\nSecond line',
        'TRANSP:OPAQUE',
        'STATUS:CONFIRMED',
        'X-MICROSOFT-CDO-BUSYSTATUS:BUSY',
        'X-MICROSOFT-CDO-ALLDAYEVENT:FALSE',
        'TZID:Europe/Berlin',
        'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
      ]),
    );
    expect(text.some((line) => line.startsWith('METHOD') || line.startsWith('ORGANIZER'))).toBe(
      false,
    );
    expect(Calendar.parse(calendarFromMapi(item)?.text ?? '').problems).toEqual([]);
    expect(starts(item)).toEqual(['2026-03-27T09:00']);
  });

  test('in a zone that nobody has a name for, which is described', () => {
    const item = appointment();
    item.properties.delete(PidLid.AppointmentTimeZoneDefinitionStartDisplay);
    item.properties
      .set(PidLid.TimeZoneStruct, writeZoneStruct({ ...berlin, bias: -75 }))
      .set(PidLid.TimeZoneDescription, '(UTC+01:15) Nowhere');
    expect(lines(item)).toEqual(
      expect.arrayContaining([
        'TZID:(UTC+01:15) Nowhere',
        'TZOFFSETFROM:+0215',
        'TZOFFSETTO:+0115',
        'DTSTART;TZID="(UTC+01:15) Nowhere":20260327T101500',
      ]),
    );
    expect(starts(item)).toEqual(['2026-03-27T09:00']);
  });

  test('without a zone in UTC', () => {
    const item = appointment();
    item.properties.delete(PidLid.AppointmentTimeZoneDefinitionStartDisplay);
    expect(lines(item)).toContain('DTSTART:20260327T090000Z');
  });

  test('of whole days: the days of its zone, else the nearest ones', () => {
    const item = appointment();
    item.properties
      .set(PidLid.AppointmentSubType, true)
      .set(PidLid.AppointmentStartWhole, time('2026-03-26T23:00:00Z'))
      .set(PidLid.AppointmentEndWhole, time('2026-03-28T23:00:00Z'));
    for (const hasZone of [true, false]) {
      if (!hasZone) item.properties.delete(PidLid.AppointmentTimeZoneDefinitionStartDisplay);
      expect(lines(item)).toEqual(
        expect.arrayContaining(['DTSTART;VALUE=DATE:20260327', 'DTEND;VALUE=DATE:20260329']),
      );
    }
  });

  test('what else it says', () => {
    const item = appointment();
    item.properties
      .set(PidTag.Importance, 2)
      .set(PidTag.Sensitivity, 2)
      .set(PidName.Keywords, ['Red, hot', 'Work'])
      .set(PidLid.BusyStatus, 3)
      .set(PidLid.ReminderSet, true)
      .set(PidLid.ReminderDelta, 30)
      .set(PidLid.AppointmentSequence, 4)
      .set(PidLid.AppointmentNotAllowPropose, true)
      .set(PidTag.RtfCompressed, compressRtf(rtfFromHtml('<b>Bold</b>')));
    expect(lines(item)).toEqual(
      expect.arrayContaining([
        'PRIORITY:1',
        'CLASS:PRIVATE',
        'CATEGORIES:Red\\, hot,Work',
        'X-MICROSOFT-CDO-BUSYSTATUS:OOF',
        'X-MICROSOFT-CDO-IMPORTANCE:2',
        'X-MICROSOFT-DISALLOW-COUNTER:TRUE',
        'X-ALT-DESC;FMTTYPE=text/html:<b>Bold</b>',
        'SEQUENCE:4',
        'TRIGGER;RELATED=START:-PT30M',
      ]),
    );
    item.properties.set(PidLid.ReminderDelta, 0x5ae980e1).set(PidLid.BusyStatus, 0);
    expect(lines(item)).toEqual(
      expect.arrayContaining(['TRIGGER;RELATED=START:-PT15M', 'TRANSP:TRANSPARENT']),
    );
  });

  test('without an id has one of its own, the same every time', () => {
    const uidOf = (subject: string): string | undefined => {
      const item = appointment();
      item.subject = subject;
      item.properties.delete(PidLid.GlobalObjectId);
      return lines(item).find((line) => line.startsWith('UID:'));
    };
    expect(uidOf('One')).toMatch(/^UID:[0-9a-f]{32}@posthorn\.invalid$/);
    expect(uidOf('One')).toBe(uidOf('One'));
    expect(uidOf('One')).not.toBe(uidOf('Two'));
  });

  test('says nothing of when it is: no calendar', () => {
    const item = new MapiMessage();
    item.messageClass = 'IPM.Appointment';
    expect(calendarFromMapi(item)).toBeUndefined();
    item.properties.set(PidLid.AppointmentStartWhole, 0x7fff_ffff_ffff_ffffn);
    expect(calendarFromMapi(item)).toBeUndefined();
  });
});

describe('a series', () => {
  test('with what was deleted and what differs, over a change of clocks', () => {
    const item = appointment();
    const embedded = new MapiMessage();
    embedded.messageClass = 'IPM.OLE.CLASS.{00061055-0000-0000-C000-000000000046}';
    embedded.text = 'Only today';
    embedded.properties.set(PidLid.ExceptionReplaceTime, time('2026-04-10T08:00:00Z'));
    item.attachments.push(MapiAttachment.embedded(embedded));
    item.properties.set(PidLid.Recurring, true).set(
      PidLid.AppointmentRecur,
      writeAppointmentRecurrence(
        recurrence({
          deletedDates: [minutes('2026-04-03T00:00Z'), minutes('2026-04-10T00:00Z')],
          modifiedDates: [minutes('2026-04-09T00:00Z')],
          exceptions: [
            {
              start: minutes('2026-04-09T15:00Z'),
              end: minutes('2026-04-09T16:00Z'),
              originalStart: minutes('2026-04-10T10:00Z'),
              overrideFlags: 0x200,
              subject: 'Planning – later',
              location: 'Room 2',
            },
          ],
        }),
      ),
    );
    const text = lines(item);
    expect(text).toEqual(
      expect.arrayContaining([
        'RRULE:FREQ=WEEKLY;UNTIL=20260424T080000Z;BYDAY=FR',
        'EXDATE;TZID=Europe/Berlin:20260403T100000',
        'RECURRENCE-ID;TZID=Europe/Berlin:20260410T100000',
        'DTSTART;TZID=Europe/Berlin:20260409T150000',
        'SUMMARY:Planning – later',
        'LOCATION:Room 2',
        'DESCRIPTION:Only today',
        'X-MICROSOFT-CDO-INSTTYPE:1',
        'X-MICROSOFT-CDO-INSTTYPE:3',
      ]),
    );
    expect(text.filter((line) => line.startsWith('EXDATE'))).toHaveLength(1);
    expect(starts(item)).toEqual([
      '2026-03-27T09:00',
      '2026-04-09T13:00',
      '2026-04-17T08:00',
      '2026-04-24T08:00',
    ]);
  });

  test.each<[string, Partial<AppointmentRecurrence>, string]>([
    [
      'every second day',
      {
        patternType: PatternType.day,
        recurFrequency: RecurFrequency.daily,
        period: 2880,
        endType: RecurrenceEnd.count,
      },
      'FREQ=DAILY;COUNT=5;INTERVAL=2',
    ],
    [
      'workdays',
      { recurFrequency: RecurFrequency.daily, weekdays: 62, endType: RecurrenceEnd.never },
      'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
    ],
    [
      'every second week from Sunday',
      { period: 2, weekdays: 34, firstDayOfWeek: 0, endType: 0xffffffff },
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;WKST=SU',
    ],
    [
      'a day of every third month',
      {
        patternType: PatternType.month,
        recurFrequency: RecurFrequency.monthly,
        period: 3,
        dayOfMonth: 27,
        endType: 0x2023,
      },
      'FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=27',
    ],
    [
      'the last day of the month',
      {
        patternType: PatternType.month,
        recurFrequency: RecurFrequency.monthly,
        dayOfMonth: 31,
        endType: 0x2023,
      },
      'FREQ=MONTHLY;BYMONTHDAY=-1',
    ],
    [
      'the 30th, of February the last',
      {
        patternType: PatternType.month,
        recurFrequency: RecurFrequency.monthly,
        dayOfMonth: 30,
        endType: 0x2023,
      },
      'FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1',
    ],
    [
      'the last Friday',
      {
        patternType: PatternType.monthNth,
        recurFrequency: RecurFrequency.monthly,
        nth: 5,
        endType: 0x2023,
      },
      'FREQ=MONTHLY;BYDAY=-1FR',
    ],
    [
      'the second workday of March',
      {
        patternType: PatternType.monthNth,
        recurFrequency: RecurFrequency.yearly,
        period: 12,
        weekdays: 62,
        nth: 2,
        endType: 0x2023,
      },
      'FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYMONTH=3;BYSETPOS=2',
    ],
    [
      'every second year on a day',
      {
        patternType: PatternType.month,
        recurFrequency: RecurFrequency.yearly,
        period: 24,
        dayOfMonth: 27,
        endType: 0x2023,
      },
      'FREQ=YEARLY;INTERVAL=2;BYMONTHDAY=27;BYMONTH=3',
    ],
  ])('%s', (_name, changes, rule) => {
    const item = appointment();
    item.properties.set(PidLid.AppointmentRecur, writeAppointmentRecurrence(recurrence(changes)));
    const written = lines(item).findLast((line) => line.startsWith('RRULE:'));
    const parts = (text: string): string[] => text.split(';').sort();
    expect(parts(written?.slice(6) ?? '')).toEqual(parts(rule));
  });

  test('that is damaged or by another calendar is told', () => {
    const notes: string[] = [];
    const note = (code: string, message: string): void => void notes.push(`${code}: ${message}`);
    const item = appointment();
    item.properties.set(PidLid.AppointmentRecur, new Uint8Array(30));
    expect(calendarFromMapi(item, { note })?.text).not.toContain('RRULE:FREQ=WEEKLY');
    item.properties.set(
      PidLid.AppointmentRecur,
      writeAppointmentRecurrence(recurrence({ calendarType: 6 })),
    );
    calendarFromMapi(item, { note });
    expect(notes).toEqual([
      'recurrence-lost: The recurrence of the appointment is damaged; only its first time was kept',
      'recurrence-lost: The appointment is repeated by a calendar that iCalendar has no rule for; only its first time was kept',
    ]);
  });
});

describe('meeting messages', () => {
  function meeting(messageClass: string): MapiMessage {
    const item = appointment(messageClass);
    item.properties
      .set(PidLid.AppointmentStateFlags, 3)
      .set(PidTag.SentRepresentingName, 'Ann Boss')
      .set(PidTag.SentRepresentingAddressType, 'SMTP')
      .set(PidTag.SentRepresentingEmailAddress, 'ann@example.com')
      .set(PidTag.SenderName, 'Secretary')
      .set(PidTag.SenderAddressType, 'SMTP')
      .set(PidTag.SenderEmailAddress, 'sec@example.com')
      .set(PidLid.OwnerCriticalChange, time('2026-01-11T00:00:00Z'))
      .set(PidTag.OwnerAppointmentId, 77);
    const boss = MapiRecipient.of('to', 'ann@example.com', 'Ann Boss');
    const optional = MapiRecipient.of('cc', 'cy@example.com', 'Cy');
    optional.properties.set(PidTag.RecipientTrackStatus, 4);
    item.recipients = [
      boss,
      MapiRecipient.of('to', 'bob@example.com', 'Bob, "B"'),
      optional,
      MapiRecipient.of('bcc', 'room@example.com', 'Room'),
    ];
    return item;
  }

  test('an invitation', () => {
    const item = meeting('IPM.Schedule.Meeting.Request');
    item.properties.set(PidLid.BusyStatus, 1).set(PidLid.IntendedBusyStatus, 2);
    expect(calendarFromMapi(item)?.method).toBe('REQUEST');
    const text = lines(item);
    expect(text).toEqual(
      expect.arrayContaining([
        'METHOD:REQUEST',
        'DTSTAMP:20260111T000000Z',
        'ORGANIZER;CN=Ann Boss;SENT-BY="mailto:sec@example.com":mailto:ann@example.com',
        `ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN="Bob, ^'B^'":mailto:bob@example.com`,
        'ATTENDEE;ROLE=OPT-PARTICIPANT;PARTSTAT=DECLINED;RSVP=TRUE;CN=Cy:mailto:cy@example.com',
        'ATTENDEE;CUTYPE=RESOURCE;ROLE=NON-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=Room:mailto:room@example.com',
        'STATUS:CONFIRMED',
        'X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE',
        'X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY',
        'X-MICROSOFT-CDO-OWNERAPPTID:77',
      ]),
    );
    expect(text.filter((line) => line.startsWith('ATTENDEE'))).toHaveLength(3);
    expect(Calendar.parse(text.join('\r\n')).problems).toEqual([]);
  });

  test('a cancellation', () => {
    const item = meeting('IPM.Schedule.Meeting.Canceled');
    expect(calendarFromMapi(item)?.method).toBe('CANCEL');
    expect(lines(item)).toContain('STATUS:CANCELLED');
  });

  test.each([
    ['Pos', 'ACCEPTED'],
    ['Neg', 'DECLINED'],
    ['Tent', 'TENTATIVE'],
  ])('an answer: %s', (kind, status) => {
    const item = meeting(`IPM.Schedule.Meeting.Resp.${kind}`);
    item.recipients = [MapiRecipient.of('to', 'org@example.com', 'Organizer')];
    expect(calendarFromMapi(item)?.method).toBe('REPLY');
    const text = lines(item);
    expect(text).toContain('ORGANIZER;CN=Organizer:mailto:org@example.com');
    expect(text.filter((line) => line.startsWith('ATTENDEE'))).toEqual([
      `ATTENDEE;PARTSTAT=${status};CN=Ann Boss;SENT-BY="mailto:sec@example.com":mailto:ann@example.com`,
    ]);
  });

  test('a proposal', () => {
    const item = meeting('IPM.Schedule.Meeting.Resp.Tent');
    item.properties
      .set(PidLid.AppointmentCounterProposal, true)
      .set(PidLid.AppointmentProposedStartWhole, time('2026-03-28T09:00:00Z'))
      .set(PidLid.AppointmentProposedEndWhole, time('2026-03-28T10:00:00Z'));
    expect(calendarFromMapi(item)?.method).toBe('COUNTER');
    expect(lines(item)).toEqual(
      expect.arrayContaining([
        'DTSTART;TZID=Europe/Berlin:20260328T100000',
        'X-MS-OLK-ORIGINALSTART;TZID=Europe/Berlin:20260327T100000',
      ]),
    );
  });

  test('about one occurrence', () => {
    const item = meeting('IPM.Schedule.Meeting.Request');
    item.properties
      .set(PidLid.IsException, true)
      .set(
        PidLid.GlobalObjectId,
        globalObjectId('uid-1@example.com', { year: 2026, month: 3, day: 26 }),
      );
    expect(lines(item)).toContain('RECURRENCE-ID;TZID=Europe/Berlin:20260326T100000');
    item.properties.set(PidLid.StartRecurrenceTime, (8 << 12) | (30 << 6));
    expect(lines(item)).toContain('RECURRENCE-ID;TZID=Europe/Berlin:20260326T083000');
    item.properties.set(PidLid.ExceptionReplaceTime, time('2026-03-26T07:15:00Z'));
    expect(lines(item)).toContain('RECURRENCE-ID;TZID=Europe/Berlin:20260326T081500');
  });

  test('somebody without an address', () => {
    const item = meeting('IPM.Schedule.Meeting.Request');
    item.properties
      .set(PidTag.SentRepresentingAddressType, 'EX')
      .set(PidTag.SentRepresentingEmailAddress, '/o=X');
    expect(lines(item)).toContain(
      'ORGANIZER;CN=Ann Boss;SENT-BY="mailto:sec@example.com":invalid:nomail',
    );
  });
});

test('a task', () => {
  const item = new MapiMessage();
  item.messageClass = 'IPM.Task';
  item.subject = 'Write tests';
  item.properties
    .set(PidLid.TaskStartDate, time('2026-05-04T00:00:00Z'))
    .set(PidLid.TaskDueDate, time('2026-05-08T00:00:00Z'))
    .set(PidLid.TaskStatus, 1)
    .set(PidLid.PercentComplete, 0.25)
    .set(PidLid.TaskFRecurring, true)
    .set(
      PidLid.TaskRecurrence,
      writeTaskRecurrence(recurrence({ weekdays: 2, endType: RecurrenceEnd.never })),
    )
    .set(PidLid.ReminderSet, true)
    .set(PidLid.ReminderTime, time('2026-05-04T07:00:00Z'))
    .set(PidTag.SearchKey, Uint8Array.of(1, 2, 0xab));
  expect(lines(item)).toEqual(
    expect.arrayContaining([
      'BEGIN:VTODO',
      'UID:0102AB',
      'SUMMARY:Write tests',
      'DTSTART;VALUE=DATE:20260504',
      'DUE;VALUE=DATE:20260508',
      'STATUS:IN-PROCESS',
      'PERCENT-COMPLETE:25',
      'RRULE:FREQ=WEEKLY;BYDAY=MO',
      'TRIGGER;VALUE=DATE-TIME:20260504T070000Z',
    ]),
  );
  item.properties
    .set(PidLid.TaskComplete, true)
    .set(PidLid.TaskDateCompleted, time('2026-05-06T00:00:00Z'));
  expect(lines(item)).toEqual(
    expect.arrayContaining([
      'STATUS:COMPLETED',
      'PERCENT-COMPLETE:100',
      'COMPLETED:20260506T000000Z',
    ]),
  );
});

test('a task that is given to somebody is in the message that gives it', () => {
  const task = new MapiMessage();
  task.messageClass = 'IPM.Task';
  task.subject = 'Yours';
  const request = new MapiMessage();
  request.messageClass = 'IPM.TaskRequest';
  request.subject = 'Task Request: Yours';
  request.attachments.push(MapiAttachment.embedded(task));
  expect(lines(request)).toContain('SUMMARY:Yours');
});

describe('hostile items', () => {
  test('a body is not repeated without end', () => {
    const item = appointment();
    item.text = 'x'.repeat(400_000);
    const exceptions = Array.from({ length: 200 }, (_, day) => ({
      start: minutes('2026-03-27T00:00Z') + day * 1440,
      end: minutes('2026-03-27T00:00Z') + day * 1440 + 1,
      originalStart: minutes('2026-03-27T10:00Z') + day * 1440,
      overrideFlags: 0,
    }));
    item.properties.set(
      PidLid.AppointmentRecur,
      writeAppointmentRecurrence(recurrence({ exceptions })),
    );
    expect(calendarFromMapi(item)?.text.length).toBeLessThan(6_000_000);
  });

  test('an exception before any year is left out, and told', () => {
    // The pattern begins 1,200 years after the appointment does: what is counted from it is moved as far back.
    const octets = writeAppointmentRecurrence(
      recurrence({
        startDate: minutes('3226-03-27T00:00Z'),
        endDate: minutes('3226-04-24T00:00Z'),
        deletedDates: [0],
        exceptions: [{ start: 5, end: 9, originalStart: 7, overrideFlags: 0, subject: 'x' }],
      }),
    );
    const item = appointment();
    item.properties.set(PidLid.AppointmentRecur, octets);
    item.properties.delete(PidLid.AppointmentTimeZoneDefinitionStartDisplay);
    const notes: string[] = [];
    const note = (code: string, message: string): unknown => notes.push(`${code}: ${message}`);
    const text = calendarFromMapi(item, { note })?.text ?? '';
    expect(Calendar.parse(text).problems).toEqual([]);
    expect(text.match(/BEGIN:VEVENT/g)).toHaveLength(1);
    expect(notes).toContain(
      'recurrence-lost: An exception of the appointment lies in no year of ours and was left out',
    );
  });

  test('any octets in the place of what a calendar is made of', () => {
    const good = writeAppointmentRecurrence(
      recurrence({
        exceptions: [{ start: 5, end: 9, originalStart: 7, overrideFlags: 0, subject: 'x' }],
      }),
    );
    const damaged = fc
      .array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 12 })
      .map((changes) => {
        const octets = Uint8Array.from(good);
        for (const [at, octet] of changes) octets[at] = octet;
        return octets;
      });
    fc.assert(
      fc.property(
        damaged,
        fc.uint8Array({ maxLength: 200 }),
        fc.boolean(),
        (octets, junk, isDay) => {
          const item = appointment();
          item.properties
            .set(PidLid.AppointmentRecur, octets)
            .set(PidLid.AppointmentSubType, isDay)
            .set(PidLid.GlobalObjectId, junk)
            .set(PidTag.RtfCompressed, junk)
            .set(PidLid.TimeZoneStruct, junk);
          if (!isDay) item.properties.set(PidLid.AppointmentTimeZoneDefinitionStartDisplay, junk);
          const text = calendarFromMapi(item)?.text ?? '';
          for (const problem of Calendar.parse(text).problems) {
            expect(['RULE_INVALID', 'END_BEFORE_START', 'PROPERTY_REPEATED']).toContain(
              problem.code,
            );
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
