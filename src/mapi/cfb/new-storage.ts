// What a compound file is written from.
import type { ByteSource } from '../../base/internal.ts';
import { enforceLimit } from '../../base/internal.ts';
import type { CompoundStorage } from './compound-file.ts';

/** A stream to write. */
export interface NewStream {
  /** Its name: at most 31 UTF-16 units. */
  readonly name: string;
  /** Its octets; those of a source are read while they are written. */
  readonly content: Uint8Array | ByteSource;
}

/** A storage to write. */
export interface NewStorage {
  /** Its name: at most 31 UTF-16 units. */
  readonly name: string;
  /** What made it: a GUID. Default: zeros. */
  readonly classId?: string;
  /** Flags of whoever made it. Default: 0. */
  readonly stateBits?: number;
  /** When it was made, FILETIME. Default: 0n. */
  readonly created?: bigint;
  /** When it was changed last, FILETIME. Default: 0n. */
  readonly modified?: bigint;
  /** What is in it, in any order; names differ. */
  readonly children: readonly (NewStorage | NewStream)[];
}

/**
 * A storage that was read, to be written as it is: all it holds, with classes, flags and times.
 * @throws {FormatError} One of its streams is damaged.
 * @throws {LimitError} `depth`: storages are inside each other too deep.
 */
export function asNewStorage(storage: CompoundStorage, name: string, depth = 0): NewStorage {
  enforceLimit('depth', depth, 'The number of storages inside each other');
  const { storages, streams } = storage.contents();
  return {
    name,
    classId: storage.classId,
    stateBits: storage.stateBits,
    created: storage.created,
    modified: storage.modified,
    children: [
      ...storages.map((each) => asNewStorage(each, each.name, depth + 1)),
      ...streams.map((each) => ({ name: each.name, content: each.source() })),
    ],
  };
}
