// Whether a rule takes a day: its months, weeks, days of the year, of the month and of the week.
import { DAY, type WallClock, wallClock } from '../time/calendar-time.ts';
import type { RecurrenceRule } from './rule.ts';

/** What the first occurrence says where the rule is silent (RFC 5545 section 3.3.10). */
export function completeRule(rule: RecurrenceRule, start: WallClock): RecurrenceRule {
  const { frequency, months, weekNumbers, yearDays, monthDays, days } = rule;
  const at = new Date(start);
  const own = [{ weekday: at.getUTCDay(), nth: 0 }];
  if (days.length + monthDays.length + yearDays.length > 0) return rule;
  if (frequency === 'WEEKLY') return { ...rule, days: own };
  if (frequency === 'MONTHLY') return { ...rule, monthDays: [at.getUTCDate()] };
  if (frequency !== 'YEARLY') return rule;
  if (weekNumbers.length > 0) return { ...rule, days: own };
  return {
    ...rule,
    months: months.length > 0 ? months : [at.getUTCMonth() + 1],
    monthDays: [at.getUTCDate()],
  };
}

/** A day, with what rules ask of it. */
interface Day {
  year: number;
  month: number;
  dayOfMonth: number;
  dayOfYear: number;
  weekday: number;
}

/** Finds the days that a rule takes from one midnight to another. Counts on from day to day, which is quick. */
export function dayFinder(rule: RecurrenceRule): (begin: WallClock, end: WallClock) => WallClock[] {
  const takes = dayFilter(rule);
  return (begin, end) => {
    const found: WallClock[] = [];
    const at = new Date(begin);
    const year = at.getUTCFullYear();
    const day: Day = {
      year,
      month: at.getUTCMonth() + 1,
      dayOfMonth: at.getUTCDate(),
      dayOfYear: (begin - wallClock(year, 1, 1)) / DAY + 1,
      weekday: at.getUTCDay(),
    };
    for (let clock = begin; clock < end; clock += DAY) {
      if (takes(day)) found.push(clock);
      advance(day);
    }
    return found;
  };
}

function advance(day: Day): void {
  day.weekday = (day.weekday + 1) % 7;
  day.dayOfMonth += 1;
  day.dayOfYear += 1;
  if (day.dayOfMonth <= daysInMonth(day.year, day.month)) return;
  day.dayOfMonth = 1;
  day.month += 1;
  if (day.month <= 12) return;
  day.month = 1;
  day.dayOfYear = 1;
  day.year += 1;
}

function dayFilter(rule: RecurrenceRule): (day: Day) => boolean {
  const { frequency, weekNumbers, yearDays, monthDays, days } = rule;
  const months = new Set(rule.months);
  // Ordinals count in the month, but in the year for a yearly rule without months; beside week numbers they mean nothing.
  const isYearly = frequency === 'YEARLY';
  const countsInYear = isYearly && months.size === 0;
  const ignoresNth = !(frequency === 'MONTHLY' || (isYearly && weekNumbers.length === 0));
  return ({ year, month, dayOfMonth, dayOfYear, weekday }) => {
    if (months.size > 0 && !months.has(month)) return false;
    if (monthDays.length > 0) {
      const last = daysInMonth(year, month);
      if (!monthDays.includes(dayOfMonth) && !monthDays.includes(dayOfMonth - last - 1)) {
        return false;
      }
    }
    if (days.length > 0) {
      const [index, last] = countsInYear
        ? [dayOfYear, daysInYear(year)]
        : [dayOfMonth, daysInMonth(year, month)];
      const fits = days.some(
        (wanted) =>
          wanted.weekday === weekday &&
          (wanted.nth === 0 ||
            ignoresNth ||
            wanted.nth === Math.ceil(index / 7) ||
            wanted.nth === -Math.ceil((last - index + 1) / 7)),
      );
      if (!fits) return false;
    }
    if (yearDays.length > 0) {
      const fromEnd = dayOfYear - daysInYear(year) - 1;
      if (!yearDays.includes(dayOfYear) && !yearDays.includes(fromEnd)) return false;
    }
    if (isYearly && weekNumbers.length > 0) {
      const [number, weeks] = weekNumber(wallClock(year, month, dayOfMonth), rule.weekStart);
      if (!weekNumbers.includes(number) && !weekNumbers.includes(number - weeks - 1)) return false;
    }
    return true;
  };
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

const daysInYear = (year: number): number => (isLeap(year) ? 366 : 365);

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The number of a day's week and how many weeks the year has that the week belongs to: the one with four days of it. */
function weekNumber(day: WallClock, weekStart: number): [number: number, weeks: number] {
  const middle = startOfWeek(day, weekStart) + 3 * DAY;
  const year = new Date(middle).getUTCFullYear();
  const first = startOfWeek(wallClock(year, 1, 4), weekStart);
  const next = startOfWeek(wallClock(year + 1, 1, 4), weekStart);
  return [Math.floor((day - first) / (7 * DAY)) + 1, (next - first) / (7 * DAY)];
}

/** The midnight with which a day's week begins. */
export function startOfWeek(day: WallClock, weekStart: number): WallClock {
  return day - ((new Date(day).getUTCDay() - weekStart + 7) % 7) * DAY;
}
