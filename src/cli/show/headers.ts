// Header fields of a message in their order, decoded.
import type { ParsedHeaders } from '../../mime/index.ts';

/** One field: its name as written and its decoded, unfolded value. */
export interface ShownField {
  readonly name: string;
  readonly value: string;
}

/** Every field in the order of the message. */
export function shownFields(headers: ParsedHeaders): ShownField[] {
  const decoded = new Map<string, string[]>();
  return headers.fields.map(({ name }) => {
    const key = name.toLowerCase();
    const left = decoded.get(key) ?? [...headers.getAll(name)];
    decoded.set(key, left);
    return { name, value: left.shift() ?? '' };
  });
}
