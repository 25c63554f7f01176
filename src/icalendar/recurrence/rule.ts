// A recurrence rule (RFC 5545 section 3.3.10) as data: read tolerantly, written in the order of the RFC.
import { printable } from '../../base/index.ts';
import { type CalendarTime, readTime, writeTime } from '../time/calendar-time.ts';

/** The units a rule can repeat by. */
export const FREQUENCIES = [
  'SECONDLY',
  'MINUTELY',
  'HOURLY',
  'DAILY',
  'WEEKLY',
  'MONTHLY',
  'YEARLY',
] as const;

/** The unit a rule repeats by. */
export type Frequency = (typeof FREQUENCIES)[number];

/** A day of the week, from 0 for Sunday; with `nth` the nth one of the month or year, negative from its end. */
export interface RuleDay {
  readonly weekday: number;
  readonly nth: number;
}

/** A rule; lists are sorted and without doubles, empty when the part is missing. */
export interface RecurrenceRule {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count: number | undefined;
  readonly until: CalendarTime | undefined;
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: readonly RuleDay[];
  readonly monthDays: readonly number[];
  readonly yearDays: readonly number[];
  readonly weekNumbers: readonly number[];
  readonly months: readonly number[];
  readonly positions: readonly number[];
  /** The day on which weeks begin, from 0 for Sunday. */
  readonly weekStart: number;
}

/** The days of the week as rules write them, from Sunday. */
export const WEEKDAYS: readonly string[] = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

const LISTS = {
  BYSECOND: ['seconds', 0, 59],
  BYMINUTE: ['minutes', 0, 59],
  BYHOUR: ['hours', 0, 23],
  BYMONTHDAY: ['monthDays', -31, 31],
  BYYEARDAY: ['yearDays', -366, 366],
  BYWEEKNO: ['weekNumbers', -53, 53],
  BYMONTH: ['months', 1, 12],
  BYSETPOS: ['positions', -366, 366],
} as const;

type ListName = (typeof LISTS)[keyof typeof LISTS][0];

/** Reads a rule. What can't be read is told to `complain` and left out; without a FREQ there is no rule. */
export function readRule(
  value: string,
  complain: (what: string) => void,
): RecurrenceRule | undefined {
  const lists: Record<ListName, readonly number[]> = {
    seconds: [],
    minutes: [],
    hours: [],
    monthDays: [],
    yearDays: [],
    weekNumbers: [],
    months: [],
    positions: [],
  };
  let frequency: Frequency | undefined;
  let interval = 1;
  let count: number | undefined;
  let until: CalendarTime | undefined;
  let days: RuleDay[] = [];
  let weekStart = 1;
  for (const part of value.toUpperCase().split(';')) {
    if (part.trim() === '') continue;
    const equals = part.indexOf('=');
    const name = part.slice(0, Math.max(equals, 0)).trim();
    const given = part.slice(equals + 1).trim();
    const bad = (): void =>
      complain(`part '${printable(part, 60)}' of a recurrence rule is not understood`);
    if (name in LISTS) {
      const [list, min, max] = LISTS[name as keyof typeof LISTS];
      lists[list] = readNumbers(given, min, max, bad);
    } else if (name === 'FREQ') {
      frequency = FREQUENCIES.find((known) => known === given);
      if (!frequency) bad();
    } else if (name === 'INTERVAL' || name === 'COUNT') {
      const number = /^\d{1,9}$/.test(given) ? Number(given) : 0;
      if (number === 0) bad();
      else if (name === 'COUNT') count = number;
      else interval = number;
    } else if (name === 'UNTIL') {
      until = readTime(given);
      if (!until) bad();
    } else if (name === 'BYDAY') days = readDays(given, bad);
    else if (name === 'WKST') {
      const at = WEEKDAYS.indexOf(given);
      if (at < 0) bad();
      else weekStart = at;
    } else if (name !== 'RSCALE' || given !== 'GREGORIAN') bad();
  }
  return frequency && { frequency, interval, count, until, ...lists, days, weekStart };
}

function readNumbers(given: string, min: number, max: number, bad: () => void): number[] {
  const found = new Set<number>();
  for (const item of given.split(',')) {
    const number = Number(item);
    const isRead = /^\s*[+-]?\d{1,3}\s*$/.test(item) && (number !== 0 || min === 0);
    if (isRead && number >= min && number <= max) found.add(number);
    // A leap second is the last second of its minute here.
    else if (min === 0 && max === 59 && number === 60) found.add(59);
    else bad();
  }
  return [...found].sort((a, b) => a - b);
}

function readDays(given: string, bad: () => void): RuleDay[] {
  const found = new Map<string, RuleDay>();
  for (const item of given.split(',')) {
    const match = /^\s*([+-]?\d{1,2})?\s*(SU|MO|TU|WE|TH|FR|SA)\s*$/.exec(item);
    const nth = Number(match?.[1] ?? 0);
    const weekday = WEEKDAYS.indexOf(match?.[2] ?? '');
    if (!match || Math.abs(nth) > 53 || (match[1] !== undefined && nth === 0)) bad();
    else found.set(`${nth} ${weekday}`, { weekday, nth });
  }
  return [...found.values()];
}

/** The value of a rule. */
export function writeRule(rule: RecurrenceRule): string {
  const parts: string[] = [`FREQ=${rule.frequency}`];
  if (rule.until) parts.push(`UNTIL=${writeTime(rule.until)}`);
  if (rule.count !== undefined) parts.push(`COUNT=${rule.count}`);
  if (rule.interval > 1) parts.push(`INTERVAL=${rule.interval}`);
  for (const [name, [list]] of Object.entries(LISTS)) {
    if (rule[list].length > 0) parts.push(`${name}=${rule[list].join(',')}`);
    if (name === 'BYHOUR' && rule.days.length > 0) {
      const days = rule.days.map(({ nth, weekday }) => `${nth || ''}${WEEKDAYS[weekday] ?? ''}`);
      parts.push(`BYDAY=${days.join(',')}`);
    }
  }
  if (rule.weekStart !== 1) parts.push(`WKST=${WEEKDAYS[rule.weekStart] ?? 'MO'}`);
  return parts.join(';');
}
