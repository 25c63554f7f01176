// Header, DIFAT, FAT and mini FAT of a compound file: which sectors belong together. [MS-CFB] sections 2.2 to 2.5.

import { FormatError } from '../../base/index.ts';
import type { ByteSource } from '../../base/internal.ts';
import { viewOf } from '../../base/internal.ts';
import type { Extent } from './extent-source.ts';
import { compoundFault } from './faults.ts';
import {
  END_OF_CHAIN,
  FREE_SECTOR,
  HEADER_BYTES,
  HEADER_DIFAT,
  MAX_SECTOR,
  SIGNATURE,
} from './layout.ts';
import { readWords } from './words.ts';

/** What the header says, as far as it is needed. */
interface Header {
  readonly sectorBytes: number;
  readonly isVersion3: boolean;
  readonly directoryStart: number;
  readonly miniFatStart: number;
  readonly difatStart: number;
  /** The FAT sectors that the header names. */
  readonly fatSectors: Uint32Array;
}

function readHeader(source: ByteSource): Header {
  const octets = viewOf(source.read(0, Math.min(source.size, HEADER_BYTES)));
  if (octets.length < 8 || octets.toString('hex', 0, 8) !== SIGNATURE) {
    throw new FormatError(
      'This is no compound file: it does not begin with D0CF11E0A1B11AE1; is it another format?',
      'cfb',
      0,
    );
  }
  if (octets.length < HEADER_BYTES) throw compoundFault('it ends within its header', octets.length);
  const version = octets.readUInt16LE(26);
  const shift = octets.readUInt16LE(30);
  if (octets.readUInt16LE(28) !== 0xfffe) throw compoundFault('its byte order is unknown', 28);
  if (version !== 3 && version !== 4) throw compoundFault(`its version is ${version}`, 26);
  if (shift !== 9 && shift !== 12) throw compoundFault(`its sectors have 2^${shift} octets`, 30);
  return {
    sectorBytes: 1 << shift,
    isVersion3: version === 3,
    directoryStart: octets.readUInt32LE(48),
    miniFatStart: octets.readUInt32LE(60),
    difatStart: octets.readUInt32LE(68),
    fatSectors: readWords([octets.subarray(76, 76 + 4 * HEADER_DIFAT)]),
  };
}

/**
 * The sectors of a compound file. Every sector belongs to one chain at most: each is marked when a chain reaches it, so
 * that loops and chains that run into each other end with an error, and reading all of a file takes time by its size.
 */
export class Sectors {
  /** The whole file. */
  readonly source: ByteSource;
  /** Octets of a sector. */
  readonly sectorBytes: number;
  /** Version 3, whose sizes have 32 bits. */
  readonly isVersion3: boolean;
  /** The first sector of the directory. */
  readonly directoryStart: number;
  /** The first sector of the mini FAT. */
  readonly miniFatStart: number;
  readonly #count: number;
  readonly #fat: Uint32Array;
  readonly #taken: Uint8Array;

  constructor(source: ByteSource) {
    const header = readHeader(source);
    this.source = source;
    this.sectorBytes = header.sectorBytes;
    this.isVersion3 = header.isVersion3;
    this.directoryStart = header.directoryStart;
    this.miniFatStart = header.miniFatStart;
    // The last sector may be cut short.
    this.#count = Math.max(Math.ceil(source.size / header.sectorBytes) - 1, 0);
    this.#taken = new Uint8Array(this.#count);
    this.#fat = this.#readFat(header);
  }

  #readFat(header: Header): Uint32Array {
    const chunks: Uint8Array[] = [];
    let first: number | undefined;
    // Sectors that follow each other, as most do, are read at once.
    const sectors = this.#fatSectors(header);
    for (const [index, sector] of sectors.entries()) {
      first ??= sector;
      if (sectors[index + 1] === sector + 1) continue;
      chunks.push(this.#run(first, sector));
      first = undefined;
    }
    return readWords(chunks);
  }

  #fatSectors({ fatSectors, difatStart }: Header): number[] {
    const found: number[] = [];
    // The FAT needs no more sectors than describe the whole file; real files name no more, and end with free ones.
    const most = Math.ceil((this.#count * 4) / this.sectorBytes);
    const add = (words: Uint32Array): void => {
      for (const sector of words) {
        if (sector >= MAX_SECTOR || found.length >= most) continue;
        this.#take(sector, 'its FAT');
        found.push(sector);
      }
    };
    add(fatSectors);
    let difat = difatStart;
    while (difat < MAX_SECTOR && found.length < most) {
      this.#take(difat, 'its DIFAT');
      const words = readWords([this.#run(difat, difat)]);
      add(words.subarray(0, -1));
      difat = words.at(-1) ?? END_OF_CHAIN;
    }
    return found;
  }

  /** Where a sector begins in the file. */
  offsetOf(sector: number): number {
    return (sector + 1) * this.sectorBytes;
  }

  /** The octets of sectors that follow each other. */
  #run(first: number, last: number): Uint8Array {
    const end = Math.min(this.offsetOf(last + 1), this.source.size);
    return this.source.read(this.offsetOf(first), end);
  }

  #take(sector: number, what: string): void {
    if (sector >= this.#count) {
      throw compoundFault(`${what} names sector ${sector} of ${this.#count}`, this.source.size);
    }
    if (this.#taken[sector] === 1) {
      throw compoundFault(`${what} runs into a sector that is in use`, this.offsetOf(sector));
    }
    this.#taken[sector] = 1;
  }

  /**
   * Where the octets of a chain are, `size` of them, or all when it does not say.
   * @throws {FormatError} The chain is too short, leaves the file, or runs into another or itself.
   */
  chain(start: number, what: string, size: number = Number.POSITIVE_INFINITY): Extent[] {
    const extents: Extent[] = [];
    const left = this.#walk(start, what, size, extents);
    if (left > 0 && left !== Number.POSITIVE_INFINITY) {
      throw compoundFault(`${what} has ${size - left} octets instead of ${size}`, this.source.size);
    }
    return extents;
  }

  /** As {@link chain}, up to where the chain breaks: of a file that was cut short, what is there. */
  part(start: number, what: string, size: number): Extent[] {
    const extents: Extent[] = [];
    try {
      this.#walk(start, what, size, extents);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
    }
    return extents;
  }

  /** Adds the extents of a chain, and gives how many octets are missing at its end. */
  #walk(start: number, what: string, size: number, extents: Extent[]): number {
    const { sectorBytes } = this;
    let left = size;
    let sector = start;
    while (left > 0 && sector < MAX_SECTOR) {
      const first = sector;
      let next = sector;
      let length = 0;
      do {
        sector = next;
        this.#take(sector, what);
        length += sectorBytes;
        next = this.#fat[sector] ?? FREE_SECTOR;
      } while (next === sector + 1 && length < left && next < this.#count);
      const from = this.offsetOf(first);
      length = Math.min(length, left, this.source.size - from);
      extents.push({ start: from, length });
      left -= Math.max(length, 1);
      sector = next;
    }
    return left;
  }
}
