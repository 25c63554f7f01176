// The wall clocks of a rule, in order, one at a time. Every step is counted: rules that never match come to an end.
import { limits } from '../../base/index.ts';
import { DAY, type WallClock, wallClock } from '../time/calendar-time.ts';
import { completeRule, dayFinder, startOfWeek } from './day-filter.ts';
import type { RecurrenceRule } from './rule.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const SECOND = 1000;
const END_OF_TIME: WallClock = wallClock(10_000, 1, 1);

/**
 * The occurrences of a rule from `start` on, which counts as the first one whether the rule takes it or not.
 *
 * @param until The last moment that counts, on the same clock.
 * @param from Where the caller begins to look: what is before may be left out when the rule does not count.
 */
export function* expandRule(
  rule: RecurrenceRule,
  start: WallClock,
  until: WallClock,
  isDate: boolean,
  from: WallClock = start,
): Generator<WallClock, void> {
  const complete = completeRule(rule, start);
  let left = rule.count ?? Number.POSITIVE_INFINITY;
  if (start > until) return;
  yield start;
  left -= 1;
  if (left <= 0) return;
  const skipTo = rule.count === undefined ? from : start;
  for (const clock of candidates(complete, start, isDate, skipTo)) {
    if (clock > until || clock >= END_OF_TIME) return;
    if (clock <= start) continue;
    yield clock;
    left -= 1;
    if (left <= 0) return;
  }
}

function candidates(
  rule: RecurrenceRule,
  start: WallClock,
  isDate: boolean,
  from: WallClock,
): Generator<WallClock, void> {
  const { frequency } = rule;
  if (frequency === 'HOURLY' || frequency === 'MINUTELY' || frequency === 'SECONDLY') {
    return smallPeriods(rule, start, frequency, from);
  }
  return dayPeriods(rule, start, isDate, from);
}

type DayFrequency = 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';

// The calendar repeats itself after 400 years, whatever the interval: a rule that took nothing for so many periods never will.
const CYCLE: Readonly<Record<DayFrequency, number>> = {
  DAILY: 146_097,
  WEEKLY: 20_871,
  MONTHLY: 4800,
  YEARLY: 400,
};

const MOST_DAYS: Readonly<Record<DayFrequency, number>> = {
  DAILY: 1,
  WEEKLY: 7,
  MONTHLY: 31,
  YEARLY: 366,
};

/** Whether BYSETPOS asks only for places that no period has. */
const isBeyond = (positions: readonly number[], most: number): boolean =>
  positions.length > 0 && positions.every((place) => Math.abs(place) > most);

/** Rules that repeat by day or more: the days of each period, then the times of each day. */
function* dayPeriods(
  rule: RecurrenceRule,
  start: WallClock,
  isDate: boolean,
  from: WallClock,
): Generator<WallClock, void> {
  const daysFrom = dayFinder(rule);
  const times = isDate ? [0] : timesOfDay(rule, start);
  if (isBeyond(rule.positions, MOST_DAYS[rule.frequency as DayFrequency] * times.length)) return;
  let barren = 0;
  for (let index = firstIndex(rule, start, from); ; index += rule.interval) {
    const [begin, end] = period(rule, start, index);
    if (!(begin < END_OF_TIME)) return;
    const days = daysFrom(begin, end);
    const some = rule.positions.length > 0 ? chosen(days, times, rule.positions) : undefined;
    barren = (some ?? days).length > 0 ? 0 : barren + 1;
    if (barren > CYCLE[rule.frequency as DayFrequency]) return;
    if (some) yield* some;
    else for (const day of days) for (const time of times) yield day + time;
  }
}

/** The index of the first period that can matter: a multiple of the interval, not after the one that holds `from`. */
function firstIndex(rule: RecurrenceRule, start: WallClock, from: WallClock): number {
  if (from <= start) return 0;
  const length = MOST_DAYS[rule.frequency as DayFrequency] * DAY;
  const periods = Math.floor((from - start) / length) - 1;
  return Math.max(0, Math.floor(periods / rule.interval) * rule.interval);
}

