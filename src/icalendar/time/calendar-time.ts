// Dates and times as a calendar writes them (RFC 5545 sections 3.3.4 and 3.3.5): a wall clock, and whose clock it is.

/**
 * A wall clock as a number: the milliseconds since 1970 at which UTC's clock shows it. Days are then all equally long,
 * and arithmetic is that of the calendar.
 */
export type WallClock = number;

/** Whose clock: a whole day, whoever looks; wherever one is; UTC's; that of a zone. */
export type TimeKind = 'date' | 'floating' | 'utc' | 'zoned';

/** A date or time of a calendar. */
export interface CalendarTime {
  /** What the clock shows. */
  readonly clock: WallClock;
  /** Whose clock it is. */
  readonly kind: TimeKind;
  /** The zone's name as it is written, for the kind `'zoned'`. */
  readonly zone?: string | undefined;
}

/** Milliseconds of a day. */
export const DAY = 86_400_000;

/** The wall clock of numbers, which may be out of their range: month 13 is the next January. Months count from 1. */
export function wallClock(
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
): WallClock {
  const clock = Date.UTC(2000, month - 1, day, hour, minute, second);
  // Date.UTC takes the years 0 to 99 for those of the twentieth century.
  const date = new Date(Date.UTC(2000, 0, 1));
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime() + (clock - Date.UTC(2000, month - 1, day));
}

const WRITTEN =
  /^(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d{1,9})?)?)?[ \t]*(Z)?$/i;

/** The time that a value holds; `undefined` when it is none. A value without a time of day is a date. */
export function readTime(value: string, zone?: string): CalendarTime | undefined {
  const match = WRITTEN.exec(value.trim());
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, utc] = match;
  if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1) return undefined;
  const date = wallClock(Number(year), Number(month), Number(day));
  if (new Date(date).getUTCDate() !== Number(day)) return undefined;
  if (hour === undefined) return { clock: date, kind: 'date' };
  const [h, m, s] = [Number(hour), Number(minute), Math.min(Number(second ?? 0), 59)];
  if (h > 24 || m > 59 || (h === 24 && (m > 0 || s > 0))) return undefined;
  const clock = date + ((h * 60 + m) * 60 + s) * 1000;
  if (utc) return { clock, kind: 'utc' };
  return zone ? { clock, kind: 'zoned', zone } : { clock, kind: 'floating' };
}

const two = (value: number): string => String(value).padStart(2, '0');

/** A wall clock as a calendar writes it: `20260302T100000`, or `20260302` for a date. */
export function writeClock(clock: WallClock, isDate = false): string {
  const at = new Date(clock);
  const date = `${String(at.getUTCFullYear()).padStart(4, '0')}${two(at.getUTCMonth() + 1)}${two(at.getUTCDate())}`;
  if (isDate) return date;
  return `${date}T${two(at.getUTCHours())}${two(at.getUTCMinutes())}${two(at.getUTCSeconds())}`;
}

/** The value of a date or time; its zone stands in a parameter. */
export function writeTime({ clock, kind }: CalendarTime): string {
  return `${writeClock(clock, kind === 'date')}${kind === 'utc' ? 'Z' : ''}`;
}
