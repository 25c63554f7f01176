// Writing compound files, version 3: sectors of 512 octets. [MS-CFB].
import { Buffer } from 'node:buffer';
import { type ByteSource, enforceLimit } from '../../base/internal.ts';
import {
  DIFAT_SECTOR,
  END_OF_CHAIN,
  ENTRY_BYTES,
  FAT_SECTOR,
  FREE_SECTOR,
  HEADER_BYTES,
  HEADER_DIFAT,
  MINI_CUTOFF,
  MINI_SECTOR_BYTES,
  SIGNATURE,
} from './layout.ts';
import type { NewStorage } from './new-storage.ts';
import { layDirectory, type NewEntry, writeEntries, writeUnused } from './write-directory.ts';

const SECTOR_BYTES = 512;
const WORDS = SECTOR_BYTES / 4;
// Octets of a source that are copied at a time.
const COPY_BYTES = 1_048_576;

/**
 * A compound file, planned when it is made: all sizes are known then, and the octets of long streams follow the rest, so
 * that they can be read while the file is written.
 */
export class CompoundWriter {
  /** Octets of the whole file. */
  readonly size: number;
  readonly #entries: NewEntry[];
  /** Streams outside the mini stream, in the order of the file. */
  readonly #long: NewEntry[];
  readonly #short: NewEntry[];
  readonly #difatSectors: number;
  readonly #fatSectors: number;
  readonly #directorySectors: number;
  readonly #miniFatSectors: number;
  readonly #miniSectors: number;

  /** @throws {LimitError} `compoundBytes`: the file would be larger than version 3 can be. */
  constructor(root: NewStorage) {
    const entries = layDirectory(root);
    const streams = entries.filter(({ size }) => size > 0);
    this.#entries = entries;
    this.#short = streams.filter(({ size }) => size < MINI_CUTOFF);
    this.#long = streams.filter(({ size }) => size >= MINI_CUTOFF);
    let miniSectors = 0;
    for (const entry of this.#short) {
      entry.start = miniSectors;
      miniSectors += Math.ceil(entry.size / MINI_SECTOR_BYTES);
    }
    this.#miniSectors = miniSectors;
    this.#directorySectors = sectorsOf(entries.length * ENTRY_BYTES);
    this.#miniFatSectors = sectorsOf(miniSectors * 4);
    const content =
      this.#directorySectors +
      this.#miniFatSectors +
      sectorsOf(miniSectors * MINI_SECTOR_BYTES) +
      this.#long.reduce((sum, { size }) => sum + sectorsOf(size), 0);
    enforceLimit('compoundBytes', content * SECTOR_BYTES, 'The size of the file');
    const { fat, difat } = tableSectors(content);
    this.#fatSectors = fat;
    this.#difatSectors = difat;
    this.size = HEADER_BYTES + (fat + difat + content) * SECTOR_BYTES;
    this.#place();
  }

