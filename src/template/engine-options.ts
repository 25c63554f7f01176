// How a template is read and filled in: the options of TemplateEngine, checked.
import { resolve } from 'node:path';
import { limits, OptionError, printable } from '../base/index.ts';
import type { AttachmentInput } from '../message/index.ts';
import { checkNames, type KnownNames, kindOf } from '../message/internal.ts';
import { type FunctionTable, functionTable, type TemplateFunction } from './functions.ts';
import { HashSyntax } from './hash/hash-syntax.ts';
import type { CssOption } from './inline-css.ts';
import { LiquidSyntax } from './liquid/liquid-syntax.ts';
import { checkLocale, checkTimeZone } from './locale.ts';
import type {
  Awaitable,
  Condition,
  MissingPolicy,
  Row,
  Syntax,
  TemplateBounds,
} from './text-template.ts';

/** Texts by name, as `partials` and `layouts` take them. */
export type NamedTexts = Readonly<Record<string, string>> | ReadonlyMap<string, string>;

/** How a template is read and filled in. */
export interface TemplateOptions {
  /** `'liquid'`: `{{ field }}`, `{% if %}`; `'hash'`: `#Field#`, `#Routine(arg)#`. Default: `'liquid'`. */
  readonly syntax?: 'liquid' | 'hash' | undefined;
  /** What a field that the row doesn't have becomes. Default: `'error'`. */
  readonly missing?: MissingPolicy | undefined;
  /** Filters of your own: `{{ value | name: arg }}`. Known in both syntaxes. Default: none. */
  readonly filters?: Readonly<Record<string, TemplateFunction>> | undefined;
  /** Routines of your own: `#name(arg)#`. Known in both syntaxes. Default: none. */
  readonly routines?: Readonly<Record<string, TemplateFunction>> | undefined;
  /** Texts for `{% render 'name' %}`; no other file can be reached. Default: none. */
  readonly partials?: NamedTexts | undefined;
  /** Texts for `{% layout 'name' %}`. Default: none. */
  readonly layouts?: NamedTexts | undefined;
  /** The language of dates, numbers and money (BCP 47), or that of each row. Default: `'en'`. */
  readonly locale?: string | ((row: Row) => string | undefined) | undefined;
  /** The zone of dates (IANA), or that of each row. Default: the machine's. */
  readonly timeZone?: string | ((row: Row) => string | undefined) | undefined;
  /** Names of fields by the columns they come from: `{ 'First Name': 'firstName' }`. Others keep theirs. Default: none. */
  readonly columns?: Readonly<Record<string, string>> | undefined;
  /** Which rows `mergeAll` leaves out: a condition such as `'unsubscribed == "yes"'`, or a function. Default: none. */
  readonly skip?: string | ((row: Row, index: number) => Awaitable<boolean>) | undefined;
  /** More attachments for a row. Default: none. */
  readonly attach?:
    | ((row: Row, index: number) => Awaitable<readonly AttachmentInput[]>)
    | undefined;
  /** Where attachment paths begin; values can't lead out of it. Default: the working directory. */
  readonly attachmentFolder?: string | undefined;
  /** Whether CSS becomes style attributes; needs the package `juice`. Default: `false`. */
  readonly inlineCss?: CssOption | undefined;
  /** Bounds on filling in one text. Default: 5 s and 32 Mi characters, see `limits`. */
  readonly limits?: Partial<TemplateBounds> | undefined;
}

const optionNames: KnownNames = {
  of: 'TemplateEngine',
  names: new Set<keyof TemplateOptions>([
    'syntax',
    'missing',
    'filters',
    'routines',
    'partials',
    'layouts',
    'locale',
    'timeZone',
    'columns',
    'skip',
    'attach',
    'attachmentFolder',
    'inlineCss',
    'limits',
  ]),
  habits: new Map([
    ['helpers', 'write filters: { … }'],
    ['skipIf', "write skip: 'condition'"],
    ['root', 'give the texts: partials: { name: … }, or load a folder: TemplateEngine.load(path)'],
  ]),
};

