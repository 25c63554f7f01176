// The short way for the header values that most writers make: no comment, no continuation, no charset, no forgotten
// quote. All others are read by parameter-scanner.ts; where both can, both give the same.
import { limits } from '../base/index.ts';

/** A header value such as that of Content-Type or Content-Disposition, taken apart. */
export interface ParameterizedValue {
  /** What stands before the first parameter, without comments, in the case it is written. */
  readonly value: string;
  /** The parameters, names in lower case, values decoded. */
  readonly parameters: Map<string, string>;
}

const TOKEN = String.raw`[A-Za-z0-9!#$&'+\-.^_{|}~/:@,%]`;
const VALUE = new RegExp(String.raw`[ \t]*(${TOKEN}+)[ \t]*(?=;|$)`, 'y');
const PARAMETER = new RegExp(
  String.raw`;[ \t]*([A-Za-z0-9_-]+)=(?:"([ !#-\[\]-~\t]*)"|(${TOKEN}[=?${TOKEN.slice(1)}*))[ \t]*(?=;|$)`,
  'y',
);
const END = /(?:;[ \t]*)?$/y;

/** The value taken apart; `undefined` when that needs the long way. */
export function readPlainParameters(raw: string): ParameterizedValue | undefined {
  VALUE.lastIndex = 0;
  const value = VALUE.exec(raw)?.[1];
  if (value === undefined || raw.includes('=?')) return undefined;
  const parameters = new Map<string, string>();
  let at = VALUE.lastIndex;
  for (let count = 0; count < limits.parameters; count++) {
    PARAMETER.lastIndex = at;
    const found = PARAMETER.exec(raw);
    if (found === null) break;
    const [, name = '', quoted, token = ''] = found;
    const lower = name.toLowerCase();
    if (!parameters.has(lower)) parameters.set(lower, quoted ?? token);
    at = PARAMETER.lastIndex;
  }
  END.lastIndex = at;
  return END.test(raw) ? { value, parameters } : undefined;
}
