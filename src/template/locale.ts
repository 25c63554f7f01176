// Dates, numbers and money in the language of a row (ECMA-402).
import { OptionError, printable } from '../base/index.ts';
import type { RenderEnv } from './text-template.ts';

type Where = Pick<RenderEnv, 'locale' | 'timeZone'>;

/** How long a date or time is written. */
export type DateLength = 'full' | 'long' | 'medium' | 'short';

const lengths: readonly string[] = ['full', 'long', 'medium', 'short'];

// A formatter costs a hundred times what formatting does.
const dateFormats = new Map<string, Intl.DateTimeFormat>();
const numberFormats = new Map<string, Intl.NumberFormat>();
const MOST_KEPT = 500;

// 2026-11-20, 2026-11-20T08:00 and 2026-11-20 08:00:30.5 name no zone.
const LOCAL = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?$/;

/** A date in words; `undefined` and text that is no date stay as they are. */
export function formatDate(value: unknown, length: DateLength, where: Where): string {
  return formatMoment(value, where, { dateStyle: length });
}

/** A time of day. */
export function formatTime(value: unknown, length: DateLength, where: Where): string {
  return formatMoment(value, where, { timeStyle: length });
}

/** A date with the time of day. */
export function formatDateTime(value: unknown, length: DateLength, where: Where): string {
  return formatMoment(value, where, { dateStyle: length, timeStyle: 'short' });
}

function formatMoment(
  value: unknown,
  { locale, timeZone }: Where,
  style: Intl.DateTimeFormatOptions,
): string {
  if (value === undefined || value === null || value === '') return '';
  const local = typeof value === 'string' ? LOCAL.exec(value.trim()) : null;
  // A calendar date is that date everywhere: counted and written in one zone, whichever it is.
  const date = local ? new Date(wallClock(local)) : new Date(value as string | number | Date);
  if (Number.isNaN(date.getTime())) return String(value);
  return dateFormat(locale, { ...style, timeZone: local ? 'UTC' : timeZone }).format(date);
}

function wallClock(match: RegExpExecArray): number {
  const [y = 0, mo = 1, d = 1, h = 0, mi = 0, s = 0] = match
    .slice(1)
    .map((digits) => Number(digits ?? 0));
  return Date.UTC(y, mo - 1, d, h, mi, s);
}

function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const { dateStyle, timeStyle, timeZone } = options;
  const key = `${locale} ${dateStyle} ${timeStyle} ${timeZone}`;
  return kept(dateFormats, key, () => new Intl.DateTimeFormat(locale, options));
}

/** A number with `decimals` places, or as many as it has up to three. */
export function formatNumber(value: unknown, decimals: number | undefined, where: Where): string {
  return formatAny(value, where, {
    ...(decimals !== undefined && places(decimals)),
  });
}

/** A share, where 0.25 is 25 %. */
export function formatPercent(value: unknown, decimals: number | undefined, where: Where): string {
  return formatAny(value, where, { style: 'percent', ...places(decimals ?? 0) });
}

/** An amount of money in a currency (ISO 4217). */
export function formatMoney(value: unknown, currency: string, where: Where): string {
  return formatAny(value, where, { style: 'currency', currency });
}

const places = (decimals: number): Intl.NumberFormatOptions => ({
  minimumFractionDigits: decimals,
  maximumFractionDigits: decimals,
});

// Text is given to Intl as it is: 12345678901234567.89 would lose its cents as a number.
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

function formatAny(value: unknown, { locale }: Where, options: Intl.NumberFormatOptions): string {
  if (value === undefined || value === null || value === '') return '';
  const text = String(value).trim();
  if (!DECIMAL.test(text)) return String(value);
  const key = `${locale} ${JSON.stringify(options)}`;
  const format = kept(numberFormats, key, () => new Intl.NumberFormat(locale, options));
  return format.format(text as Intl.StringNumericLiteral);
}

function kept<T>(map: Map<string, T>, key: string, make: () => T): T {
  let found = map.get(key);
  if (found === undefined) {
    if (map.size >= MOST_KEPT) map.clear();
    found = make();
    map.set(key, found);
  }
  return found;
}

/** A length that Intl knows; anything else is an error with the choices. */
export function dateLength(given: unknown, fallback: DateLength): DateLength {
  if (given === undefined) return fallback;
  if (typeof given === 'string' && lengths.includes(given)) return given as DateLength;
  throw new OptionError(
    'length',
    `The length of a date is ${lengths.join(', ')}, not '${printable(String(given), 80)}'`,
  );
}

/** The locale when it is one (BCP 47), `name` telling where it was given. */
export function checkLocale(given: unknown, name: string): string {
  try {
    const [locale] =
      typeof given === 'string' ? Intl.getCanonicalLocales(given.replace('_', '-')) : [];
    if (locale !== undefined) return locale;
  } catch {
    // Told below.
  }
  throw new OptionError(
    name,
    `'${name}' must be a language tag such as 'de' or 'pt-BR', got '${printable(String(given), 80)}'`,
  );
}

/** The zone when it is one that is known here. */
export function checkTimeZone(given: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: given }).resolvedOptions().timeZone;
  } catch {
    throw new OptionError(
      'timeZone',
      `'timeZone' must be a zone such as 'Europe/Paris', got '${printable(String(given), 80)}'`,
    );
  }
}
