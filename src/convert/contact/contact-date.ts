// Birthdays and other days, as cards write them and as contacts hold them: a midnight.
import { dateToFileTime, fileTimeToDate } from '../../mapi/index.ts';

const DAY = 86_400_000;
/** The year that stands for none; a leap year that no contact was born in. */
const NO_YEAR = 1604;

/** The midnight of a day in a card: `1980-05-04`, `19800504T…`, `--0504`; `undefined` when it is none. */
export function readDay(value: string): bigint | undefined {
  const match = /^\s*(?:(\d{4})|--)-?(\d\d)-?(\d\d)(?:[T ].*)?\s*$/.exec(value.slice(0, 100));
  if (!match) return undefined;
  const [year, month, day] = [Number(match[1] ?? NO_YEAR), Number(match[2]), Number(match[3])];
  const date = new Date(Date.UTC(year, month - 1, day));
  const isReal = date.getUTCFullYear() === year && date.getUTCDate() === day;
  return isReal && year > 1601 ? dateToFileTime(date) : undefined;
}

/** The day of a midnight, wherever it was one; `undefined` when it is none. */
export function writeDay(time: bigint | undefined, version: '3.0' | '4.0'): string | undefined {
  const date = time === undefined ? undefined : fileTimeToDate(time);
  const year = date?.getUTCFullYear() ?? 0;
  if (!date || year <= 1601 || year >= 4500) return undefined;
  const day = new Date(Math.round(date.getTime() / DAY) * DAY).toISOString().slice(0, 10);
  if (version === '3.0') return day;
  const basic = day.replaceAll('-', '');
  return day.startsWith(`${NO_YEAR}-`) ? `--${basic.slice(4)}` : basic;
}
