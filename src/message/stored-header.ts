// A header that was read, kept as its bytes: written back as it came but for the fields that changed.
import { concatBytes, latin1, utf8Bytes, viewOf } from '../base/internal.ts';
import type { HeaderField, ParsedEntity, ParsedField } from '../mime/index.ts';
import type { HeaderEntry } from './message-headers.ts';

/** What differs from the bytes that were read. */
export interface HeaderChanges {
  /** Fields by name in lower case that are written anew; `undefined` takes the field away. */
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

/** Whether a header with these changes is as it was. */
export function isUnchanged(part: ParsedEntity, changes: HeaderChanges): boolean {
  const { replaced, removed, added } = outcomes(part.headers.fields, changes);
  return replaced.size === 0 && removed.size === 0 && added.length === 0;
}

/** Whether there is nothing to look for in the fields one by one: none was set, added or taken away. */
export function isUntouched(
  received: readonly ParsedField[],
  { properties, entries }: HeaderChanges,
): boolean {
  return (
    properties.size === 0 &&
    entries.length === received.length &&
    entries.every(({ value }) => value === undefined)
  );
}

/** The fields as they came, for a {@link HeaderChanges}. */
export function storedEntries(part: ParsedEntity): HeaderEntry[] {
  return part.headers.fields.map(({ name }, index) => ({ name, index }));
}

/**
 * The octets above the body of a part, the empty line too, with the changes in them; nothing is copied that did not
 * change.
 */
export function writeHeader(part: ParsedEntity, changes: HeaderChanges): Uint8Array[] {
  const header = new StoredHeader(part);
  const { replaced, removed, added } = outcomes(header.fields, changes);
  const out: Uint8Array[] = [];
  let from = 0;
  let end = header.fields[0] === undefined ? 0 : header.startOf(header.fields[0]);
  for (const [index, parsed] of header.fields.entries()) {
    end = header.endOf(parsed);
    const field = replaced.get(index);
    if (field === undefined && !removed.has(index)) continue;
    out.push(header.slice(from, header.startOf(parsed)));
    if (field !== undefined) out.push(line(field, header.lineEndOf(parsed)));
    from = end;
  }
  if (added.length > 0) {
    const { lineEnd } = header;
    out.push(header.slice(from, end));
    if (end > 0 && !header.isLineStart(end)) out.push(utf8Bytes(lineEnd));
    for (const field of added) out.push(line(field, lineEnd));
    // A body without a header above it now needs the empty line between.
    if (header.fields.length === 0 && end === header.length) out.push(utf8Bytes(lineEnd));
    from = end;
  }
  out.push(header.slice(from, header.length));
  return out.filter((piece) => piece.length > 0);
}

/** The fields whose name `isWanted`, as they came, each with its line end. */
export function fieldLines(part: ParsedEntity, isWanted: (name: string) => boolean): Uint8Array[] {
  const header = new StoredHeader(part);
  return header.fields
    .filter(({ name }) => isWanted(name))
    .flatMap((field) => {
      const end = header.endOf(field);
      const text = header.slice(header.startOf(field), end);
      return header.isLineStart(end) ? [text] : [text, utf8Bytes(header.lineEnd)];
    });
}

const EMPTY_LINE = /(?:^|\r\n|\n|\r(?!\n))(?:\r\n|\n|\r)$/;

/** Whether a header in pieces ends with an empty line, so that a body can follow. */
export function endsInEmptyLine(pieces: readonly Uint8Array[]): boolean {
  const last = concatBytes(pieces.slice(-3).map((piece) => piece.subarray(-4)));
  return EMPTY_LINE.test(latin1(last));
}

/** The line end that a part is written with; that of its message when it has none of its own. */
export function lineEndOf(part: ParsedEntity): string {
  return new StoredHeader(part).lineEnd;
}

const LF = 0x0a;
const CR = 0x0d;
/** Far enough into the body to find a line end when the header has none. */
const LOOK_AHEAD_BYTES = 65_536;

/** The octets of a header and where its fields stand in them. */
class StoredHeader {
  readonly fields: readonly ParsedField[];
  readonly length: number;
  readonly #bytes: Uint8Array;
  readonly #start: number;

  constructor({ headers, range, source }: ParsedEntity) {
    this.fields = headers.fields;
    this.length = range.headerEnd - range.start;
    this.#start = range.start;
    const end = Math.min(source.size, range.headerEnd + LOOK_AHEAD_BYTES);
    this.#bytes = source.read(range.start, end);
  }

  /** The line end of the last field, or else the first that there is. */
  get lineEnd(): string {
    const last = this.fields.at(-1);
    return last === undefined ? firstLineEnd(this.#bytes) : this.lineEndOf(last);
  }

  slice(start: number, end: number): Uint8Array {
    return this.#bytes.subarray(start, end);
  }

  startOf({ offset }: ParsedField): number {
    return offset - this.#start;
  }

  /** The octet after the field's line. */
  endOf(field: ParsedField): number {
    const end = this.#endOfValue(field);
    return Math.min(this.length, end + (lineEndAt(this.#bytes, end)?.length ?? 0));
  }

  lineEndOf(field: ParsedField): string {
    return lineEndAt(this.#bytes, this.#endOfValue(field)) ?? firstLineEnd(this.#bytes);
  }

  isLineStart(at: number): boolean {
    const before = this.#bytes[at - 1];
    return before === LF || before === CR;
  }

  #endOfValue({ name, raw, offset }: ParsedField): number {
    const colon = viewOf(this.#bytes).indexOf(0x3a, offset - this.#start + name.length);
    return colon + 1 + raw.length;
  }
}

const line = ({ name, value }: HeaderField, lineEnd: string): Uint8Array =>
  utf8Bytes(`${name}: ${value.replaceAll('\r\n', lineEnd)}${lineEnd}`);

/** The line end at `at`; `undefined` when there is none. New lines look like those around them. */
function lineEndAt(bytes: Uint8Array, at: number): string | undefined {
  if (bytes[at] === LF) return '\n';
  if (bytes[at] !== CR) return undefined;
  return bytes[at + 1] === LF ? '\r\n' : '\r';
}

function firstLineEnd(bytes: Uint8Array): string {
  const view = viewOf(bytes);
  const at = view.indexOf(LF);
  if (at > 0 && bytes[at - 1] !== CR) return '\n';
  return at < 0 && view.includes(CR) ? '\r' : '\r\n';
}
