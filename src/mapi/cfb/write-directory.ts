// The directory of a compound file that is written: entries, and a balanced tree for each storage. [MS-CFB] section 2.6.
import type { Buffer } from 'node:buffer';
import { guidBytes } from '../property/guid.ts';
import { ENTRY_BYTES, EntryType, NAME_UNITS, NO_ENTRY } from './layout.ts';
import type { NewStorage, NewStream } from './new-storage.ts';

/** One entry of the directory, and where its octets will be. */
export interface NewEntry {
  readonly item: NewStorage | NewStream;
  /** Octets of a stream; of the root, those of the mini stream. */
  size: number;
  /** The first sector, of the FAT or of the mini FAT. */
  start: number;
  left: number;
  right: number;
  child: number;
  isRed: boolean;
}

/** All entries, the root first, the children of a storage together. */
export function layDirectory(root: NewStorage): NewEntry[] {
  const entries: NewEntry[] = [newEntry(root)];
  // Entries are appended while this walks over them.
  for (const entry of entries) {
    if (!('children' in entry.item)) continue;
    const first = entries.length;
    for (const item of sorted(entry.item.children)) entries.push(newEntry(item));
    entry.child = plant(entries, first, entries.length);
  }
  return entries;
}

function newEntry(item: NewStorage | NewStream): NewEntry {
  const size = 'children' in item ? 0 : sizeOf(item);
  return { item, size, start: 0, left: NO_ENTRY, right: NO_ENTRY, child: NO_ENTRY, isRed: false };
}

/** Octets of a stream. */
function sizeOf({ content }: NewStream): number {
  return content instanceof Uint8Array ? content.length : content.size;
}

/** By length, then by upper-cased units, as readers search (MS-CFB section 2.6.4). */
function sorted(items: readonly (NewStorage | NewStream)[]): (NewStorage | NewStream)[] {
  const keyed = items.map((item) => ({ item, key: upperUnits(item.name) }));
  keyed.sort((a, b) => a.key.length - b.key.length || (a.key < b.key ? -1 : 1));
  return keyed.map(({ item }) => item);
}

// Unit by unit: a letter whose capital is two letters stays as it is.
function upperUnits(name: string): string {
  const upper = name.toUpperCase();
  if (upper.length === name.length) return upper;
  return Array.from({ length: name.length }, (_, index) => {
    const unit = name.charAt(index);
    const capital = unit.toUpperCase();
    return capital.length === 1 ? capital : unit;
  }).join('');
}

/**
 * Makes one search tree of the entries from `first` to before `end`, and gives its root. The middle is above both halves,
 * so that all but the lowest level is full; the lowest is red where it is not, which makes it a red-black tree.
 */
function plant(entries: NewEntry[], first: number, end: number): number {
  const fullLevels = 31 - Math.clz32(end - first + 1);
  const grow = (from: number, to: number, level: number): number => {
    if (from >= to) return NO_ENTRY;
    const middle = (from + to) >> 1;
    const entry = entries[middle];
    if (entry) {
      entry.isRed = level >= fullLevels;
      entry.left = grow(from, middle, level + 1);
      entry.right = grow(middle + 1, to, level + 1);
    }
    return middle;
  };
  return grow(first, end, 0);
}

/** Writes the entries; octets after the last one must be those of {@link writeUnused}. */
export function writeEntries(entries: readonly NewEntry[], target: Buffer, start: number): void {
  let at = start;
  for (const [index, entry] of entries.entries()) {
    writeEntry(entry, index === 0, target, at);
    at += ENTRY_BYTES;
  }
}

function writeEntry(entry: NewEntry, isRoot: boolean, target: Buffer, at: number): void {
  const { item } = entry;
  const name = item.name.slice(0, NAME_UNITS);
  target.fill(0, at, at + ENTRY_BYTES);
  target.write(name, at, 'utf16le');
  target.writeUInt16LE(2 * name.length + 2, at + 64);
  target[at + 66] = typeOf(item, isRoot);
  target[at + 67] = entry.isRed ? 0 : 1;
  target.writeUInt32LE(entry.left, at + 68);
  target.writeUInt32LE(entry.right, at + 72);
  target.writeUInt32LE(entry.child, at + 76);
  if ('children' in item) {
    if (item.classId !== undefined) target.set(guidBytes(item.classId) ?? [], at + 80);
    target.writeUInt32LE(item.stateBits ?? 0, at + 96);
    target.writeBigUInt64LE(item.created ?? 0n, at + 100);
    target.writeBigUInt64LE(item.modified ?? 0n, at + 108);
  }
  target.writeUInt32LE(entry.start, at + 116);
  target.writeUInt32LE(entry.size, at + 120);
}

function typeOf(item: NewStorage | NewStream, isRoot: boolean): number {
  if (isRoot) return EntryType.root;
  return 'children' in item ? EntryType.storage : EntryType.stream;
}

/** Writes entries that nothing is in, up to the end of the sector. */
export function writeUnused(target: Buffer, start: number, end: number): void {
  target.fill(0, start, end);
  for (let at = start; at < end; at += ENTRY_BYTES) target.fill(0xff, at + 68, at + 80);
}