/** The days from which to which the period with an index goes; the one of `start` has the index 0. */
function period(rule: RecurrenceRule, start: WallClock, index: number): [WallClock, WallClock] {
  const at = new Date(start);
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth() + 1];
  const day = start - modulo(start, DAY);
  if (rule.frequency === 'YEARLY') {
    return [wallClock(year + index, 1, 1), wallClock(year + index + 1, 1, 1)];
  }
  if (rule.frequency === 'MONTHLY') {
    return [wallClock(year, month + index, 1), wallClock(year, month + index + 1, 1)];
  }
  if (rule.frequency === 'WEEKLY') {
    const begin = startOfWeek(day, rule.weekStart) + index * 7 * DAY;
    return [begin, begin + 7 * DAY];
  }
  return [day + index * DAY, day + (index + 1) * DAY];
}

function timesOfDay(rule: RecurrenceRule, start: WallClock): number[] {
  const at = new Date(start);
  const hours = rule.hours.length > 0 ? rule.hours : [at.getUTCHours()];
  const minutes = rule.minutes.length > 0 ? rule.minutes : [at.getUTCMinutes()];
  const seconds = rule.seconds.length > 0 ? rule.seconds : [at.getUTCSeconds()];
  return hours.flatMap((hour) =>
    minutes.flatMap((minute) =>
      seconds.map((second) => hour * HOUR + minute * MINUTE + second * SECOND),
    ),
  );
}

/** BYSETPOS: some of the times of a period, by their place; the whole list is never made. */
function chosen(
  days: readonly WallClock[],
  times: readonly number[],
  positions: readonly number[],
): WallClock[] {
  const all = days.length * times.length;
  const places = new Set(positions.map((place) => (place > 0 ? place - 1 : all + place)));
  return [...places]
    .filter((place) => place >= 0 && place < all)
    .sort((a, b) => a - b)
    .map(
      (place) => (days[Math.floor(place / times.length)] ?? 0) + (times[place % times.length] ?? 0),
    );
}

/** Rules that repeat by hour or less: what does not fit is passed over by the day, hour or minute. */
function* smallPeriods(
  rule: RecurrenceRule,
  start: WallClock,
  frequency: 'HOURLY' | 'MINUTELY' | 'SECONDLY',
  from: WallClock,
): Generator<WallClock, void> {
  const unit = { HOURLY: HOUR, MINUTELY: MINUTE, SECONDLY: SECOND }[frequency];
  const step = unit * rule.interval;
  const begin = start - modulo(start, unit);
  const daysFrom = dayFinder(rule);
  const hours = new Set(rule.hours);
  const minutes = new Set(rule.minutes);
  const seconds = new Set(rule.seconds);
  const offsets = offsetsWithin(rule, start, frequency);
  if (isBeyond(rule.positions, offsets.length)) return;
  const alignedAfter = (clock: WallClock): WallClock =>
    begin + Math.ceil((clock - begin) / step) * step;
  let known: [day: WallClock, isTaken: boolean] | undefined;
  let barren = 0;
  let at = from > start + step ? alignedAfter(from - step) : begin;
  while (at < END_OF_TIME && barren <= limits.recurrenceSteps) {
    const day = at - modulo(at, DAY);
    if (known?.[0] !== day) known = [day, daysFrom(day, day + DAY).length > 0];
    const clock = new Date(at);
    let next = at + step;
    if (!known[1]) next = alignedAfter(day + DAY);
    else if (hours.size > 0 && !hours.has(clock.getUTCHours())) {
      next = alignedAfter(at - modulo(at, HOUR) + HOUR);
    } else if (unit < HOUR && minutes.size > 0 && !minutes.has(clock.getUTCMinutes())) {
      next = alignedAfter(at - modulo(at, MINUTE) + MINUTE);
    } else if (unit > SECOND || seconds.size === 0 || seconds.has(clock.getUTCSeconds())) {
      const some = rule.positions.length > 0 ? chosen([at], offsets, rule.positions) : undefined;
      if (!some || some.length > 0) barren = -1;
      for (const found of some ?? offsets) yield some ? found : at + found;
    }
    barren += 1;
    at = next;
  }
}

/** What a rule adds to the beginning of each of its hours, minutes or seconds. */
function offsetsWithin(rule: RecurrenceRule, start: WallClock, frequency: string): number[] {
  if (frequency === 'SECONDLY') return [0];
  const at = new Date(start);
  const seconds = rule.seconds.length > 0 ? rule.seconds : [at.getUTCSeconds()];
  if (frequency === 'MINUTELY') return seconds.map((second) => second * SECOND);
  const minutes = rule.minutes.length > 0 ? rule.minutes : [at.getUTCMinutes()];
  return minutes.flatMap((minute) => seconds.map((second) => minute * MINUTE + second * SECOND));
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by;
