// What an appointment is made from, and what it says.
import { Appointment, type AppointmentOptions, Calendar, FreeBusy, Todo } from 'posthorn/calendar';
import { describe, expect, it } from 'vitest';
import { event, ics, linesOf, only } from './support/events.ts';

const published = (appointment: Appointment): string[] => linesOf(appointment.publish().content);

describe('times', () => {
  it.each([
    [{ start: '2026-03-02' }, 'DTSTART;VALUE=DATE:20260302', '2026-03-02T00:00:00.000Z'],
    [{ start: '2026-03-02T10:00' }, 'DTSTART:20260302T100000', '2026-03-02T10:00:00.000Z'],
    [{ start: '2026-03-02T10:00Z' }, 'DTSTART:20260302T100000Z', '2026-03-02T10:00:00.000Z'],
    [{ start: '2026-03-02T10:00+02:00' }, 'DTSTART:20260302T080000Z', '2026-03-02T08:00:00.000Z'],
    [
      { start: new Date('2026-07-02T10:00:00Z'), timeZone: 'Europe/Paris' },
      'DTSTART;TZID=Europe/Paris:20260702T120000',
      '2026-07-02T10:00:00.000Z',
    ],
    [
      { start: '2026-07-02T10:00', timeZone: 'Eastern Standard Time' },
      'DTSTART;TZID=America/New_York:20260702T100000',
      '2026-07-02T14:00:00.000Z',
    ],
    [
      // The second time that the clock shows half past two.
      { start: new Date('2026-10-25T01:30:00Z'), timeZone: 'Europe/Paris' },
      'DTSTART:20261025T013000Z',
      '2026-10-25T01:30:00.000Z',
    ],
  ])('%j', (options, line, instant) => {
    const appointment = new Appointment(options);
    expect(published(appointment)).toContain(line);
    expect(appointment.start?.toISOString()).toBe(instant);
  });

  it('says what kind they are', () => {
    const day = new Appointment({ start: '2026-03-02', end: '2026-03-04' });
    expect([day.allDay, day.floating, day.timeZone]).toEqual([true, false, undefined]);
    expect(day.end?.toISOString()).toBe('2026-03-04T00:00:00.000Z');
    const floating = new Appointment({ start: '2026-03-02T10:00', durationMinutes: 90 });
    expect([floating.allDay, floating.floating]).toEqual([false, true]);
    expect(floating.end?.toISOString()).toBe('2026-03-02T11:30:00.000Z');
    expect(published(floating)).toContain('DURATION:PT1H30M');
  });

  it('writes Windows names on request, with the zone described', () => {
    const appointment = new Appointment({
      start: '2026-03-02T10:00',
      timeZone: 'Europe/Paris',
      windowsTimeZones: true,
    });
    const lines = published(appointment);
    expect(lines).toContain('TZID:Romance Standard Time');
    expect(lines).toContain('DTSTART;TZID=Romance Standard Time:20260302T100000');
    const [read] = Calendar.parse(String(appointment.publish().content)).appointments;
    expect(read?.timeZone).toBe('Europe/Paris');
  });

  it.each([
    [{ start: 'tomorrow' }, 'MESSAGE_FIELD_INVALID', "start must be a Date, '2026-03-02'"],
    [{ start: new Date(Number.NaN) }, 'MESSAGE_FIELD_INVALID', 'start must be a valid Date'],
    [{ start: '2026-02-30' }, 'MESSAGE_FIELD_INVALID', 'start must be a Date'],
    [
      { start: '2026-03-02', end: '2026-03-01' },
      'MESSAGE_FIELD_INVALID',
      'end must not be before start',
    ],
    [
      { start: '2026-03-02', timeZone: 'Mars/Base' },
      'OPTION_INVALID',
      "'timeZone' must be a time zone",
    ],
    [
      { start: '2026-03-02', title: 'x' },
      'OPTION_INVALID',
      "'title' is not an option of an appointment; write summary: '…'",
    ],
    [
      { start: '2026-03-02', recurrence: 'FREQ=NEVER' },
      'MESSAGE_FIELD_INVALID',
      "recurrence can't be read: part 'FREQ=NEVER'",
    ],
    [
      { start: '2026-03-02', priority: 11 },
      'MESSAGE_FIELD_INVALID',
      'priority must be a whole number from 0 to 9',
    ],
    [{ start: '2026-03-02', url: 'https://x y' }, 'MESSAGE_FIELD_INVALID', 'url must be a URL'],
    [
      { start: '2026-03-02', properties: { 'X:Y': 'z' } },
      'OPTION_INVALID',
      "'X:Y' can't be the name",
    ],
    [
      { start: '2026-03-02', properties: { uid: 'z' } },
      'OPTION_INVALID',
      "'uid' has a member of its own",
    ],
    [
      { start: '2026-03-02', reminders: [{}] },
      'MESSAGE_FIELD_INVALID',
      'reminders[0] needs minutesBefore',
    ],
    [{ start: '2026-03-02', attendees: 'nobody' }, 'ADDRESS_INVALID', 'attendees'],
    [{}, 'MESSAGE_FIELD_INVALID', 'start is needed'],
  ])('refuses %j', (options, code, message) => {
    const make = (): Appointment => new Appointment(options as { start: string });
    expect(make).toThrow(expect.objectContaining({ code }));
    expect(make).toThrow(message);
  });

  it('ends rules as the RFC asks', () => {
    const rule = (options: AppointmentOptions): string[] =>
      new Appointment({ ...options, recurrence: 'RRULE:FREQ=DAILY;UNTIL=20260331' }).recurrence;
    expect(rule({ start: '2026-03-02' })).toEqual(['FREQ=DAILY;UNTIL=20260331']);
    expect(rule({ start: '2026-03-02T10:00' })).toEqual(['FREQ=DAILY;UNTIL=20260331T235959']);
    expect(rule({ start: '2026-03-02T10:00', timeZone: 'Europe/Paris' })).toEqual([
      'FREQ=DAILY;UNTIL=20260331T215959Z',
    ]);
  });
});

