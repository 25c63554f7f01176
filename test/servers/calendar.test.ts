// What we write is accepted by Debian's iCalendar libraries, and our recurrences are those of python-dateutil.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { Appointment, Calendar, FreeBusy, Todo } from 'posthorn/calendar';
import { describe, expect, it } from 'vitest';
import { event, names, weekly } from '../calendar/support/events.ts';
import { rules, starts } from '../calendar/support/rules.ts';
import { required } from './support/peer.ts';

const PYTHON = '/usr/bin/python3';
const missing =
  spawnSync(PYTHON, ['-c', 'import dateutil, icalendar, vobject']).status !== 0 && !required;
const script = fileURLToPath(new URL('support/read-ics.py', import.meta.url));

function ask<T>(cases: readonly object[]): T[] {
  const input = cases.map((each) => `${JSON.stringify(each)}\n`).join('');
  const { stdout, stderr } = spawnSync(PYTHON, [script], { input, encoding: 'utf8' });
  const answers = stdout.trim().split('\n');
  if (answers.length !== cases.length) throw new Error(stderr);
  return answers.map((line) => JSON.parse(line) as T);
}

describe.skipIf(missing)(
  'Python (apt-get install python3-dateutil python3-icalendar python3-vobject)',
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

    it('what we write is accepted by icalendar and vobject', () => {
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
        reminders: [
          { minutesBefore: 15 },
          { at: new Date('2026-06-30T08:00:00Z'), action: 'email' },
        ],
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
        meeting.cancel(),
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
      const all = [...views.map(({ content }) => String(content)), String(calendar)];
      const answers = ask<string[]>(all.map((ics) => ({ ics })));
      expect(answers).toEqual(all.map(() => []));
    });
  },
);