/** The options, with defaults in place of what is left out. */
export interface Settings {
  readonly syntax: Syntax;
  readonly locale: (row: Row) => string;
  readonly timeZone: (row: Row) => string | undefined;
  readonly columns: ReadonlyMap<string, string> | undefined;
  readonly skip: Condition | ((row: Row, index: number) => Awaitable<boolean>) | undefined;
  readonly attach: TemplateOptions['attach'];
  readonly folder: string;
  readonly inlineCss: CssOption;
}

/** Checks and completes the options; throws an `OptionError`, or a `TemplateError` for a condition. */
export function readSettings(options: TemplateOptions): Settings {
  checkNames(options, optionNames);
  const { missing = 'error', inlineCss = false, attachmentFolder = '.' } = options;
  checkOneOf('missing', missing, ['error', 'blank', 'keep']);
  const functions = functionTable(options.filters, options.routines);
  const syntax = syntaxOf(options, missing, functions);
  const { skip } = options;
  return {
    syntax,
    locale: perRow(options.locale, 'locale', checkLocale, 'en'),
    timeZone: perRow(options.timeZone, 'timeZone', checkTimeZone, undefined),
    columns: columnsOf(options.columns),
    skip: typeof skip === 'string' ? syntax.condition(skip, 'skip') : skip,
    attach: options.attach,
    folder: resolve(attachmentFolder),
    inlineCss,
  };
}

function syntaxOf(
  { syntax = 'liquid', partials, layouts, limits: given }: TemplateOptions,
  missing: MissingPolicy,
  functions: FunctionTable,
): Syntax {
  checkOneOf('syntax', syntax, ['liquid', 'hash']);
  const texts = new Map([...textsOf(partials, 'partials'), ...textsOf(layouts, 'layouts')]);
  const bounds = boundsOf(given);
  const liquid = new LiquidSyntax({ missing, functions, bounds, partials: texts });
  return syntax === 'liquid'
    ? liquid
    : new HashSyntax({ missing, functions, bounds, conditions: liquid });
}

function boundsOf(given: TemplateOptions['limits'] = {}): TemplateBounds {
  const { templateMs = limits.templateMs, templateOutput = limits.templateOutput } = given;
  for (const [name, value] of Object.entries({ templateMs, templateOutput })) {
    if (typeof value === 'number' && value > 0) continue;
    throw new OptionError(name, `limits.${name} must be a number above 0, got ${kindOf(value)}`);
  }
  return { templateMs, templateOutput };
}

function* textsOf(given: NamedTexts | undefined, option: string): Generator<[string, string]> {
  if (given === undefined) return;
  const pairs = given instanceof Map ? given : Object.entries(given);
  for (const [name, text] of pairs) {
    if (typeof text !== 'string') {
      throw new OptionError(
        option,
        `${option}['${printable(name, 80)}'] must be text, got ${kindOf(text)}`,
      );
    }
    yield [name, text];
  }
}

function perRow<T extends string | undefined>(
  given: string | ((row: Row) => string | undefined) | undefined,
  option: string,
  check: (value: string, option: string) => string,
  fallback: T,
): (row: Row) => string | T {
  if (given === undefined) return () => fallback;
  if (typeof given !== 'function') {
    const value = check(given, option);
    return () => value;
  }
  const checked = new Map<string, string>();
  return (row) => {
    const value = given(row);
    if (value === undefined || value === null || value === '') return fallback;
    const known = checked.get(value) ?? check(value, option);
    if (checked.size < 1_000) checked.set(value, known);
    return known;
  };
}

function columnsOf(columns: TemplateOptions['columns']): Settings['columns'] {
  if (columns === undefined) return undefined;
  for (const [column, field] of Object.entries(columns)) {
    if (typeof field === 'string' && field !== '') continue;
    throw new OptionError(
      'columns',
      `columns['${printable(column, 80)}'] must be the name of a field, got ${kindOf(field)}`,
    );
  }
  return new Map(Object.entries(columns));
}

function checkOneOf(option: string, value: string, allowed: readonly string[]): void {
  if (allowed.includes(value)) return;
  const choices = allowed.map((one) => `'${one}'`).join(', ');
  throw new OptionError(option, `'${option}' must be one of ${choices}, got ${kindOf(value)}`);
}
