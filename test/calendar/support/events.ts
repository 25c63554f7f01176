// Calendars for tests, and what comes out of them.
import { Appointment, Calendar } from 'posthorn/calendar';

/** A calendar of lines. */
export const ics = (...lines: string[]): string =>
  `${['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//x//y//EN', ...lines, 'END:VCALENDAR'].join('\r\n')}\r\n`;

/** A calendar with one event. */
export const event = (...lines: string[]): string =>
  ics('BEGIN:VEVENT', 'UID:one@example.com', 'DTSTAMP:20260101T000000Z', ...lines, 'END:VEVENT');

/** The one appointment of a calendar. */
export function only(text: string): Appointment {
  const { appointments } = Calendar.parse(text);
  if (appointments.length !== 1) throw new Error(`${appointments.length} appointments`);
  return appointments[0] as Appointment;
}

/** The names of the first occurrences, such as `19970902T090000`. */
export const names = (text: string, limit = 1000): string[] =>
  [...only(text).occurrences({ limit })].map(({ recurrenceId }) => recurrenceId);

/** The lines of what was written, unfolded. */
export const linesOf = (written: string | Uint8Array): string[] =>
  String(written).replaceAll('\r\n ', '').split('\r\n');

/** A meeting of every week, as most tests want it. */
export const weekly = (): Appointment =>
  new Appointment({
    summary: 'Planning',
    location: 'Room 4',
    start: '2026-03-02T10:00',
    end: '2026-03-02T11:00',
    timeZone: 'Europe/Paris',
    organizer: 'Ann <ann@example.com>',
    attendees: ['Bob <bob@example.com>', 'cleo@example.com'],
    recurrence: 'FREQ=WEEKLY;COUNT=8',
    uid: 'planning@example.com',
  });
