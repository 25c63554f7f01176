// Durations (RFC 5545 section 3.3.6). Days are those of the calendar, the rest is exact; a wall clock does both.

const DURATION =
  /^([+-]?)P(?:(\d{1,6})W)?(?:(\d{1,7})D)?(?:T(?:(\d{1,8})H)?(?:(\d{1,9})M)?(?:(\d{1,10})S)?)?$/i;

/** The milliseconds of a duration; `undefined` when the value is none. */
export function readDuration(value: string): number | undefined {
  const match = DURATION.exec(value.trim());
  if (!match || !/\d/.test(value)) return undefined;
  const [, sign, ...parts] = match;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts.map((part) =>
    Number(part ?? 0),
  );
  const total = ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
  return sign === '-' ? -total : total;
}

/** A duration in milliseconds as it is written; parts of a second are dropped. */
export function writeDuration(ms: number): string {
  const sign = ms < 0 ? '-' : '';
  let seconds = Math.floor(Math.abs(ms) / 1000);
  if (seconds === 0) return 'PT0S';
  const days = Math.floor(seconds / 86_400);
  if (days > 0 && seconds % 86_400 === 0) return `${sign}P${days}D`;
  seconds %= 86_400;
  const parts: [number, string][] = [
    [Math.floor(seconds / 3600), 'H'],
    [Math.floor(seconds / 60) % 60, 'M'],
    [seconds % 60, 'S'],
  ];
  const time = parts.map(([count, unit]) => (count > 0 ? `${count}${unit}` : '')).join('');
  return `${sign}P${days > 0 ? `${days}D` : ''}T${time}`;
}
