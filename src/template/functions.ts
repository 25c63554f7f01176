// Functions that a template can call: filters in the liquid syntax, routines in the hash syntax. One table for both.
import { OptionError, printable } from '../base/index.ts';
import {
  dateLength,
  formatDate,
  formatDateTime,
  formatMoney,
  formatNumber,
  formatPercent,
  formatTime,
} from './locale.ts';
import type { RenderEnv, Row } from './text-template.ts';

/** What a function of your own knows of the row it is called for, as `this`. */
export interface TemplateContext {
  /** The row. */
  readonly row: Row;
  /** The language of the row (BCP 47). */
  readonly locale: string;
  /** The zone of dates (IANA); `undefined`: the machine's. */
  readonly timeZone: string | undefined;
}

/**
 * A filter (`{{ value | name: arg }}`) or routine (`#name(value, arg)#`) of your own. It gives a value or a promise of
 * one; HTML that should not be escaped is a {@link RawHtml}.
 */
// `never` lets the parameters have any type: which values come, the template says.
export type TemplateFunction = (this: TemplateContext, ...args: never[]) => unknown;

/** Calls a function with what a template gives it. */
export function callFunction(
  call: TemplateFunction,
  env: RenderEnv,
  args: readonly unknown[],
): unknown {
  const { row, locale, timeZone } = env;
  return call.call({ row, locale, timeZone }, ...(args as never[]));
}

/** Functions by name. */
export type FunctionTable = ReadonlyMap<string, TemplateFunction>;

const integer = (value: unknown): number | undefined => {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0 && number <= 20) return number;
  throw new OptionError(
    'decimals',
    `Decimals are a whole number from 0 to 20, not '${printable(String(value), 80)}'`,
  );
};

const currencyOf = (value: unknown): string => {
  if (typeof value === 'string' && /^[A-Za-z]{3}$/.test(value)) return value.toUpperCase();
  throw new OptionError(
    'currency',
    `Money needs a currency of three letters, as in {{ total | format_money: 'EUR' }}, got '${printable(String(value), 80)}'`,
  );
};

/** What every template can call: dates, numbers and money in the language of the row. */
const localFunctions: readonly (readonly [string, TemplateFunction])[] = [
  ['format_date', date(formatDate, 'long')],
  ['format_time', date(formatTime, 'short')],
  ['format_date_time', date(formatDateTime, 'long')],
  [
    'format_number',
    function (value: unknown, decimals?: unknown): string {
      return formatNumber(value, integer(decimals), this);
    },
  ],
  [
    'format_percent',
    function (value: unknown, decimals?: unknown): string {
      return formatPercent(value, integer(decimals), this);
    },
  ],
  [
    'format_money',
    function (value: unknown, currency?: unknown): string {
      return formatMoney(value, currencyOf(currency), this);
    },
  ],
];

function date(format: typeof formatDate, fallback: 'long' | 'short'): TemplateFunction {
  return function (value: unknown, length?: unknown): string {
    return format(value, dateLength(length, fallback), this);
  };
}

const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** The table of our functions and the caller's; throws an {@link OptionError} for what is no function. */
export function functionTable(
  ...own: readonly (Readonly<Record<string, TemplateFunction>> | undefined)[]
): FunctionTable {
  const table = new Map<string, TemplateFunction>(localFunctions);
  for (const group of own) {
    for (const [name, call] of Object.entries(group ?? {})) {
      if (typeof call !== 'function' || !NAME.test(name)) {
        throw new OptionError(
          'filters',
          `'${printable(name, 80)}' must be a function under a name of letters, digits and _`,
        );
      }
      table.set(name, call);
    }
  }
  return table;
}
