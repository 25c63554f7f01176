// When an appointment takes place: its recurrence set, with occurrences that were moved, changed or cancelled.
import {
  type CalendarTime,
  type Component,
  DAY,
  instantOf,
  readDuration,
  recurrenceSet,
  timeOf,
  writeTime,
  type ZoneTable,
} from '../icalendar/internal.ts';
import { fieldError, type Item } from './item.ts';

/** Where to look for occurrences, and how many to give. */
export interface OccurrenceOptions {
  /** What ends before is left out. Default: from the first on. */
  readonly from?: Date | undefined;
  /** What begins then or later is left out. Default: without end. */
  readonly to?: Date | undefined;
  /** Default: 100,000. */
  readonly limit?: number | undefined;
}

/** What stands for an occurrence before the room knows appointments. */
export interface FoundOccurrence {
  readonly start: number;
  readonly end: number;
  /** The time that the rule gives. */
  readonly id: CalendarTime;
  readonly component: Component;
}

/** The components of an appointment. */
export interface Series {
  readonly master: Component;
  readonly exceptions: readonly Component[];
  readonly zones: ZoneTable;
}

/** The end of a component that begins at a time. */
export function endOf({ component, zones }: Item, start: CalendarTime): number {
  const begin = zones.instant(start);
  const property = component.first('DTEND') ?? component.first('DUE');
  const own = timeOf(component.first('DTSTART'));
  const end = timeOf(property);
  if (end && own) {
    if (own.kind === 'date' || own.kind === 'floating') return begin + end.clock - own.clock;
    return begin + Math.max(0, zones.instant(end) - zones.instant(own));
  }
  const duration = readDuration(component.value('DURATION') ?? '');
  // Days are those of the calendar, hours are exact (RFC 5545 section 3.3.6).
  if (duration !== undefined) {
    const days = Math.floor(Math.max(0, duration) / DAY) * DAY;
    const rest = Math.max(0, duration) - days;
    return instantOf(zones.zoneOf(start), start.clock + days) + rest;
  }
  return start.kind === 'date' ? begin + DAY : begin;
}

const idOf = (component: Component): CalendarTime | undefined =>
  timeOf(component.first('RECURRENCE-ID'));

const isCancelled = (component: Component): boolean =>
  component.value('STATUS')?.trim().toUpperCase() === 'CANCELLED';

const hasRange = (component: Component): boolean =>
  component.first('RECURRENCE-ID')?.parameter('RANGE')?.toUpperCase() === 'THISANDFUTURE';

/**
 * The occurrences of a series in order, without those that were cancelled.
 *
 * @throws LimitError More than `limits.occurrences` had to be counted.
 */
export function* occurrencesOf(
  series: Series,
  options: OccurrenceOptions,
): Generator<FoundOccurrence, void> {
  const { from, to, limit = DEFAULT_LIMIT } = options;
  for (const [name, date] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (date !== undefined && !(date instanceof Date && !Number.isNaN(date.getTime()))) {
      throw fieldError(name, 'must be a valid Date');
    }
  }
  if (!(limit >= 0)) throw fieldError('limit', 'must be a number, 0 or more');
  const window = {
    from: from?.getTime() ?? Number.NEGATIVE_INFINITY,
    to: to?.getTime() ?? Number.POSITIVE_INFINITY,
  };
  let left = limit;
  for (const found of all(series, window)) {
    if (left <= 0) return;
    if (found.start >= window.to) continue;
    if (found.end <= window.from && !(found.start >= window.from)) continue;
    left -= 1;
    yield found;
  }
}

const DEFAULT_LIMIT = 100_000;

function* all(
  { master, exceptions, zones }: Series,
  window: { from: number; to: number },
): Generator<FoundOccurrence, void> {
  const single = new Map<number, FoundOccurrence | undefined>();
  const ranges: { id: number; delta: number; component: Component }[] = [];
  for (const component of exceptions) {
    const id = idOf(component);
    if (!id) continue;
    const at = zones.instant(id);
    const start = timeOf(component.first('DTSTART')) ?? id;
    if (hasRange(component)) {
      ranges.push({ id: at, delta: start.clock - id.clock, component });
    } else if (isCancelled(component)) single.set(at, undefined);
    else {
      const item = { component, zones };
      single.set(at, { start: zones.instant(start), end: endOf(item, start), id, component });
    }
  }
  ranges.sort((a, b) => a.id - b.id);
  const moved = [...single.values()].filter((each) => each !== undefined);
  moved.sort((a, b) => a.start - b.start);
  let next = 0;
  let range: (typeof ranges)[number] | undefined;
  let nextRange = 0;
  const length = lengthOf(master, zones);
  const move = ranges.reduce((most, { delta }) => Math.max(most, Math.abs(delta)), 0);
  const search = { from: window.from - length - move, to: window.to + move };
  for (const id of recurrenceSet(master, zones, search)) {
    const at = zones.instant(id);
    for (let ahead = ranges[nextRange]; ahead && ahead.id <= at; ahead = ranges[nextRange]) {
      range = ahead;
      nextRange += 1;
    }
    const component = range?.component ?? master;
    const start = range ? { ...id, clock: id.clock + range.delta } : id;
    const begin = zones.instant(start);
    for (let ahead = moved[next]; ahead && ahead.start <= begin; ahead = moved[next]) {
      yield ahead;
      next += 1;
    }
    if (single.has(at) || isCancelled(component)) continue;
    yield { start: begin, end: endOf({ component, zones }, start), id, component };
  }
  yield* moved.slice(next);
}

function lengthOf(component: Component, zones: ZoneTable): number {
  const start = timeOf(component.first('DTSTART'));
  return start ? endOf({ component, zones }, start) - zones.instant(start) : 0;
}

/** How an occurrence is named: the time that the rule gives, as a calendar writes it. */
export const occurrenceName = (id: CalendarTime): string => writeTime(id);
