// One content line (RFC 5545 section 3.1): a name, parameters, a value. Read tolerantly, written strictly. What a value
// means is decided elsewhere.
import { OptionError, printable } from '../base/index.ts';

/** A parameter of a property: its name in upper case, and its values without quotes. */
export type Parameter = readonly [name: string, values: readonly string[]];

const NAME = /^[A-Za-z0-9-]+$/;

/** A property as it stands in the file: the value still escaped. Immutable. */
export class Property {
  /** The name in upper case. */
  readonly name: string;
  /** The parameters in order. */
  readonly parameters: readonly Parameter[];
  /** The value as it is written, in one line. */
  readonly value: string;

  /** @throws {@link OptionError} The name is no name of a property. */
  constructor(name: string, value: string, parameters: readonly Parameter[] = []) {
    if (!NAME.test(name)) throw badName(name);
    for (const [parameter] of parameters) if (!NAME.test(parameter)) throw badName(parameter);
    this.name = name.toUpperCase();
    this.parameters = parameters;
    this.value = value;
  }

  /** The values of a parameter, such as `'TZID'`; empty when it has none. */
  parameterValues(name: string): readonly string[] {
    return this.parameters.find(([key]) => key === name)?.[1] ?? [];
  }

  /** The first value of a parameter, such as `'TZID'`. */
  parameter(name: string): string | undefined {
    return this.parameterValues(name)[0];
  }

  /** The same with a parameter that has another value, or none. */
  with(name: string, value: string | undefined): Property {
    const others = this.parameters.filter(([key]) => key !== name);
    return new Property(
      this.name,
      this.value,
      value === undefined ? others : [...others, [name, [value]]],
    );
  }
}

function badName(name: string): OptionError {
  const shown = printable(name, 40);
  return new OptionError(
    shown,
    `'${shown}' can't be the name of an iCalendar property or parameter; use letters, digits and '-'`,
  );
}

/** The property that a line holds, unfolded; `undefined` when it is none. Linear in the line. */
export function readContentLine(line: string): Property | undefined {
  const colon = line.indexOf(':');
  if (colon < 0) return undefined;
  const semicolon = line.lastIndexOf(';', colon) < 0 ? -1 : line.indexOf(';');
  let at = semicolon < 0 ? colon : semicolon;
  const name = line.slice(0, at).trim();
  if (!NAME.test(name)) return undefined;
  const parameters: Parameter[] = [];
  while (line[at] === ';') {
    const read = readParameter(line, at + 1);
    if (read.parameter) parameters.push(read.parameter);
    at = read.end;
  }
  if (line[at] !== ':') return undefined;
  return new Property(name, line.slice(at + 1), parameters);
}

function readParameter(line: string, start: number): { parameter?: Parameter; end: number } {
  let at = start;
  while (at < line.length && !'=:;'.includes(line.charAt(at))) at += 1;
  const name = line.slice(start, at).trim().toUpperCase();
  const values: string[] = [];
  if (line[at] === '=') {
    do {
      const [value, end] = readParameterValue(line, at + 1);
      values.push(value);
      at = end;
    } while (line[at] === ',');
  }
  return NAME.test(name) ? { parameter: [name, values], end: at } : { end: at };
}

function readParameterValue(line: string, start: number): [value: string, end: number] {
  if (line[start] === '"') {
    const close = line.indexOf('"', start + 1);
    if (close >= 0) {
      let end = close + 1;
      // Whatever follows the quote belongs to nothing.
      while (end < line.length && !',:;'.includes(line.charAt(end))) end += 1;
      return [decodeCarets(line.slice(start + 1, close)), end];
    }
  }
  let at = start;
  while (at < line.length && !',:;'.includes(line.charAt(at))) at += 1;
  return [decodeCarets(line.slice(start, at).replaceAll('"', '')), at];
}

/** RFC 6868. */
const decodeCarets = (text: string): string =>
  text.includes('^')
    ? text.replace(/\^[n^']/g, (pair) => (pair === '^n' ? '\n' : pair === "^'" ? '"' : '^'))
    : text;

// A property that was read holds what the file held; nothing of it may end a line or a string early.
const CONTROLS = /[\0-\x08\x0a-\x1f\x7f]/g;
const NEWLINES = /\r\n?|\n/g;

function writeParameterValue(value: string): string {
  const carets = value
    .replaceAll('^', '^^')
    .replace(NEWLINES, '^n')
    .replaceAll('"', "^'")
    .replace(CONTROLS, '');
  return /[:;,]/.test(carets) ? `"${carets}"` : carets;
}

/** The line of a property, without folding and without its CRLF. */
export function writeContentLine({ name, parameters, value }: Property): string {
  let line = name;
  for (const [key, values] of parameters) {
    line += `;${key}=${values.map(writeParameterValue).join(',')}`;
  }
  return `${line}:${value.replace(CONTROLS, '')}`.toWellFormed();
}

const LINE_OCTETS = 75;

/** A line folded at 75 octets, never within a character (RFC 5545 section 3.1), with its CRLF. */
export function foldLine(line: string): string {
  // A character of UTF-16 has at most three octets in UTF-8.
  if (line.length * 3 <= LINE_OCTETS) return `${line}\r\n`;
  let folded = '';
  let start = 0;
  let octets = 0;
  for (let at = 0; at < line.length; ) {
    const code = line.codePointAt(at) ?? 0;
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (octets + size > LINE_OCTETS) {
      folded += `${line.slice(start, at)}\r\n `;
      start = at;
      octets = 1;
    }
    octets += size;
    at += code < 0x10000 ? 1 : 2;
  }
  return `${folded}${line.slice(start)}\r\n`;
}
