// The recurrence of an appointment of iCalendar as Outlook holds it: the pattern, what was deleted, what differs.
import type { Appointment } from '../../calendar/index.ts';
import {
  type CalendarTime,
  DAY,
  readRule,
  recurrenceSet,
  timeOf,
  timesOf,
} from '../../icalendar/internal.ts';
import {
  type AppointmentRecurrence,
  NEVER_ENDS,
  RecurrenceEnd,
  type RecurrencePattern,
} from '../../mapi/index.ts';
import { firstDateTime, minutesOfClock } from '../../mapi/internal.ts';
import type { Note } from '../loss.ts';
import { patternOfRule } from './pattern-of-rule.ts';

type Item = Appointment['item'];

/** What Outlook writes for a pattern without an end. */
const COUNT_OF_NEVER = 10;
/** More occurrences than this are not counted; what ends after them ends at no day that is known. */
const MOST_COUNTED = 10_000;

const VERSION = 0x3004;
const READER_2 = 0x3006;
const WRITER_2 = 0x3009;
const NOTHING: Uint8Array = new Uint8Array(0);

/** The midnight before a clock, in minutes since 1601. */
const dayMinutes = (clock: number): number => minutesOfClock(Math.floor(clock / DAY) * DAY);

/** The pattern of a component; `undefined`: it does not recur, or Outlook has no pattern for how. */
export function patternOfItem(item: Item, note: Note): RecurrencePattern | undefined {
  const { component, zones } = item;
  const start = timeOf(component.first('DTSTART')) ?? timeOf(component.first('DUE'));
  const rules = component.all('RRULE');
  const lost = (what: string): undefined => {
    note('recurrence-lost', `Outlook has no pattern for ${what}; it was left out`);
    return undefined;
  };
  if (component.first('RDATE')) lost('single dates of a recurrence (RDATE)');
  if (component.first('EXRULE')) lost('a rule of exceptions (EXRULE)');
  const [property] = rules;
  if (!property || !start) return undefined;
  if (rules.length > 1) lost('a second recurrence rule');
  const rule = readRule(property.value, () => undefined);
  const days = rule && patternOfRule(rule, start);
  if (!rule || !days) return lost('the recurrence rule');
  const { count, last } = counted(item, rule.count !== undefined || rule.until !== undefined);
  const startDate = dayMinutes(start.clock);
  const isEndless = last === undefined;
  // Outlook keeps the day that was asked for, whether it takes place on it or not.
  const lastDay = rule.until && clockIn(rule.until, start, zones);
  const endType = isEndless
    ? RecurrenceEnd.never
    : rule.count === undefined
      ? RecurrenceEnd.date
      : RecurrenceEnd.count;
  return {
    readerVersion: VERSION,
    writerVersion: VERSION,
    calendarType: 0,
    ...days,
    firstDateTime: firstDateTime({ ...days, startDate }),
    slidingFlag: 0,
    endType,
    occurrenceCount: isEndless ? COUNT_OF_NEVER : count,
    deletedDates: deletedDays(item, start, zones),
    modifiedDates: [],
    startDate,
    endDate: last === undefined ? NEVER_ENDS : dayMinutes(lastDay ?? last),
  };
}

/** How often the rule gives a time, and the last one. */
function counted(
  { component, zones }: Item,
  hasEnd: boolean,
): { count: number; last: number | undefined } {
  if (!hasEnd) return { count: 0, last: undefined };
  const rule = component.clone();
  for (const name of ['EXDATE', 'RDATE', 'EXRULE']) rule.replace(name, []);
  let count = 0;
  let last: number | undefined;
  const everything = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  for (const { clock } of recurrenceSet(rule, zones, everything)) {
    count += 1;
    last = clock;
    if (count >= MOST_COUNTED) return { count, last: undefined };
  }
  return { count, last };
}

/** A time on the clock of the series. */
export function clockIn(time: CalendarTime, start: CalendarTime, zones: Item['zones']): number {
  const isOwn = time.kind === start.kind && time.zone === start.zone;
  if (isOwn || time.kind === 'date' || time.kind === 'floating') return time.clock;
  if (start.kind === 'date' || start.kind === 'floating') return time.clock;
  const instant = zones.instant(time);
  return instant + zones.zoneOf(start).offsetAt(instant);
}

function deletedDays({ component }: Item, start: CalendarTime, zones: Item['zones']): number[] {
  const times = component.all('EXDATE').flatMap(timesOf);
  const days = times.map((time) => dayMinutes(clockIn(time, start, zones)));
  return [...new Set(days)].sort((a, b) => a - b);
}

/** The pattern of an appointment with its times of day; its exceptions are still to be put in. */
export function recurrenceOfAppointment(
  pattern: RecurrencePattern,
  start: CalendarTime,
  lengthMs: number,
): AppointmentRecurrence {
  const offset =
    start.kind === 'date'
      ? 0
      : Math.floor((start.clock - Math.floor(start.clock / DAY) * DAY) / 60_000);
  return {
    ...pattern,
    readerVersion2: READER_2,
    writerVersion2: WRITER_2,
    startTimeOffset: offset,
    endTimeOffset: offset + Math.max(0, Math.round(lengthMs / 60_000)),
    exceptions: [],
    reserved1: NOTHING,
    reserved2: NOTHING,
    rest: NOTHING,
  };
}
