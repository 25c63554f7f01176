// The mapping of names to ids in a MSG file that is written. [MS-OXMSG] section 2.2.3.
import { Buffer } from 'node:buffer';
import { enforceLimit } from '../../base/internal.ts';
import type { NewStorage, NewStream } from '../cfb/new-storage.ts';
import { guidBytes } from '../property/guid.ts';
import { PS_MAPI, PS_PUBLIC_STRINGS } from '../property/property-sets.ts';
import { keyId, type LidKey, type NameKey } from '../property/property-tag.ts';
import { checksumOf } from '../rtf/lzfu-dictionary.ts';
import {
  BUCKETS,
  FIRST_BUCKET,
  FIRST_GUID,
  FIRST_NAMED,
  MAPPING,
  NAMES,
  valueName,
} from './names.ts';

const ENTRY_BYTES = 8;

/** Gives names their ids, and writes them down: one mapping for a message and all messages inside it. */
export class NameMapping {
  readonly #ids: Map<number | string, number> = new Map();
  readonly #sets: Map<string, number> = new Map([
    [PS_MAPI, 1],
    [PS_PUBLIC_STRINGS, 2],
  ]);
  readonly #guids: Uint8Array[] = [];
  readonly #entries: Buffer[] = [];
  readonly #strings: Uint8Array[] = [];
  #stringBytes = 0;
  readonly #buckets: Map<number, Buffer[]> = new Map();

  /**
   * The id of a name in this file; `undefined` when its set is no GUID.
   * @throws {LimitError} `mapiNames`: there are more names than ids.
   */
  idOf(key: LidKey | NameKey): number | undefined {
    const known = this.#ids.get(keyId(key));
    if (known !== undefined) return known;
    const set = this.#setIndex(key.set.toUpperCase());
    if (set === undefined) return undefined;
    const index = this.#ids.size;
    enforceLimit('mapiNames', index + 1, 'The number of named properties');
    this.#ids.set(keyId(key), FIRST_NAMED + index);
    const isString = 'name' in key;
    const word = (set << 1) | (isString ? 1 : 0);
    const name = isString ? Buffer.from(key.name, 'utf16le') : undefined;
    this.#entries.push(entry(name ? this.#addString(name) : (key as LidKey).lid, word, index));
    const hash = name ? checksumOf(name) : (key as LidKey).lid;
    const bucket = FIRST_BUCKET + (((hash ^ word) >>> 0) % BUCKETS);
    const inBucket = this.#buckets.get(bucket) ?? [];
    inBucket.push(entry(hash, word, index));
    this.#buckets.set(bucket, inBucket);
    return FIRST_NAMED + index;
  }

  #setIndex(set: string): number | undefined {
    const known = this.#sets.get(set);
    if (known !== undefined) return known;
    const octets = guidBytes(set);
    if (octets === undefined) return undefined;
    this.#guids.push(octets);
    const index = FIRST_GUID + this.#guids.length - 1;
    this.#sets.set(set, index);
    return index;
  }

  /** Puts a name among the strings, and gives where it begins. */
  #addString(name: Buffer): number {
    const offset = this.#stringBytes;
    const padded = Buffer.alloc(4 + Math.ceil(name.length / 4) * 4);
    padded.writeUInt32LE(name.length, 0);
    name.copy(padded, 4);
    this.#strings.push(padded);
    this.#stringBytes += padded.length;
    return offset;
  }

  /** The storage that holds the mapping; complete when every property has its id. */
  storage(): NewStorage {
    const stream = (tag: number, pieces: readonly Uint8Array[]): NewStream => ({
      name: valueName(tag),
      content: Buffer.concat(pieces),
    });
    return {
      name: NAMES,
      children: [
        stream(MAPPING.guids, this.#guids),
        stream(MAPPING.entries, this.#entries),
        stream(MAPPING.strings, this.#strings),
        ...Array.from(this.#buckets, ([id, entries]) => stream(id * 0x1_0000 + 0x0102, entries)),
      ],
    };
  }
}

function entry(value: number, word: number, index: number): Buffer {
  const octets = Buffer.allocUnsafe(ENTRY_BYTES);
  octets.writeUInt32LE(value >>> 0, 0);
  octets.writeUInt16LE(word, 4);
  octets.writeUInt16LE(index, 6);
  return octets;
}
