// Times as a caller gives them: an instant, a wall clock, a day.
import { OptionError, printable } from '../base/index.ts';
import {
  type CalendarTime,
  DAY,
  instantOf,
  namedZone,
  readTime,
  type Zone,
} from '../icalendar/internal.ts';
import { fieldError } from './item.ts';

/**
 * A `Date` is an instant. A string is a whole day (`'2026-03-02'`), what the clock shows in the appointment's zone
 * (`'2026-03-02T10:00'`; without a zone wherever one is), or an instant (`'2026-03-02T10:00Z'`, `'…T10:00+02:00'`).
 */
export type TimeInput = Date | string;

/** What a time is read with. */
export interface TimeContext {
  readonly zone: Zone | undefined;
  readonly allDay: boolean;
}

/** The zone of an IANA or Windows name. */
export function zoneOption(name: unknown): Zone {
  const zone = typeof name === 'string' ? namedZone(name) : undefined;
  if (zone) return zone;
  throw new OptionError(
    'timeZone',
    `'timeZone' must be a time zone of IANA or Windows, such as 'Europe/Paris' or 'W. Europe Standard Time', got '${printable(String(name), 60)}'`,
  );
}

/** The time that a caller means. */
export function readTimeInput(
  input: TimeInput,
  member: string,
  context: TimeContext,
): CalendarTime {
  if (input instanceof Date) return fromInstant(input, member, context);
  const text = typeof input === 'string' ? input.trim() : '';
  const offset = /[+-]\d\d:?\d\d$/.exec(text);
  if (offset && text.includes('T')) return fromInstant(new Date(text), member, context);
  const time = text.length < 40 ? readTime(text) : undefined;
  if (!time) {
    throw fieldError(
      member,
      `must be a Date, '2026-03-02', '2026-03-02T10:00' or '2026-03-02T10:00Z', got '${printable(String(input), 60)}'`,
    );
  }
  if (time.kind === 'utc') return fromInstant(new Date(time.clock), member, context);
  if (time.kind === 'date' || context.allDay) {
    return { clock: Math.floor(time.clock / DAY) * DAY, kind: 'date' };
  }
  return context.zone ? inZone(time.clock, context.zone) : time;
}

const inZone = (clock: number, zone: Zone): CalendarTime =>
  zone.name === 'UTC' ? { clock, kind: 'utc' } : { clock, kind: 'zoned', zone: zone.name };

function fromInstant(date: Date, member: string, { zone, allDay }: TimeContext): CalendarTime {
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9998)) {
    throw fieldError(member, 'must be a valid Date of the years 1 to 9998');
  }
  const instant = Math.floor(date.getTime() / 1000) * 1000;
  const clock = zone ? instant + zone.offsetAt(instant) : instant;
  if (allDay) return { clock: Math.floor(clock / DAY) * DAY, kind: 'date' };
  // What the clock shows for the second time, when it was set back, only UTC can say.
  if (!zone || instantOf(zone, clock) !== instant) return { clock: instant, kind: 'utc' };
  return inZone(clock, zone);
}