  /** Gives every chain its first sector: tables, directory, mini FAT, mini stream, long streams. */
  #place(): void {
    const [root] = this.#entries;
    let sector = this.#firstOfMiniStream;
    if (root) {
      root.size = this.#miniSectors * MINI_SECTOR_BYTES;
      root.start = root.size === 0 ? END_OF_CHAIN : sector;
      sector += sectorsOf(root.size);
    }
    for (const entry of this.#long) {
      entry.start = sector;
      sector += sectorsOf(entry.size);
    }
    for (const entry of this.#entries) {
      if (entry.size === 0 && !('children' in entry.item)) entry.start = END_OF_CHAIN;
    }
  }

  get #firstOfDirectory(): number {
    return this.#fatSectors + this.#difatSectors;
  }

  get #firstOfMiniFat(): number {
    return this.#firstOfDirectory + this.#directorySectors;
  }

  get #firstOfMiniStream(): number {
    return this.#firstOfMiniFat + this.#miniFatSectors;
  }

  get #miniStreamSectors(): number {
    return sectorsOf(this.#miniSectors * MINI_SECTOR_BYTES);
  }

  /**
   * The whole file.
   * @throws what a source of a stream throws.
   */
  bytes(): Uint8Array {
    const target = Buffer.allocUnsafeSlow(this.size);
    let at = this.#writeHead(target);
    for (const { item, size } of this.#long) {
      if (!('content' in item)) continue;
      copyContent(item.content, target, at);
      const end = at + sectorsOf(size) * SECTOR_BYTES;
      target.fill(0, at + size, end);
      at = end;
    }
    return target;
  }

  /** The whole file piece by piece, in memory that does not grow with long streams. */
  async *stream(): AsyncGenerator<Uint8Array> {
    const head = Buffer.allocUnsafeSlow(this.#headBytes);
    this.#writeHead(head);
    yield head;
    for (const { item, size } of this.#long) {
      if (!('content' in item)) continue;
      const { content } = item;
      if (content instanceof Uint8Array) yield content;
      else yield* content.stream(0, size);
      const padding = sectorsOf(size) * SECTOR_BYTES - size;
      if (padding > 0) yield new Uint8Array(padding);
    }
  }

  get #headBytes(): number {
    return HEADER_BYTES + (this.#firstOfMiniStream + this.#miniStreamSectors) * SECTOR_BYTES;
  }

  /** Header, tables, directory and mini stream: all before the long streams. Gives its octets. */
  #writeHead(target: Buffer): number {
    this.#writeHeader(target);
    this.#writeFat(target);
    this.#writeDifat(target);
    const directory = offsetOf(this.#firstOfDirectory);
    writeEntries(this.#entries, target, directory);
    const unused = directory + this.#entries.length * ENTRY_BYTES;
    writeUnused(target, unused, offsetOf(this.#firstOfMiniFat));
    this.#writeMiniStream(target);
    return this.#headBytes;
  }

  #writeHeader(target: Buffer): void {
    target.fill(0, 0, HEADER_BYTES);
    target.write(SIGNATURE, 0, 'hex');
    target.writeUInt16LE(0x003e, 24);
    target.writeUInt16LE(3, 26);
    target.writeUInt16LE(0xfffe, 28);
    target.writeUInt16LE(9, 30);
    target.writeUInt16LE(6, 32);
    target.writeUInt32LE(this.#fatSectors, 44);
    target.writeUInt32LE(this.#firstOfDirectory, 48);
    target.writeUInt32LE(MINI_CUTOFF, 56);
    target.writeUInt32LE(this.#miniFatSectors > 0 ? this.#firstOfMiniFat : END_OF_CHAIN, 60);
    target.writeUInt32LE(this.#miniFatSectors, 64);
    target.writeUInt32LE(this.#difatSectors > 0 ? this.#fatSectors : END_OF_CHAIN, 68);
    target.writeUInt32LE(this.#difatSectors, 72);
    // The FAT is the first thing after the header: its sectors are 0, 1, 2 …
    for (let index = 0; index < HEADER_DIFAT; index++) {
      target.writeUInt32LE(index < this.#fatSectors ? index : FREE_SECTOR, 76 + 4 * index);
    }
  }

  #writeDifat(target: Buffer): void {
    let next = HEADER_DIFAT;
    for (let index = 0; index < this.#difatSectors; index++) {
      const sector = this.#fatSectors + index;
      const at = offsetOf(sector);
      for (let word = 0; word < WORDS - 1; word++, next++) {
        target.writeUInt32LE(next < this.#fatSectors ? next : FREE_SECTOR, at + 4 * word);
      }
      const isLast = index === this.#difatSectors - 1;
      target.writeUInt32LE(isLast ? END_OF_CHAIN : sector + 1, at + SECTOR_BYTES - 4);
    }
  }

  #writeFat(target: Buffer): void {
    const table = new WordWriter(target, offsetOf(0));
    table.fill(FAT_SECTOR, this.#fatSectors);
    table.fill(DIFAT_SECTOR, this.#difatSectors);
    table.chain(this.#directorySectors);
    table.chain(this.#miniFatSectors);
    table.chain(this.#miniStreamSectors);
    for (const { size } of this.#long) table.chain(sectorsOf(size));
    table.fill(FREE_SECTOR, this.#fatSectors * WORDS - table.count);
  }

  #writeMiniStream(target: Buffer): void {
    const table = new WordWriter(target, offsetOf(this.#firstOfMiniFat));
    let at = offsetOf(this.#firstOfMiniStream);
    for (const { item, size } of this.#short) {
      if (!('content' in item)) continue;
      const sectors = Math.ceil(size / MINI_SECTOR_BYTES);
      table.chain(sectors);
      copyContent(item.content, target, at);
      target.fill(0, at + size, at + sectors * MINI_SECTOR_BYTES);
      at += sectors * MINI_SECTOR_BYTES;
    }
    table.fill(FREE_SECTOR, this.#miniFatSectors * WORDS - table.count);
    target.fill(0, at, this.#headBytes);
  }
}

/** Writes 32-bit words of a table, one after the other. */
class WordWriter {
  /** How many words were written. */
  count = 0;
  readonly #target: Buffer;
  #at: number;

  constructor(target: Buffer, at: number) {
    this.#target = target;
    this.#at = at;
  }

  /** The same word `times` times. */
  fill(word: number, times: number): void {
    for (let index = 0; index < times; index++) this.#put(word);
  }

  /** Sectors that follow each other. */
  chain(sectors: number): void {
    if (sectors === 0) return;
    for (let index = 1; index < sectors; index++) this.#put(this.count + 1);
    this.#put(END_OF_CHAIN);
  }

  #put(word: number): void {
    this.#target.writeUInt32LE(word, this.#at);
    this.#at += 4;
    this.count += 1;
  }
}

function copyContent(content: Uint8Array | ByteSource, target: Buffer, at: number): void {
  if (content instanceof Uint8Array) {
    target.set(content, at);
    return;
  }
  for (let start = 0; start < content.size; start += COPY_BYTES) {
    const end = Math.min(start + COPY_BYTES, content.size);
    target.set(content.read(start, end), at + start);
  }
}

function sectorsOf(octets: number): number {
  return Math.ceil(octets / SECTOR_BYTES);
}

function offsetOf(sector: number): number {
  return HEADER_BYTES + sector * SECTOR_BYTES;
}

/** How many sectors FAT and DIFAT need, which are in the FAT themselves. */
function tableSectors(content: number): { readonly fat: number; readonly difat: number } {
  let fat = 0;
  let difat = 0;
  for (;;) {
    const wanted = Math.ceil((content + fat + difat) / WORDS);
    const named = Math.ceil(Math.max(wanted - HEADER_DIFAT, 0) / (WORDS - 1));
    if (wanted === fat && named === difat) return { fat, difat };
    fat = wanted;
    difat = named;
  }
}
