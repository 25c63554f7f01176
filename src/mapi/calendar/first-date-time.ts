// FirstDateTime of a recurrence (MS-OXOCAL section 2.2.1.44.1): the phase of patterns that leave out days, weeks or months.
import { PatternType, type RecurrencePattern } from './recurrence-pattern.ts';

const DAY_MINUTES = 1440;
const WEEK_MINUTES = 7 * DAY_MINUTES;
const EPOCH = Date.UTC(1601, 0, 1);

/** Minutes since 1601 as the clock they are, in milliseconds since 1970. */
export function clockOfMinutes(minutes: number): number {
  return EPOCH + minutes * 60_000;
}

/** A clock in milliseconds since 1970 as minutes since 1601; before that 0. */
export function minutesOfClock(clock: number): number {
  return Math.max(0, Math.floor((clock - EPOCH) / 60_000));
}

/** What FirstDateTime is, by the first day, the period and the day that weeks begin with. */
export function firstDateTime(
  pattern: Pick<RecurrencePattern, 'patternType' | 'period' | 'startDate' | 'firstDayOfWeek'>,
): number {
  const { patternType, period, startDate, firstDayOfWeek } = pattern;
  const every = Math.max(1, period);
  if (patternType === PatternType.day) return startDate % every;
  const start = new Date(clockOfMinutes(startDate));
  if (patternType === PatternType.week) {
    const since = (start.getUTCDay() - firstDayOfWeek + 7) % 7;
    return (startDate - since * DAY_MINUTES) % (every * WEEK_MINUTES);
  }
  const months = (start.getUTCFullYear() - 1601) * 12 + start.getUTCMonth();
  return minutesOfClock(Date.UTC(1601, months % every, 1));
}
