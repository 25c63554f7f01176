// The fields of machine-readable reports: groups of header-like lines with an empty line between them
// (RFC 3464 section 2.1, RFC 5965 section 3.1, RFC 8098 section 3.1).
import { limits } from '../../base/index.ts';
import { decodeWords } from '../../codec/index.ts';
import type { ParsedEntity } from '../../mime/index.ts';
import { textOfParts } from './part-text.ts';

/** The fields of one group, names in lower case; the values of a repeated field, one a line. */
export type FieldGroup = ReadonlyMap<string, string>;

const FIELD = /^([!-9;-~]+)[ \t]*:[ \t]*(.*)$/;

/**
 * Every group with at least one field, in order. Lines that are no field are left out.
 * @param opener A field that begins a group also where the empty line before it is missing, when repeated.
 */
export function readFieldGroups(text: string, opener?: string): FieldGroup[] {
  const groups: FieldGroup[] = [];
  let fields: WrittenField[] = [];
  const close = (): void => {
    if (fields.length > 0) groups.push(groupOf(fields));
    fields = [];
  };
  for (const line of text.split('\n')) {
    if (line.trim() === '') {
      close();
      if (groups.length > limits.bounceRecipients) return groups;
    } else if (line.startsWith(' ') || line.startsWith('\t')) {
      // A folded line (RFC 5322 section 2.2.3).
      fields.at(-1)?.lines.push(line.trim());
    } else {
      const [, name, value = ''] = FIELD.exec(line) ?? [];
      if (name === undefined) continue;
      const key = name.toLowerCase();
      if (key === opener && fields.some((field) => field.name === key)) close();
      fields.push({ name: key, lines: [value.trim()] });
    }
  }
  close();
  return groups;
}

/** The fields of these parts as one group; of a field in more than one, the last. */
export function readFields(parts: readonly ParsedEntity[]): FieldGroup {
  const groups = readFieldGroups(textOfParts(parts, limits.reportText));
  return new Map(groups.flatMap((group) => [...group]));
}

interface WrittenField {
  readonly name: string;
  /** The value, one item for each line that it was folded to. */
  readonly lines: string[];
}

function groupOf(fields: readonly WrittenField[]): FieldGroup {
  const values = new Map<string, string[]>();
  for (const { name, lines } of fields) {
    const before = values.get(name);
    const value = lines.join(' ').trim();
    if (before) before.push(value);
    else values.set(name, [value]);
  }
  return new Map([...values].map(([name, all]) => [name, all.join('\n')]));
}

// Names and addresses are shorter by far (RFC 5321 section 4.5.3.1).
const MAX_VALUE = 2000;

/** The address or name in `type; value` (RFC 3464 section 2.1.2), without the comment behind it. */
export function typedValue(field: string | undefined): string | undefined {
  if (field === undefined) return undefined;
  const line = firstLine(field).slice(0, MAX_VALUE);
  const semicolon = line.indexOf(';');
  const isTyped = semicolon !== -1 && /^[\w./-]*\s*$/.test(line.slice(0, semicolon));
  const value = isTyped ? line.slice(semicolon + 1) : line;
  const comment = value.indexOf(' (');
  return value.slice(0, comment === -1 ? undefined : comment).trim() || undefined;
}

/** The first value of a field that may be repeated. */
export function firstLine(value: string): string {
  const end = value.indexOf('\n');
  return end === -1 ? value : value.slice(0, end);
}

// RFC 6533 section 3: utf-8-addr-xtext, what an address is in a report that may only hold ASCII.
const EMBEDDED = /\\x\{([0-9A-Fa-f]{2,6})\}/g;

/** The address of a recipient field; `undefined` when there is none in it. */
export function addressIn(field: string | undefined): string | undefined {
  const value = typedValue(field);
  if (value === undefined) return undefined;
  const open = value.lastIndexOf('<');
  const close = value.indexOf('>', open);
  const bare = open !== -1 && close !== -1 ? value.slice(open + 1, close) : value;
  const address = bare.replace(EMBEDDED, (written, hex: string) => {
    const code = Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : written;
  });
  const decoded = address.includes('=?') ? decodeWords(address) : address;
  // A bracket that has no other one.
  return decoded.replace(/[<>]/g, '').trim() || undefined;
}
