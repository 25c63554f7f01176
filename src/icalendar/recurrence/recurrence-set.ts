// The recurrence set of a component (RFC 5545 section 3.8.5): DTSTART, RRULE and RDATE without EXDATE and EXRULE.
import { limits, printable } from '../../base/index.ts';
import { enforceLimit } from '../../base/internal.ts';
import type { Component } from '../component.ts';
import type { Property } from '../content-line.ts';
import type { ProblemList } from '../problem.ts';
import { type CalendarTime, DAY, readTime, type WallClock } from '../time/calendar-time.ts';
import type { ZoneTable } from '../zones/zone-table.ts';
import { expandRule } from './expand-rule.ts';
import { type RecurrenceRule, readRule } from './rule.ts';

/** The time that a property holds, in the zone that it names. */
export function timeOf(property: Property | undefined): CalendarTime | undefined {
  return property && readTime(property.value, property.parameter('TZID'));
}

/** The times of a list, periods by their beginning. */
export function timesOf(property: Property): CalendarTime[] {
  const zone = property.parameter('TZID');
  return property.value.split(',').flatMap((value) => {
    const time = readTime(value.split('/')[0] ?? '', zone);
    return time ? [time] : [];
  });
}

/** The rules of a component by the name of their property. */
export function rulesOf(
  component: Component,
  name: string,
  problems?: ProblemList,
): RecurrenceRule[] {
  const given = component.all(name).slice(0, limits.recurrenceRules);
  return given.flatMap((property) => {
    const complain = (what: string): void => {
      problems?.add('RULE_INVALID', `In ${component.name}: ${what}`);
    };
    const rule = readRule(property.value, complain);
    if (!rule) complain(`'${printable(property.value, 60)}' has no FREQ and is no rule`);
    return rule ? [rule] : [];
  });
}

/** Where a caller looks, as instants; occurrences outside may be given all the same. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * The times of a component that recurs, in order, as the first one is written; of one that does not recur only that.
 *
 * @throws LimitError More than `limits.occurrences` had to be counted.
 */
export function* recurrenceSet(
  component: Component,
  zones: ZoneTable,
  window: Window,
): Generator<CalendarTime, void> {
  const start = timeOf(component.first('DTSTART'));
  if (!start) return;
  const zone = zones.zoneOf(start);
  const clockOf = (time: CalendarTime): WallClock => {
    if (time.kind === 'date' || time.kind === 'floating') return time.clock;
    if (time.kind === start.kind && time.zone === start.zone) return time.clock;
    const instant = zones.instant(time);
    return start.kind === 'floating' || start.kind === 'date'
      ? time.clock
      : instant + zone.offsetAt(instant);
  };
  const isDate = start.kind === 'date';
  // The clocks between which the window lies, whatever its zone does around it.
  const offsets = (at: number): number[] => [-DAY, 0, DAY].map((by) => zone.offsetAt(at + by));
  const { from: first, to: last } = window;
  const from = Number.isFinite(first) ? first + Math.min(...offsets(first)) : start.clock;
  const to = Number.isFinite(last) ? last + Math.max(...offsets(last)) : last;
  const expand = (rule: RecurrenceRule): Generator<WallClock, void> => {
    const { until } = rule;
    // A date as the end of times is the whole day.
    const end = until
      ? clockOf(until) + (until.kind === 'date' && !isDate ? DAY - 1 : 0)
      : Infinity;
    return expandRule(rule, start.clock, end, isDate, from);
  };
  const added = component.all('RDATE').flatMap(timesOf).map(clockOf);
  const rules = rulesOf(component, 'RRULE');
  const sources = [inOrder([start.clock, ...added]), ...rules.map(expand)];
  const excluded = component.all('EXDATE').flatMap(timesOf);
  const excludedDays = new Set(excluded.filter(({ kind }) => kind === 'date').map(clockOf));
  const excludedTimes = new Set(excluded.filter(({ kind }) => kind !== 'date').map(clockOf));
  const excludedByRule = merged(rulesOf(component, 'EXRULE').map(expand));
  let exclude = excludedByRule.next();
  let count = 0;
  for (const clock of merged(sources)) {
    if (clock > to) return;
    count += 1;
    enforceLimit('occurrences', count, 'The number of occurrences before the end of the search');
    while (!exclude.done && exclude.value < clock) exclude = excludedByRule.next();
    if (!exclude.done && exclude.value === clock) continue;
    const day = clock - (((clock % DAY) + DAY) % DAY);
    if (excludedTimes.has(clock) || excludedDays.has(day)) continue;
    yield { ...start, clock };
  }
}

function* inOrder(clocks: readonly WallClock[]): Generator<WallClock, void> {
  yield* [...clocks].sort((a, b) => a - b);
}

/** Several sequences in order as one in order, without doubles. */
function* merged(sources: readonly Generator<WallClock, void>[]): Generator<WallClock, void> {
  const heads = sources.map((source) => source.next());
  for (;;) {
    let least = Number.POSITIVE_INFINITY;
    for (const head of heads) if (!head.done && head.value < least) least = head.value;
    if (least === Number.POSITIVE_INFINITY) return;
    yield least;
    for (const [index, source] of sources.entries()) {
      const head = heads[index];
      if (head && !head.done && head.value <= least) heads[index] = source.next();
    }
  }
}
