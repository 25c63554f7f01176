// What we write is accepted by Debian's iCalendar libraries, and our recurrences are those of python-dateutil.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import type { AlternateView } from 'posthorn';
import { Appointment, Calendar, FreeBusy, Todo } from 'posthorn/calendar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { event, names, weekly } from '../calendar/support/events.ts';
import { rules, starts } from '../calendar/support/rules.ts';
import { required, startPeer, stopPeers } from './support/peer.ts';

const PYTHON = '/usr/bin/python3';
const missing =
  spawnSync(PYTHON, [
    '-c',
    "import ctypes, dateutil, icalendar, vobject; ctypes.CDLL('libical.so.3')",
  ]).status !== 0 && !required;
const script = fileURLToPath(new URL('support/read-ics.py', import.meta.url));

function ask<T>(cases: readonly object[]): T[] {
  const input = cases.map((each) => `${JSON.stringify(each)}\n`).join('');
  const { stdout, stderr } = spawnSync(PYTHON, [script], { input, encoding: 'utf8' });
  const answers = stdout.trim().split('\n');
  if (answers.length !== cases.length) throw new Error(stderr);
  return answers.map((line) => JSON.parse(line) as T);
}

function taskViews(): AlternateView[] {
  const task = new Todo({
    summary: 'Write; all, of it',
    due: '2046-03-02T10:00',
    timeZone: 'Europe/Paris',
    priority: 2,
    organizer: 'Ann <ann@example.com>',
    attendees: ['Bob <bob@example.com>', 'cleo@example.com'],
  });
  return [
    task.request(),
    task.update({ due: '2046-03-03T10:00' }, { comment: 'a day more' }),
    task.reply('bob@example.com', 'in-process', { percentComplete: 30 }),
    task.reply('bob@example.com', 'completed'),
    task.reply('cleo@example.com', 'delegated', { delegateTo: 'dan@example.com' }),
    task.counter('bob@example.com', { due: '2046-03-04T10:00' }),
    task.declineCounter('bob@example.com'),
    task.refresh('bob@example.com'),
    task.publish(),
    task.cancel(),
  ];
}

function freeBusyViews(): AlternateView[] {
  const freeBusy = new FreeBusy({
    start: new Date('2026-03-02T00:00:00Z'),
    end: new Date('2026-03-03T00:00:00Z'),
    organizer: 'Ann <ann@example.com>',
    attendees: 'Bob <bob@example.com>',
  });
  const periods = [
    { start: new Date('2026-03-02T10:00:00Z'), end: new Date('2026-03-02T11:00:00Z') },
  ];
  return [freeBusy.request(), freeBusy.reply('bob@example.com', periods), freeBusy.publish()];
}

/** Appointments of every kind of time, to be kept by a server. */
function kept(): Appointment[] {
  const series = weekly();
  series.changeOccurrence('2026-03-09', { start: '2026-03-09T14:00' });
  return [
    series,
    new Appointment({ summary: 'Ein Tag', start: '2026-03-02', end: '2026-03-04' }),
    new Appointment({ summary: 'floating', start: '2026-03-02T10:00', durationMinutes: 30 }),
    new Appointment({
      summary: 'Windows',
      start: '2026-03-02T10:00',
      timeZone: 'W. Europe Standard Time',
      windowsTimeZones: true,
      recurrence: 'FREQ=DAILY;COUNT=3',
      reminders: [{ minutesBefore: 15 }],
    }),
  ];
}

