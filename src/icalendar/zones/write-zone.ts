// VTIMEZONE for an IANA zone (RFC 5545 section 3.6.5): the changes of the years that are needed, found by asking the zone,
// and as yearly rules where the zone keeps to rules.
import { Component } from '../component.ts';
import { WEEKDAYS } from '../recurrence/rule.ts';
import { DAY, writeClock } from '../time/calendar-time.ts';
import type { Zone } from './zone.ts';

/** A change of a zone's offset. */
interface Change {
  readonly instant: number;
  readonly before: number;
  readonly offset: number;
}

// Two rules that agree on so many years are the same rule: every date falls on every day of the week in between.
const YEARS_AHEAD = 14;
const written = new Map<string, Component>();

/** The component that describes a zone from the beginning of a year on, for as long as anybody knows. */
export function writeZone(zone: Zone, name: string, fromYear: number): Component {
  const key = `${name}|${zone.name}|${fromYear}`;
  const known = written.get(key);
  if (known) return known.clone();
  const component = describe(zone, name, fromYear);
  if (written.size > 200) written.clear();
  written.set(key, component);
  return component.clone();
}

function describe(zone: Zone, name: string, fromYear: number): Component {
  const component = new Component('VTIMEZONE');
  component.add('TZID', name);
  if (name !== zone.name && zone.isKnown) component.add('X-LIC-LOCATION', zone.name);
  // A year more, so that the changes that are in force when the first year begins are among them.
  const first = Date.UTC(fromYear - 1, 0, 1) - DAY;
  const now = new Date().getUTCFullYear();
  const last = Date.UTC(Math.max(fromYear, now) + YEARS_AHEAD, 0, 1);
  const changes = changesOf(zone, first, last);
  const { regular, single } = sortOut(changes, Math.max(fromYear, now));
  if ((changes[0]?.instant ?? last) > Date.UTC(fromYear, 0, 1) - DAY) {
    const offset = zone.offsetAt(first);
    const always = { instant: Date.UTC(1970, 0, 1) - offset, before: offset, offset };
    component.components.push(observance(always, false));
  }
  for (const change of single) {
    component.components.push(observance(change, isDaylight(changes, change)));
  }
  for (const { change, rule } of regular) {
    const part = observance(change, isDaylight(changes, change));
    part.add('RRULE', rule);
    component.components.push(part);
  }
  return component;
}

/** Every change between two instants: found month by month, then to the second. */
function changesOf(zone: Zone, first: number, last: number): Change[] {
  const changes: Change[] = [];
  let at = first;
  let offset = zone.offsetAt(at);
  while (at < last) {
    const next = at + 14 * DAY;
    const after = zone.offsetAt(next);
    if (after !== offset) {
      let [low, high] = [at, next];
      while (high - low > 1000) {
        const middle = low + Math.floor((high - low) / 2000) * 1000;
        if (zone.offsetAt(middle) === offset) low = middle;
        else high = middle;
      }
      changes.push({ instant: high, before: offset, offset: zone.offsetAt(high) });
      // A second change within the fortnight is looked for from here.
      at = high;
      offset = zone.offsetAt(high);
    } else at = next;
  }
  return changes;
}

/** A change to more, that is undone within the year. */
function isDaylight(changes: readonly Change[], change: Change): boolean {
  if (change.offset <= change.before) return false;
  const next = changes[changes.indexOf(change) + 1];
  return next === undefined || next.instant - change.instant < 330 * DAY;
}

interface Sorted {
  readonly regular: { change: Change; rule: string }[];
  readonly single: Change[];
}

/** The changes that follow a yearly rule up to the end, each as its first with the rule; and the others. */
function sortOut(changes: readonly Change[], thisYear: number): Sorted {
  const regular: { change: Change; rule: string }[] = [];
  const single: Change[] = [];
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const at = new Date(change.instant + change.before);
    const time = at.getTime() % DAY;
    const key = [at.getUTCMonth(), at.getUTCDay(), time, change.before, change.offset].join();
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  for (const group of groups.values()) {
    const run = lastRun(group);
    const rule = run.length > YEARS_AHEAD - 2 ? ruleOf(run) : undefined;
    const final = run.at(-1);
    const goesOn = final && new Date(final.instant).getUTCFullYear() >= thisYear + YEARS_AHEAD - 1;
    if (rule && goesOn && run[0]) {
      regular.push({ change: run[0], rule });
      single.push(...group.slice(0, group.length - run.length));
    } else single.push(...group);
  }
  single.sort((a, b) => a.instant - b.instant);
  return { regular, single };
}

/** The longest run to the end of a group that has one change in each year and fits one rule. */
function lastRun(group: readonly Change[]): Change[] {
  for (let from = 0; from < group.length; from += 1) {
    const run = group.slice(from);
    const isYearly = run.every(({ instant }, index) => {
      const before = run[index - 1];
      return before === undefined || yearOf(instant) - yearOf(before.instant) === 1;
    });
    if (isYearly && ruleOf(run)) return run;
  }
  return [];
}

const yearOf = (instant: number): number => new Date(instant).getUTCFullYear();

/** The rule of changes that fall on one weekday of one month: the nth, the last, or the first from a day on. */
function ruleOf(run: readonly Change[]): string | undefined {
  const dates = run.map(({ instant, before }) => new Date(instant + before));
  const [first] = dates;
  if (!first) return undefined;
  const month = first.getUTCMonth() + 1;
  const weekday = WEEKDAYS[first.getUTCDay()] ?? 'SU';
  const days = dates.map((date) => date.getUTCDate());
  const fromEnd = dates.map((date) => daysAfter(date));
  const nth = Math.ceil((days[0] ?? 1) / 7);
  const prefix = `FREQ=YEARLY;BYMONTH=${month}`;
  if (fromEnd.every((left) => left < 7)) return `${prefix};BYDAY=-1${weekday}`;
  if (days.every((day) => Math.ceil(day / 7) === nth)) return `${prefix};BYDAY=${nth}${weekday}`;
  const [least, most] = [Math.min(...days), Math.max(...days)];
  if (most - least > 6) return undefined;
  const range = Array.from({ length: 7 }, (_, index) => least + index);
  return `${prefix};BYMONTHDAY=${range.join(',')};BYDAY=${weekday}`;
}

/** The days of its month after a date. */
const daysAfter = (date: Date): number =>
  new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate() -
  date.getUTCDate();

function observance(change: Change, daylight: boolean): Component {
  const part = new Component(daylight ? 'DAYLIGHT' : 'STANDARD');
  part.add('DTSTART', writeClock(change.instant + change.before));
  part.add('TZOFFSETFROM', writeOffset(change.before));
  part.add('TZOFFSETTO', writeOffset(change.offset));
  return part;
}

function writeOffset(ms: number): string {
  const seconds = Math.abs(ms) / 1000;
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours, minutes, rest] = parts.map((part) => String(part).padStart(2, '0'));
  return `${ms < 0 ? '-' : '+'}${hours}${minutes}${rest === '00' ? '' : rest}`;
}
