// What LiquidJS throws, as errors of ours: where in the template, what is wrong, and the cure.
import { LiquidError, type Token } from 'liquidjs';
import {
  LimitError,
  limits,
  OptionError,
  PosthornError,
  printable,
  TemplateError,
  type TemplatePlace,
} from '../../base/index.ts';
import { missingFieldError } from '../missing-field.ts';
import type { Row, TemplateBounds } from '../text-template.ts';

/** Where a token stands. */
export function placeOfToken(token: Pick<Token, 'getPosition' | 'file'>): TemplatePlace {
  const [line = 0, column = 0] = token.getPosition();
  return { template: token.file ?? 'template', line, column };
}

/** What failed. */
export interface Failed {
  /** The template's name. */
  readonly name: string;
  /** What was filled in; `undefined` when it was not yet read. */
  readonly row: Row | undefined;
  readonly bounds: TemplateBounds;
}

/** The error for something LiquidJS threw. */
export function templateError(error: unknown, { name, row, bounds }: Failed): PosthornError {
  const original = originOf(error);
  if (original instanceof PosthornError && !(original instanceof OptionError)) return original;
  const place = placeIn(error, name);
  const text = original instanceof Error ? original.message : String(original);
  return (
    limitError(text, original, place, bounds) ??
    missingField(original, place, row) ??
    otherError(text, original, place, row)
  );
}

function originOf(error: unknown): unknown {
  let found = error;
  while (found instanceof Error && 'originalError' in found) found = found.originalError;
  return found;
}

function placeIn(error: unknown, name: string): TemplatePlace {
  const unplaced = { template: name, line: 0, column: 0 };
  if (!LiquidError.is(error)) return unplaced;
  const { token } = error as { readonly token?: Token };
  if (!token) return unplaced;
  const place = placeOfToken(token);
  return token.file === undefined ? { ...place, template: name } : place;
}

function limitError(
  text: string,
  cause: unknown,
  place: TemplatePlace,
  bounds: TemplateBounds,
): LimitError | undefined {
  const where = `${place.template}:${place.line}:${place.column}`;
  if (text === 'template render limit exceeded') {
    const bound = bounds.templateMs;
    return new LimitError(
      'templateMs',
      bound,
      `${where}: filling in the template takes over ${bound} ms; look for a loop that does not end`,
    );
  }
  if (text === 'memory alloc limit exceeded' || text === 'Invalid string length') {
    const bound = bounds.templateOutput;
    return new LimitError(
      'templateOutput',
      bound,
      `${where}: the template writes over ${bound} characters; look for a loop that repeats too often`,
    );
  }
  if (text === 'parse length limit exceeded') {
    const bound = limits.templateChars;
    return new LimitError(
      'templateChars',
      bound,
      `${where}: the template has over ${bound} characters`,
    );
  }
  if (cause instanceof RangeError && /call stack/i.test(text)) {
    const bound = limits.templateDepth;
    return new LimitError(
      'templateDepth',
      bound,
      `${where}: the template includes itself without end`,
    );
  }
  return undefined;
}

function missingField(
  original: unknown,
  place: TemplatePlace,
  row: Row | undefined,
): TemplateError | undefined {
  const field = undefinedVariable(original);
  return field === undefined ? undefined : missingFieldError(field, place, row ?? {});
}

/** The field, when this is LiquidJS's error for one that is not there. */
export function undefinedVariable(error: unknown): string | undefined {
  const original = originOf(error);
  if (!(original instanceof Error) || original.name !== 'InternalUndefinedVariableError') {
    return undefined;
  }
  const { variableName } = original as Error & { readonly variableName?: unknown };
  return String(variableName);
}

// The end of a LiquidJS message says the place again.
const PLACE = /(?:, file:.*)?, line:\d+, col:\d+$/s;

function otherError(
  text: string,
  cause: unknown,
  place: TemplatePlace,
  row: Row | undefined,
): TemplateError {
  const bare = text.replace(PLACE, '');
  if (row === undefined) {
    return new TemplateError(
      'TEMPLATE_INVALID',
      `${printable(bare, 300)}; ${cureOf(bare)}`,
      place,
      {
        cause,
      },
    );
  }
  const isFile = /ENOENT/.test(bare);
  const said = isFile
    ? missingFile(bare)
    : `${printable(bare, 300)}; correct the filter or the value`;
  return new TemplateError(isFile ? 'TEMPLATE_INVALID' : 'TEMPLATE_FAILED', said, place, { cause });
}

function missingFile(text: string): string {
  const [, file = ''] = /lookup "([^"]*)"/.exec(text) ?? [];
  return `there is no partial or layout '${printable(file, 80)}'; give it in partials or layouts`;
}

function cureOf(text: string): string {
  if (/ENOENT/.test(text)) return missingFile(text);
  if (text.startsWith('undefined filter')) return 'correct its name, or give it in filters';
  if (/^tag ".*" not found$/.test(text))
    return 'correct its name; literal text stands between {% raw %} and {% endraw %}';
  if (/not closed$/.test(text)) return 'add its end';
  return 'correct the template';
}
