// Reading compound files, versions 3 and 4: storages and streams by name. [MS-CFB] section 2.6.
import { type ByteSource, concatBytes, memorySource, viewOf } from '../../base/internal.ts';
import { readGuid } from '../property/guid.ts';
import { extentSource } from './extent-source.ts';
import { compoundFault } from './faults.ts';
import { ENTRY_BYTES, EntryType, MINI_CUTOFF, NO_ENTRY } from './layout.ts';
import { MiniSectors } from './mini-sectors.ts';
import { Sectors } from './sectors.ts';

/** A stream: octets with a name. */
export interface CompoundStream {
  /** Its name in the storage. */
  readonly name: string;
  /** Octets it says it has. */
  readonly size: number;
  /**
   * Its octets, where they are.
   * @throws {FormatError} Its sectors do not hang together.
   */
  source(): ByteSource;
}

/** A storage: streams and other storages, under a name. */
export interface CompoundStorage {
  /** Its name in the storage above; `Root Entry` for the one at the top. */
  readonly name: string;
  /** What made it: a GUID, zeros when it does not say. */
  readonly classId: string;
  /** Flags of whoever made it. */
  readonly stateBits: number;
  /** When it was made, FILETIME; 0n when it does not say. */
  readonly created: bigint;
  /** When it was changed last, FILETIME; 0n when it does not say. */
  readonly modified: bigint;
  /**
   * What is in it, in the order of the directory.
   * @throws {FormatError} The directory does not hang together.
   */
  contents(): CompoundContents;
}

/** What is in a storage. */
export interface CompoundContents {
  /** Storages in it. */
  readonly storages: readonly CompoundStorage[];
  /** Streams in it. */
  readonly streams: readonly CompoundStream[];
}

/**
 * Reads a compound file; octets of streams are read when asked for.
 * @throws {FormatError} It is none, or damaged so that its directory can't be read.
 */
export function readCompoundFile(source: Uint8Array | ByteSource): CompoundStorage {
  return new Directory(source instanceof Uint8Array ? memorySource(source) : source).root;
}

class Directory {
  readonly #sectors: Sectors;
  readonly #octets: Buffer;
  readonly #count: number;
  readonly #reached: Uint8Array;
  #mini: MiniSectors | undefined;
  readonly root: StorageEntry;

  constructor(source: ByteSource) {
    const sectors = new Sectors(source);
    const extents = sectors.chain(sectors.directoryStart, 'the directory');
    this.#sectors = sectors;
    this.#octets = viewOf(
      concatBytes(extents.map(({ start, length }) => source.read(start, start + length))),
    );
    this.#count = Math.floor(this.#octets.length / ENTRY_BYTES);
    this.#reached = new Uint8Array(this.#count);
    if (this.#count === 0 || this.#octets[66] !== EntryType.root) {
      throw compoundFault('it has no root', extents[0]?.start ?? source.size);
    }
    this.#reached[0] = 1;
    this.root = this.#storage(0);
  }

  #storage(entry: number): StorageEntry {
    return new StorageEntry(this, this.#octets, entry * ENTRY_BYTES);
  }

  /** What hangs under an entry: its tree of siblings, walked without recursion. */
  contents(child: number): CompoundContents {
    const storages: CompoundStorage[] = [];
    const streams: CompoundStream[] = [];
    const waiting: number[] = [];
    let entry = child;
    while (entry !== NO_ENTRY || waiting.length > 0) {
      while (entry !== NO_ENTRY) {
        this.#reach(entry);
        waiting.push(entry);
        entry = this.#octets.readUInt32LE(entry * ENTRY_BYTES + 68);
      }
      const next = waiting.pop() ?? 0;
      const at = next * ENTRY_BYTES;
      const type = this.#octets[at + 66];
      if (type === EntryType.stream) streams.push(new StreamEntry(this, this.#octets, at));
      else if (type === EntryType.storage) storages.push(this.#storage(next));
      entry = this.#octets.readUInt32LE(at + 72);
    }
    return { storages, streams };
  }

  #reach(entry: number): void {
    if (this.#reached[entry] !== 0) {
      const why = entry < this.#count ? 'reaches an entry twice' : 'leaves itself';
      throw compoundFault(
        `its directory ${why} at entry ${entry}`,
        this.#sectors.offsetOf(this.#sectors.directoryStart),
      );
    }
    this.#reached[entry] = 1;
  }

  /** The octets of a stream. */
  open(start: number, size: number, name: string): ByteSource {
    if (size === 0) return memorySource(new Uint8Array(0));
    const what = `stream '${name}'`;
    if (size >= MINI_CUTOFF) {
      return extentSource(this.#sectors.source, this.#sectors.chain(start, what, size));
    }
    this.#mini ??= new MiniSectors(this.#sectors, this.#octets.readUInt32LE(116), this.sizeAt(0));
    return memorySource(this.#mini.read(start, size, what));
  }

  /** The size in an entry. Version 3 has 32 bits; what is above them is often rubbish (MS-CFB section 2.6.1). */
  sizeAt(at: number): number {
    const low = this.#octets.readUInt32LE(at + 120);
    return this.#sectors.isVersion3
      ? low
      : low + 0x1_0000_0000 * this.#octets.readUInt32LE(at + 124);
  }
}

function nameAt(octets: Buffer, at: number): string {
  const units = Math.min(octets.readUInt16LE(at + 64), 64) & ~1;
  return octets.toString('utf16le', at, at + Math.max(units - 2, 0));
}

class StreamEntry implements CompoundStream {
  readonly name: string;
  readonly size: number;
  readonly #directory: Directory;
  readonly #start: number;
  #source: ByteSource | undefined;

  constructor(directory: Directory, octets: Buffer, at: number) {
    this.#directory = directory;
    this.name = nameAt(octets, at);
    this.size = directory.sizeAt(at);
    this.#start = octets.readUInt32LE(at + 116);
  }

  source(): ByteSource {
    this.#source ??= this.#directory.open(this.#start, this.size, this.name);
    return this.#source;
  }
}

class StorageEntry implements CompoundStorage {
  readonly name: string;
  readonly #directory: Directory;
  readonly #octets: Buffer;
  readonly #at: number;
  #contents: CompoundContents | undefined;

  constructor(directory: Directory, octets: Buffer, at: number) {
    this.#directory = directory;
    this.#octets = octets;
    this.#at = at;
    this.name = nameAt(octets, at);
  }

  get classId(): string {
    return readGuid(this.#octets, this.#at + 80);
  }

  get stateBits(): number {
    return this.#octets.readUInt32LE(this.#at + 96);
  }

  get created(): bigint {
    return this.#octets.readBigUInt64LE(this.#at + 100);
  }

  get modified(): bigint {
    return this.#octets.readBigUInt64LE(this.#at + 108);
  }

  contents(): CompoundContents {
    this.#contents ??= this.#directory.contents(this.#octets.readUInt32LE(this.#at + 76));
    return this.#contents;
  }
}
