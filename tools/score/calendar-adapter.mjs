// Our calendar as the corpus harness wants it: the path of a file in, what was found in it out. `rewritten` tells whether the
// file, written and read again, says the same. The harness compares what stands in a VCALENDAR; we also read what stands alone.
import { readFileSync } from 'node:fs';
import { answerLines, outcome } from './lines.mjs';

const { Calendar } = await import(`${process.env.POSTHORN_DIST ?? '../../dist'}/calendar.js`);

const MOST = 600;

const eventsOf = (calendar) =>
  calendar.appointments.flatMap((appointment) => [appointment, ...appointment.exceptions]);

function describe(event) {
  return {
    uid: event.uid,
    summary: event.summary,
    dtstart: event.start?.toISOString() ?? null,
    rrule: event.recurrence[0] ?? null,
    attendees: event.attendees.length,
  };
}

function read(path) {
  const calendar = Calendar.parse(readFileSync(path));
  const events = eventsOf(calendar).map(describe);
  const again = Calendar.parse(calendar.toString());
  const second = eventsOf(again).map(describe);
  const components = {
    VEVENT: events.length,
    VTODO: calendar.todos.length,
    VFREEBUSY: calendar.freeBusy.length,
  };
  for (const appointment of calendar.appointments) {
    // What the caller gets is the point, not a count: a rule without end is asked for a while.
    for (const _ of appointment.occurrences({ limit: MOST }));
  }
  const isBare = calendar.problems.some(({ code }) => code === 'OUTSIDE_CALENDAR');
  return {
    events: isBare ? [] : events,
    components,
    rewritten:
      JSON.stringify(events) === JSON.stringify(second) && again.toString() === calendar.toString(),
    problems: calendar.problems.length,
  };
}

await answerLines((file) => {
  const started = performance.now();
  return { ...outcome({ file }, () => read(file)), ms: performance.now() - started };
});
