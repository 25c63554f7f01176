// The header of a message that was read, kept as its bytes: written back as it came but for the fields that changed.
import { utf8Bytes, viewOf } from '../base/internal.ts';
import type { HeaderField, ParsedEntity, ParsedField } from '../mime/index.ts';
import type { HeaderEntry } from './message-headers.ts';

/** What differs from the bytes that were read. */
export interface HeaderChanges {
  /** Fields by name in lower case that a property writes anew; `undefined` takes the field away. */
  readonly properties: ReadonlyMap<string, HeaderField | undefined>;
  /** All other fields, as `MessageHeaders` has them now. */
  readonly entries: readonly HeaderEntry[];
  /** How an entry with a value of its own is written. */
  readonly write: (entry: HeaderEntry) => HeaderField;
}

/** One field of the header as it will be: the one at `index` as it came, or a new one. */
export type CurrentField = { readonly index: number } | { readonly field: HeaderField };

/** The header with its changes, in order: fields keep their places, new ones stand at the end. */
export function currentFields(
  received: readonly ParsedField[],
  changes: HeaderChanges,
): CurrentField[] {
  const outcome = outcomes(received, changes);
  const kept = received.flatMap((_, index): CurrentField[] => {
    const field = outcome.replaced.get(index);
    if (field !== undefined) return [{ field }];
    return outcome.removed.has(index) ? [] : [{ index }];
  });
  return [...kept, ...outcome.added.map((field): CurrentField => ({ field }))];
}

interface Outcomes {
  readonly replaced: Map<number, HeaderField>;
  readonly removed: Set<number>;
  readonly added: HeaderField[];
}

function outcomes(received: readonly ParsedField[], changes: HeaderChanges): Outcomes {
  const { properties, entries, write } = changes;
  const replaced = new Map<number, HeaderField>();
  const removed = new Set<number>(received.keys());
  const added: HeaderField[] = [];
  const placed = new Set<string>();
  for (const entry of entries) {
    const { index, name, value } = entry;
    const lower = name.toLowerCase();
    const property = properties.get(lower);
    if (properties.has(lower) && index !== undefined) {
      if (property !== undefined && !placed.has(lower)) replaced.set(index, property);
      placed.add(lower);
    } else if (value !== undefined) {
      if (index === undefined) added.push(write(entry));
      else replaced.set(index, write(entry));
    } else if (index !== undefined) removed.delete(index);
  }
  for (const [lower, field] of properties) {
    if (field !== undefined && !placed.has(lower)) added.push(field);
  }
  return { replaced, removed, added };
}

/** The bytes with the changes in them; nothing is copied that did not change. */
export function writeStored(
  bytes: Uint8Array,
  root: ParsedEntity,
  changes: HeaderChanges,
): Uint8Array[] {
  const received = root.headers.fields;
  const { replaced, removed, added } = outcomes(received, changes);
  if (replaced.size === 0 && removed.size === 0 && added.length === 0) return [bytes];
  const out: Uint8Array[] = [];
  let from = 0;
  let headerEnd = received[0]?.offset ?? root.range.start;
  let lineEnd = firstLineEnd(bytes);
  for (const [index, parsed] of received.entries()) {
    const valueEnd = endOfValue(bytes, parsed);
    lineEnd = lineEndAt(bytes, valueEnd) ?? lineEnd;
    headerEnd = Math.min(bytes.length, valueEnd + lineEnd.length);
    const field = replaced.get(index);
    if (field === undefined && !removed.has(index)) continue;
    out.push(bytes.subarray(from, parsed.offset));
    if (field !== undefined) out.push(line(field, lineEnd));
    from = headerEnd;
  }
  if (added.length > 0) {
    out.push(bytes.subarray(from, headerEnd));
    if (headerEnd > 0 && bytes[headerEnd - 1] !== LF) out.push(utf8Bytes(lineEnd));
    for (const field of added) out.push(line(field, lineEnd));
    // A body without a header above it now needs the empty line between.
    if (received.length === 0 && lineEndAt(bytes, headerEnd) === undefined) {
      out.push(utf8Bytes(lineEnd));
    }
    from = headerEnd;
  }
  out.push(bytes.subarray(from));
  return out.filter((piece) => piece.length > 0);
}

const LF = 0x0a;
const CR = 0x0d;

const line = ({ name, value }: HeaderField, lineEnd: string): Uint8Array =>
  utf8Bytes(`${name}: ${value.replaceAll('\r\n', lineEnd)}${lineEnd}`);

/** The octet after the field's value, where its line ends. */
function endOfValue(bytes: Uint8Array, { name, raw, offset }: ParsedField): number {
  return viewOf(bytes).indexOf(0x3a, offset + name.length) + 1 + raw.length;
}

/** The line end at `at`; `undefined` when there is none. New lines look like those around them. */
function lineEndAt(bytes: Uint8Array, at: number): string | undefined {
  if (bytes[at] === LF) return '\n';
  if (bytes[at] !== CR) return undefined;
  return bytes[at + 1] === LF ? '\r\n' : '\r';
}

function firstLineEnd(bytes: Uint8Array): string {
  const at = viewOf(bytes).indexOf(LF);
  return at > 0 && bytes[at - 1] !== CR ? '\n' : '\r\n';
}
