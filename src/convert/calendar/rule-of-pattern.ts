// From a recurrence pattern of Outlook to a rule of iCalendar (MS-OXCICAL section 2.1.3.2).
import {
  type CalendarTime,
  DAY,
  instantOf,
  writeRule,
  type Zone,
} from '../../icalendar/internal.ts';
import {
  PatternType,
  RecurFrequency,
  RecurrenceEnd,
  type RecurrencePattern,
} from '../../mapi/index.ts';
import { clockOfMinutes } from '../../mapi/internal.ts';

type RecurrenceRule = Parameters<typeof writeRule>[0];
type RuleDay = RecurrenceRule['days'][number];

/** Calendars other than the usual one whose months and days are the same (MS-OXOCAL, CalendarType). */
const GREGORIAN = new Set([0, 1, 2, 3, 4, 5, 7, 9, 10, 11, 12]);

/** Whether a pattern counts by the months of another calendar, for which there is no rule. */
export function isForeignCalendar({ calendarType, patternType }: RecurrencePattern): boolean {
  return !GREGORIAN.has(calendarType) || patternType >= PatternType.hijriMonth;
}

/**
 * The rule of a pattern.
 *
 * @param time The first occurrence: a date or the clock of a zone.
 */
export function ruleOfPattern(pattern: RecurrencePattern, time: CalendarTime, zone: Zone): string {
  const rule: RecurrenceRule = {
    frequency: 'DAILY',
    interval: 1,
    count: undefined,
    until: undefined,
    seconds: [],
    minutes: [],
    hours: [],
    days: [],
    monthDays: [],
    yearDays: [],
    weekNumbers: [],
    months: [],
    positions: [],
    weekStart: pattern.firstDayOfWeek % 7,
    ...daysOf(pattern),
    ...endOf(pattern, time, zone),
  };
  return writeRule(rule);
}

function daysOf(pattern: RecurrencePattern): Partial<RecurrenceRule> {
  const period = Math.max(1, pattern.period);
  switch (pattern.patternType) {
    case PatternType.day:
      return { frequency: 'DAILY', interval: Math.max(1, Math.round(period / 1440)) };
    case PatternType.week:
      return {
        frequency: 'WEEKLY',
        interval: period,
        days: weekdaysOf(pattern.weekdays),
      };
    default:
      return { ...monthsOf(pattern, period), ...dayOfMonth(pattern) };
  }
}

function monthsOf(pattern: RecurrencePattern, period: number): Partial<RecurrenceRule> {
  if (pattern.recurFrequency !== RecurFrequency.yearly || period % 12 !== 0) {
    return { frequency: 'MONTHLY', interval: period };
  }
  return { frequency: 'YEARLY', interval: period / 12, months: [monthOf(pattern)] };
}

const monthOf = ({ startDate }: RecurrencePattern): number =>
  new Date(clockOfMinutes(startDate)).getUTCMonth() + 1;

function dayOfMonth(pattern: RecurrencePattern): Partial<RecurrenceRule> {
  const { patternType, nth } = pattern;
  if (patternType === PatternType.monthNth) {
    const place = nth === 5 ? -1 : nth;
    const days = weekdaysOf(pattern.weekdays);
    const [first] = days;
    return days.length === 1 && first
      ? { days: [{ ...first, nth: place }] }
      : { days, positions: [place] };
  }
  const day = patternType === PatternType.monthEnd ? 31 : pattern.dayOfMonth;
  if (day >= 31) return { monthDays: [-1] };
  // In a shorter month Outlook takes the last day, and a rule of iCalendar none.
  const isYearly = pattern.recurFrequency === RecurFrequency.yearly && pattern.period % 12 === 0;
  if (day <= 28 || (isYearly && monthOf(pattern) !== 2)) return { monthDays: [Math.max(1, day)] };
  const monthDays = [28, 29, 30].filter((each) => each <= day);
  return { monthDays, positions: [-1] };
}

const weekdaysOf = (mask: number): RuleDay[] =>
  [0, 1, 2, 3, 4, 5, 6].filter((day) => (mask >> day) & 1).map((weekday) => ({ weekday, nth: 0 }));

function endOf(
  pattern: RecurrencePattern,
  time: CalendarTime,
  zone: Zone,
): Partial<RecurrenceRule> {
  if (pattern.endType === RecurrenceEnd.count) {
    return { count: Math.max(1, pattern.occurrenceCount) };
  }
  if (pattern.endType !== RecurrenceEnd.date) return {};
  const day = Math.floor(clockOfMinutes(pattern.endDate) / DAY) * DAY;
  if (time.kind === 'date') return { until: { clock: day, kind: 'date' } };
  // RFC 5545 section 3.3.10: the end of what is told in a zone is told in UTC.
  const clock = day + (((time.clock % DAY) + DAY) % DAY);
  return { until: { clock: instantOf(zone, clock), kind: 'utc' } };
}