describe('everything else', () => {
  it('is read as it was given', () => {
    const made = new Appointment({
      summary: 'a; b, c\\d',
      description: 'one\ntwo',
      htmlDescription: '<p>one</p>',
      location: 'Here',
      start: '2026-03-02T10:00Z',
      organizer: { name: 'Ann', address: 'ann@example.com', sentBy: 'pa@example.com' },
      attendees: [{ address: 'chair@example.com', role: 'chair', rsvp: false }],
      optionalAttendees: 'opt@example.com',
      resources: { address: 'room@example.com', name: 'Room "1"', kind: 'room' },
      reminders: [{ minutesBefore: 15 }, { minutesBefore: -5, relatedTo: 'end', action: 'audio' }],
      attachments: [
        { url: 'https://example.com/a', contentType: 'text/html' },
        { filename: 'a.txt', content: 'text' },
      ],
      status: 'tentative',
      transparency: 'transparent',
      busyStatus: 'out-of-office',
      classification: 'private',
      categories: ['one', 'two, three'],
      conferenceUrl: 'https://meet.example.com/1',
      url: 'https://example.com/',
      priority: 1,
      properties: { 'x-team': 'blue; red' },
    });
    const read = only(String(new Calendar({ appointments: [made] })));
    for (const each of [made, read]) {
      expect(each).toMatchObject({
        summary: 'a; b, c\\d',
        description: 'one\ntwo',
        htmlDescription: '<p>one</p>',
        location: 'Here',
        organizer: { address: 'ann@example.com', name: 'Ann', sentBy: 'pa@example.com' },
        status: 'tentative',
        transparency: 'transparent',
        busyStatus: 'out-of-office',
        classification: 'private',
        categories: ['one', 'two, three'],
        conferenceUrl: 'https://meet.example.com/1',
        url: 'https://example.com/',
        priority: 1,
      });
      expect(each.property('x-team')).toBe('blue; red');
      expect(
        each.attendees.map(({ address, role, kind, rsvp }) => [address, role, kind, rsvp]),
      ).toEqual([
        ['chair@example.com', 'chair', 'individual', false],
        ['opt@example.com', 'optional', 'individual', true],
        ['room@example.com', 'none', 'room', true],
      ]);
      expect(each.attendees[2]?.name).toBe('Room "1"');
      expect(
        each.reminders.map(({ minutesBefore, relatedTo, action }) => [
          minutesBefore,
          relatedTo,
          action,
        ]),
      ).toEqual([
        [15, 'start', 'display'],
        [-5, 'end', 'audio'],
      ]);
      expect(each.attachments[0]?.url).toBe('https://example.com/a');
      expect(new TextDecoder().decode(each.attachments[1]?.content)).toBe('text');
    }
  });

  it('lists of attendees are replaced one by one, and texts removed', () => {
    const made = new Appointment({
      start: '2026-03-02',
      location: 'x',
      attendees: 'a@example.com',
      optionalAttendees: 'b@example.com',
      resources: 'c@example.com',
    });
    made.change({ attendees: 'd@example.com', location: '' });
    expect(made.attendees.map(({ address }) => address)).toEqual([
      'b@example.com',
      'c@example.com',
      'd@example.com',
    ]);
    expect(made.location).toBe('');
    expect(published(made).some((line) => line.startsWith('LOCATION'))).toBe(false);
  });

  it('a change that fails changes nothing', () => {
    const made = new Appointment({ start: '2026-03-02', summary: 'before' });
    expect(() => made.change({ summary: 'after', priority: 99 })).toThrow('priority');
    expect(made.summary).toBe('before');
  });

  it('to-dos and free-busy times', () => {
    const todo = new Todo({
      summary: 'Write',
      due: '2026-03-02T18:00',
      timeZone: 'Europe/Paris',
      percentComplete: 40,
      status: 'in-process',
      priority: 2,
    });
    const period = {
      start: new Date('2026-03-02T10:00:00Z'),
      end: new Date('2026-03-02T11:00:00Z'),
    };
    const freeBusy = new FreeBusy({
      start: new Date('2026-03-02T00:00:00Z'),
      end: new Date('2026-03-03T00:00:00Z'),
      organizer: 'ann@example.com',
      attendees: 'bob@example.com',
      periods: [period, { ...period, type: 'busy-tentative' }],
    });
    const written = String(
      new Calendar({ method: 'PUBLISH', name: 'Mine', todos: [todo], freeBusy: [freeBusy] }),
    );
    const read = Calendar.parse(written);
    expect(read.problems).toEqual([]);
    expect([read.method, read.name]).toEqual(['PUBLISH', 'Mine']);
    expect(read.todos[0]).toMatchObject({
      summary: 'Write',
      percentComplete: 40,
      status: 'in-process',
      priority: 2,
      allDay: false,
    });
    expect(read.todos[0]?.due?.toISOString()).toBe('2026-03-02T17:00:00.000Z');
    expect(read.freeBusy[0]?.periods).toEqual([
      { ...period, type: 'busy' },
      { ...period, type: 'busy-tentative' },
    ]);
    expect(() => new Todo({ percentComplete: 101 })).toThrow(
      'percentComplete must be a whole number',
    );
  });

  it('what Microsoft and Google write is understood and kept', () => {
    const text = event(
      'DTSTART;TZID="W. Europe Standard Time":20260702T100000',
      'DURATION:P1DT1H',
      'SUMMARY:x',
      'X-MICROSOFT-CDO-BUSYSTATUS:OOF',
      'X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY',
      'X-GOOGLE-CONFERENCE:https://meet.google.com/abc',
      'X-ALT-DESC;FMTTYPE=text/html:<b>x</b>',
      'ATTENDEE;CN="Smith, Bob";PARTSTAT=ACCEPTED;X-NUM-GUESTS=0:MAILTO:bob@example.com',
    );
    const appointment = only(text);
    expect(appointment.timeZone).toBe('Europe/Berlin');
    expect(appointment.start?.toISOString()).toBe('2026-07-02T08:00:00.000Z');
    expect(appointment.end?.toISOString()).toBe('2026-07-03T09:00:00.000Z');
    expect(appointment.busyStatus).toBe('out-of-office');
    expect(appointment.conferenceUrl).toBe('https://meet.google.com/abc');
    expect(appointment.attendees[0]).toMatchObject({
      name: 'Smith, Bob',
      address: 'bob@example.com',
    });
    const lines = linesOf(appointment.request.call(withOrganizer(appointment)).content);
    expect(lines).toContain('X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY');
    expect(lines).toContain(
      'ATTENDEE;CN="Smith, Bob";PARTSTAT=ACCEPTED;X-NUM-GUESTS=0:MAILTO:bob@example.com',
    );
  });

  it('several events, and the exceptions of one', () => {
    const calendar = Calendar.parse(
      ics(
        ...[
          'BEGIN:VEVENT',
          'UID:a',
          'RECURRENCE-ID:20260303T100000Z',
          'DTSTART:20260303T120000Z',
          'END:VEVENT',
        ],
        ...['BEGIN:VEVENT', 'UID:b', 'DTSTART:20260302', 'END:VEVENT'],
        ...[
          'BEGIN:VEVENT',
          'UID:a',
          'DTSTART:20260302T100000Z',
          'RRULE:FREQ=DAILY;COUNT=3',
          'END:VEVENT',
        ],
      ),
    );
    expect(calendar.appointments.map(({ uid, exceptions }) => [uid, exceptions.length])).toEqual([
      ['b', 0],
      ['a', 1],
    ]);
    const starts = [...(calendar.appointments[1]?.occurrences() ?? [])].map(({ start }) =>
      start.getUTCHours(),
    );
    expect(starts).toEqual([10, 12, 10]);
  });
});

function withOrganizer(appointment: Appointment): Appointment {
  appointment.change({ organizer: 'ann@example.com' });
  return appointment;
}