/** One of everything that we write. */
function everything(): string[] {
  const rich = new Appointment({
    summary: 'Ünïcode; with, everything \\ in it 🎺'.repeat(4),
    description: 'Line\r\nline\n\ttab\0nul 日本国際博覧会'.repeat(8),
    htmlDescription: '<p style="color: red">Hello; there, "you"</p>'.repeat(5),
    start: new Date('2026-07-01T08:00:00Z'),
    durationMinutes: 90,
    timeZone: 'America/New_York',
    organizer: {
      name: 'Ann "the boss": Smith',
      address: 'ann@example.com',
      sentBy: 'pa@example.com',
    },
    attendees: ['Bob <bob@example.com>'],
    optionalAttendees: 'cleo@example.com',
    resources: 'Room <room@example.com>',
    recurrence: 'FREQ=MONTHLY;BYDAY=2TU;UNTIL=20271231',
    exceptionDates: ['2026-08-11'],
    reminders: [{ minutesBefore: 15 }, { at: new Date('2026-06-30T08:00:00Z'), action: 'email' }],
    attachments: [{ url: 'https://example.com/a' }, { filename: 'a.txt', content: 'text' }],
    categories: ['one', 'two, three'],
    conferenceUrl: 'https://meet.example.com/x',
  });
  const meeting = weekly();
  const views = [
    rich.request(),
    rich.update({ location: 'Elsewhere' }),
    meeting.update({ start: '2026-03-09T14:00' }, { occurrence: '2026-03-09' }),
    meeting.reply('bob@example.com', 'tentative', { comment: 'perhaps' }),
    meeting.reply('cleo@example.com', 'delegated', { delegateTo: 'dan@example.com' }),
    meeting.counter('bob@example.com', { start: '2026-03-02T15:00' }),
    meeting.declineCounter('bob@example.com'),
    meeting.publish(),
    meeting.add({ start: '2026-05-02T10:00' }),
    meeting.cancel({ occurrence: '2026-03-16' }),
    meeting.refresh('bob@example.com'),
    meeting.cancel(),
    ...taskViews(),
    ...freeBusyViews(),
  ];
  const calendar = new Calendar({
    appointments: [rich, meeting],
    todos: [new Todo({ summary: 'Write', due: '2026-03-02', priority: 1 })],
    freeBusy: [
      new FreeBusy({
        start: new Date('2026-03-02T00:00:00Z'),
        end: new Date('2026-03-03T00:00:00Z'),
        periods: [
          { start: new Date('2026-03-02T10:00:00Z'), end: new Date('2026-03-02T11:00:00Z') },
        ],
      }),
    ],
  });
  return [...views.map(({ content }) => String(content)), String(calendar)];
}

describe.skipIf(missing)(
  'Python (apt-get install python3-dateutil python3-icalendar python3-vobject libical3)',
  () => {
    it('generated rules are expanded as by dateutil', () => {
      const count = 20;
      const cases = fc.sample(fc.record({ start: starts, rule: rules }), { numRuns: 400, seed: 7 });
      const answers = ask<string[] | null>(cases.map((each) => ({ ...each, count })));
      let compared = 0;
      for (const [index, { start, rule }] of cases.entries()) {
        const answer = answers[index];
        // dateutil refuses some rules, and gives up on none: those that take long are left out.
        if (!answer) continue;
        compared += 1;
        // It leaves out a beginning that the rule does not take; for us it is the first occurrence.
        const theirs = answer[0] === start ? answer : [start, ...answer].slice(0, count);
        const to = new Date('2100-01-01T00:00:00Z');
        const [appointment] = Calendar.parse(
          event(`DTSTART:${start}`, `RRULE:${rule}`),
        ).appointments;
        const ours = [...(appointment?.occurrences({ limit: count, to }) ?? [])];
        expect(
          ours.map(({ recurrenceId }) => recurrenceId),
          `${start} ${rule}`,
        ).toEqual(theirs);
      }
      expect(compared).toBeGreaterThan(200);
      expect(names(event('DTSTART:20260302T100000', 'RRULE:FREQ=DAILY;COUNT=2'))).toHaveLength(2);
    });

    it('what we write is accepted by icalendar, vobject and libical', () => {
      const all = everything();
      const answers = ask<string[]>(all.map((ics) => ({ ics })));
      expect(answers).toEqual(all.map(() => []));
    });
  },
);

describe('Radicale', () => {
  let url: string | undefined;
  const authorization = `Basic ${Buffer.from('alice:secret').toString('base64')}`;

  beforeAll(async () => {
    url = (await startPeer('radicale'))?.['CALDAV_URL'];
  }, 60_000);
  afterAll(stopPeers);

  it('stores what we write, and gives back what says the same', async ({ skip }) => {
    if (url === undefined) skip();
    const collection = `${url}work/`;
    const made = await fetch(collection, { method: 'MKCALENDAR', headers: { authorization } });
    expect(made.status).toBe(201);
    const calendars = [
      ...kept().map((appointment) => new Calendar({ appointments: [appointment] })),
      new Calendar({ todos: [new Todo({ summary: 'Write', due: '2026-03-02', priority: 1 })] }),
    ];
    for (const [index, calendar] of calendars.entries()) {
      const body = calendar.toString();
      const at = `${collection}${index}.ics`;
      const headers = { authorization, 'content-type': 'text/calendar; charset=utf-8' };
      const put = await fetch(at, { method: 'PUT', body, headers });
      expect([put.status, put.status === 201 ? '' : body]).toEqual([201, '']);
      const back = Calendar.parse(await (await fetch(at, { headers: { authorization } })).text());
      expect(back.problems).toEqual([]);
      const said = (each: Calendar): unknown[] => [
        each.todos.map(({ summary, due }) => [summary, due]),
        each.appointments.map((appointment) => [
          appointment.summary,
          [...appointment.occurrences({ limit: 10 })].map(({ start, end }) => [start, end]),
          appointment.reminders.length,
        ]),
      ];
      expect(said(back)).toEqual(said(Calendar.parse(body)));
    }
  });
});
