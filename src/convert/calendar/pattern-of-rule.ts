// From a rule of iCalendar to the days of a recurrence pattern of Outlook (MS-OXCICAL section 2.1.3.2). Outlook knows fewer
// rules: what it has no pattern for gives none.
import type { CalendarTime, readRule } from '../../icalendar/internal.ts';
import { PatternType, RecurFrequency, type RecurrencePattern } from '../../mapi/index.ts';

type RecurrenceRule = NonNullable<ReturnType<typeof readRule>>;

/** The part of a pattern that says which days. */
export type PatternDays = Pick<
  RecurrencePattern,
  'recurFrequency' | 'patternType' | 'period' | 'weekdays' | 'dayOfMonth' | 'nth' | 'firstDayOfWeek'
>;

/** The days of a rule; `undefined`: Outlook has no such pattern. */
export function patternOfRule(rule: RecurrenceRule, start: CalendarTime): PatternDays | undefined {
  const at = new Date(start.clock);
  const { hours, minutes, seconds, yearDays, weekNumbers } = rule;
  const isTimed =
    isOnly(hours, at.getUTCHours()) &&
    isOnly(minutes, at.getUTCMinutes()) &&
    isOnly(seconds, at.getUTCSeconds());
  if (!isTimed || yearDays.length > 0 || weekNumbers.length > 0) return undefined;
  switch (rule.frequency) {
    case 'DAILY':
      return daily(rule);
    case 'WEEKLY':
      return weekly(rule, at);
    case 'MONTHLY':
      return rule.months.length > 0 ? undefined : monthly(rule, at, RecurFrequency.monthly, 1);
    case 'YEARLY':
      return yearly(rule, at);
    default:
      return undefined;
  }
}

/** Whether a list says nothing but what the first occurrence says. */
const isOnly = (list: readonly number[], value: number): boolean =>
  list.length === 0 || (list.length === 1 && list[0] === value);

const NOTHING = { weekdays: 0, dayOfMonth: 0, nth: 0 };

function daily(rule: RecurrenceRule): PatternDays | undefined {
  const { interval, days, months, monthDays, positions, weekStart } = rule;
  if (months.length + monthDays.length + positions.length > 0) return undefined;
  const common = { ...NOTHING, recurFrequency: RecurFrequency.daily, firstDayOfWeek: weekStart };
  if (days.length === 0) {
    return { ...common, patternType: PatternType.day, period: interval * 1440 };
  }
  // Every day that is one of these: the pattern that Outlook has for workdays.
  if (interval > 1) return undefined;
  return { ...common, patternType: PatternType.week, period: 1, weekdays: maskOf(rule) };
}

function weekly(rule: RecurrenceRule, at: Date): PatternDays | undefined {
  if (rule.months.length + rule.monthDays.length + rule.positions.length > 0) return undefined;
  return {
    ...NOTHING,
    recurFrequency: RecurFrequency.weekly,
    patternType: PatternType.week,
    period: rule.interval,
    weekdays: rule.days.length > 0 ? maskOf(rule) : 1 << at.getUTCDay(),
    firstDayOfWeek: rule.weekStart,
  };
}

function yearly(rule: RecurrenceRule, at: Date): PatternDays | undefined {
  const month = at.getUTCMonth() + 1;
  if (!isOnly(rule.months, month)) return undefined;
  // Without a month, the nth day counts in the year, and days of the month mean those of all months.
  const isOfYear = rule.days.length + rule.monthDays.length > 0;
  if (rule.months.length === 0 && isOfYear) return undefined;
  return monthly(rule, at, RecurFrequency.yearly, 12);
}

function monthly(
  rule: RecurrenceRule,
  at: Date,
  recurFrequency: number,
  months: number,
): PatternDays | undefined {
  const { interval, days, monthDays, positions, weekStart } = rule;
  const common = {
    ...NOTHING,
    recurFrequency,
    period: interval * months,
    firstDayOfWeek: weekStart,
  };
  if (days.length > 0) {
    if (monthDays.length > 0) return undefined;
    const nth = placeOf(rule);
    return nth === undefined
      ? undefined
      : { ...common, patternType: PatternType.monthNth, weekdays: maskOf(rule), nth };
  }
  const dayOfMonth = dayOf(monthDays, positions, at);
  return dayOfMonth === undefined
    ? undefined
    : { ...common, patternType: PatternType.month, dayOfMonth };
}

/** Which of the weekdays in a month: 1 to 4, 5 for the last. */
function placeOf({ days, positions }: RecurrenceRule): number | undefined {
  const [first] = days;
  const own = days.length === 1 && positions.length === 0 ? first?.nth : undefined;
  const chosen =
    positions.length === 1 && days.every(({ nth }) => nth === 0) ? positions[0] : undefined;
  const place = own ?? chosen ?? 0;
  if (place === -1) return 5;
  return place >= 1 && place <= 4 ? place : undefined;
}

/** The day of the month, of shorter ones the last: 31 is the last of each. */
function dayOf(
  monthDays: readonly number[],
  positions: readonly number[],
  at: Date,
): number | undefined {
  const [first] = monthDays;
  if (first === undefined) return positions.length === 0 ? at.getUTCDate() : undefined;
  if (monthDays.length === 1 && positions.length === 0) {
    return first === -1 ? 31 : first > 0 ? first : undefined;
  }
  // The last of 28, 29 and 30, as this library writes what Outlook means by 30.
  const isRun = monthDays.every((day, index) => day === 28 + index);
  return isRun && positions.length === 1 && positions[0] === -1 ? monthDays.at(-1) : undefined;
}

const maskOf = ({ days }: RecurrenceRule): number =>
  days.reduce((mask, { weekday }) => mask | (1 << weekday), 0);
