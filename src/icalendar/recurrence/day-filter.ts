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

/** A test for days, which are given as the wall clock of their midnight. */
export function dayFilter(rule: RecurrenceRule): (day: WallClock) => boolean {
  const { frequency, weekNumbers, yearDays, monthDays, days } = rule;
  const months = new Set(rule.months);
  // Ordinals count in the month, but in the year for a yearly rule without months; beside week numbers they mean nothing.
  const isYearly = frequency === 'YEARLY';
  const countsInYear = isYearly && months.size === 0;
  const ignoresNth = !(frequency === 'MONTHLY' || (isYearly && weekNumbers.length === 0));
  return (day) => {
    const at = new Date(day);
    const month = at.getUTCMonth() + 1;
    if (months.size > 0 && !months.has(month)) return false;
    const year = at.getUTCFullYear();
    const dayOfMonth = at.getUTCDate();
    if (monthDays.length > 0) {
      const last = daysInMonth(year, month);
      if (!monthDays.includes(dayOfMonth) && !monthDays.includes(dayOfMonth - last - 1)) {
        return false;
      }
    }
    if (days.length > 0) {
      const weekday = at.getUTCDay();
      const [index, last] = countsInYear
        ? [dayOfYear(day, year), daysInYear(year)]
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
      const index = dayOfYear(day, year);
      if (!yearDays.includes(index) && !yearDays.includes(index - daysInYear(year) - 1)) {
        return false;
      }
    }
    if (isYearly && weekNumbers.length > 0) {
      const [number, weeks] = weekNumber(day, rule.weekStart);
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

const dayOfYear = (day: WallClock, year: number): number => (day - wallClock(year, 1, 1)) / DAY + 1;

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
