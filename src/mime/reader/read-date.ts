// Dates of received mail (RFC 5322 section 3.3 and the obsolete forms of section 4.3), and what real
// mail has beside: asctime, ISO 8601, 12-hour clocks, names of months in full.
import { withoutComments } from './comments.ts';
import { unfold } from './header-value.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

// RFC 5322 section 4.3, in minutes; other names, the military ones too, are as good as none: UTC.
const ZONES: ReadonlyMap<string, number> = new Map([
  ['edt', -240],
  ['est', -300],
  ['cdt', -300],
  ['cst', -360],
  ['mdt', -360],
  ['mst', -420],
  ['pdt', -420],
  ['pst', -480],
]);

// A time, a zone or what looks like one, a number, a word.
const TOKEN =
  /(\d{1,2})\s*:\s*(\d{2})(?:\s*:\s*(\d{2})(?:[.,]\d{1,9})?)?(?!\d|\s*:)|([+-])(\d{2}):?(\d{2})(?!\d)|(\d+)|([a-z]+)/gi;
const ISO_DATE = /^\s*(\d{4})-(\d{2})-(\d{2})(?=[T\s])/i;
// What nearly all writers write; read in one step, to the same instant as by the tokens.
const PLAIN_DATE =
  /^ ?(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?(\d{1,2}) ([A-Z][a-z]{2}) ([12]\d{3}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)(?: \([A-Z]{3,4}\))?$/;
// No date is longer; the bound keeps a hostile field from costing time.
const MAX_LENGTH = 200;

interface DateParts {
  day?: number;
  month?: number;
  year?: number;
  hour?: number;
  minute?: number;
  second?: number;
  isPm?: boolean;
  zone?: number;
}

/**
 * The instant that a Date field names; `undefined` when there is none in it, never a made-up one.
 * Without a zone, or with one of unknown name, the time counts as UTC (RFC 5322 section 4.3).
 */
export function readDate(value: string): Date | undefined {
  const plain = PLAIN_DATE.exec(value);
  if (plain) return readPlainDate(plain);
  const text = withoutComments(unfold(value)).slice(0, MAX_LENGTH);
  const parts: DateParts = {};
  const iso = ISO_DATE.exec(text);
  if (iso) {
    parts.year = Number(iso[1]);
    parts.month = Number(iso[2]) - 1;
    parts.day = Number(iso[3]);
  }
  for (const token of (iso ? text.slice(iso[0].length) : text).matchAll(TOKEN)) {
    takeToken(parts, token);
  }
  return toDate(parts);
}

function readPlainDate(plain: RegExpExecArray): Date | undefined {
  const [, day, month = '', year, hour, minute, second, sign, zoneHour, zoneMinute] = plain;
  const index = MONTHS.indexOf(month.toLowerCase());
  if (index === -1) return undefined;
  return toDate({
    day: Number(day),
    month: index,
    year: Number(year),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    zone: (sign === '-' ? -1 : 1) * (Number(zoneHour) * 60 + Number(zoneMinute)),
  });
}

function takeToken(parts: DateParts, token: RegExpExecArray): void {
  const [, hour, minute, second, sign, zoneHour = '', zoneMinute = '', number, word] = token;
  if (hour !== undefined) {
    if (parts.hour !== undefined) return;
    parts.hour = Number(hour);
    parts.minute = Number(minute);
    parts.second = Number(second ?? 0);
  } else if (sign !== undefined) {
    if (parts.hour === undefined) takeNumber(parts, zoneHour + zoneMinute);
    else parts.zone ??= (sign === '-' ? -1 : 1) * (Number(zoneHour) * 60 + Number(zoneMinute));
  } else if (number !== undefined) takeNumber(parts, number);
  else if (word !== undefined) takeWord(parts, word.toLowerCase());
}

function takeNumber(parts: DateParts, digits: string): void {
  const number = Number(digits);
  const isDay = digits.length <= 2 || /^0\d\d$/.test(digits);
  if (isDay && parts.day === undefined) parts.day = number;
  else if (digits.length <= 4 && parts.year === undefined)
    parts.year = fullYear(number, digits.length);
}

// RFC 5322 section 4.3.
function fullYear(year: number, digits: number): number {
  if (digits === 3) return year + 1900;
  if (digits > 3) return year;
  return year < 50 ? year + 2000 : year + 1900;
}

function takeWord(parts: DateParts, word: string): void {
  const month = word.length < 3 ? -1 : MONTHS.indexOf(word.slice(0, 3));
  if (month !== -1) parts.month ??= month;
  else if (parts.hour === undefined) return;
  else if (word === 'am' || word === 'pm') parts.isPm ??= word === 'pm';
  else {
    const zone = ZONES.get(word);
    if (zone !== undefined) parts.zone ??= zone;
  }
}

function toDate(parts: DateParts): Date | undefined {
  const { day, month, year, minute = 0, second = 0, isPm, zone = 0 } = parts;
  if (day === undefined || month === undefined || year === undefined) return undefined;
  if (parts.hour === undefined) return undefined;
  if (isPm !== undefined && (parts.hour < 1 || parts.hour > 12)) return undefined;
  const hour = isPm === undefined ? parts.hour : (parts.hour % 12) + (isPm ? 12 : 0);
  // 60 is a leap second.
  if (hour > 23 || minute > 59 || second > 60 || year < 1000 || Math.abs(zone) >= 24 * 60) {
    return undefined;
  }
  const midnight = new Date(Date.UTC(year, month, day));
  if (midnight.getUTCMonth() !== month || midnight.getUTCDate() !== day) return undefined;
  return new Date(midnight.getTime() + ((hour * 60 + minute - zone) * 60 + second) * 1000);
}
