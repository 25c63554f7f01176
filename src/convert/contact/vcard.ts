// A vCard (RFC 6350, RFC 2426) as data: properties with parameters, in order. What they mean is decided elsewhere.

/** A property. */
export interface VcardProperty {
  /** The group it belongs to, such as `item1`; `''` for none. */
  readonly group: string;
  /** The name in upper case. */
  readonly name: string;
  /** The parameters, names in upper case. */
  readonly parameters: readonly (readonly [name: string, values: readonly string[]])[];
  /** The value as it is written, still escaped, in Unicode; of a binary one its octets in base64. */
  readonly value: string;
}

/** A card. */
export interface Vcard {
  /** What it says it is: `2.1`, `3.0`, `4.0`. */
  readonly version: string;
  /** The properties without BEGIN, VERSION and END. */
  readonly properties: readonly VcardProperty[];
}

/** The values of a parameter. */
export function parameterOf({ parameters }: VcardProperty, name: string): readonly string[] {
  return parameters.filter(([key]) => key === name).flatMap(([, values]) => values);
}

/** The types of a property in lower case; PREF counts as one, whichever way it is written. */
export function typesOf(property: VcardProperty): Set<string> {
  const types = parameterOf(property, 'TYPE').flatMap((value) => value.split(','));
  const set = new Set(types.map((type) => type.trim().toLowerCase()));
  if (parameterOf(property, 'PREF').length > 0) set.add('pref');
  return set;
}

/** The text of a value. */
export function textOf(value: string): string {
  if (!value.includes('\\')) return value;
  return value.replace(/\\([\s\S])/g, (_pair, char: string) => (/[nN]/.test(char) ? '\n' : char));
}

/** The parts of a value between semicolons, each as its text. */
export function partsOf(value: string, separator: ';' | ',' = ';'): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < value.length; at++) {
    const char = value.charAt(at);
    if (char === '\\') at++;
    else if (char === separator) {
      parts.push(textOf(value.slice(start, at)));
      start = at + 1;
    }
  }
  parts.push(textOf(value.slice(start)));
  return parts;
}

/** Text as a value or a part of one. */
export function escapeValue(text: string): string {
  return text
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r\n?|\n/g, '\\n')
    .replace(/[\0-\x08\x0b-\x1f\x7f]/g, '');
}
