// Points and spans of time, as people write them.
import { OptionError } from '../../base/index.ts';

const UNITS: ReadonlyMap<string, number> = new Map([
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** `90s`, `15m`, `2h` or `3d` in milliseconds. Throws {@link OptionError}. */
export function spanOf(given: string, option: string): number {
  const match = /^(\d{1,9})([smhd])$/.exec(given.trim());
  const unit = UNITS.get(match?.[2] ?? '');
  if (match && unit !== undefined) return Number(match[1]) * unit;
  throw new OptionError(option, `--${option} is a time such as 90s, 15m, 2h or 3d, not '${given}'`);
}

/** A date such as `2026-12-24T18:00Z`, or a span from now on. Throws {@link OptionError}. */
export function momentOf(given: string, option: string, now: number = Date.now()): Date {
  if (/^\d{1,9}[smhd]$/.test(given.trim())) return new Date(now + spanOf(given, option));
  const at = /^\d{4}-\d{2}-\d{2}/.test(given.trim()) ? Date.parse(given.trim()) : Number.NaN;
  if (!Number.isNaN(at)) return new Date(at);
  throw new OptionError(
    option,
    `--${option} is a date such as 2026-12-24T18:00Z, or a time from now such as 15m or 2h, not '${given}'`,
  );
}
