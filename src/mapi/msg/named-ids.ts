// Which names the ids of a MSG file from 0x8000 on stand for. [MS-OXMSG] section 2.2.3.
import { viewOf } from '../../base/internal.ts';
import type { CompoundStorage } from '../cfb/compound-file.ts';
import { readGuid } from '../property/guid.ts';
import { PS_MAPI, PS_PUBLIC_STRINGS } from '../property/property-sets.ts';
import type { MapiKey } from '../property/property-tag.ts';
import { FIRST_GUID, FIRST_NAMED, MAPPING, valueName } from './names.ts';
import { readWide } from './value-codec.ts';

const ENTRY_BYTES = 8;
const IS_STRING = 1;

/** Gives what `read` gives, or `undefined` when the file is damaged there, after having told so. */
export type Attempt = <T>(read: () => T) => T | undefined;

/** The names of one file. Each is read when a property asks for it. */
export class NamedIds {
  readonly #guids: Buffer;
  readonly #entries: Buffer;
  readonly #strings: Buffer;
  readonly #offsets: Map<number, number> = new Map();
  readonly #sets: Map<number, string> = new Map();
  readonly #keys: Map<number, MapiKey | undefined> = new Map();

  /**
   * @param storage The storage `__nameid_version1.0`; without one no id has a name.
   * @param attempt What reads a part of the file, and tells when it is damaged.
   */
  constructor(storage: CompoundStorage | undefined, attempt: Attempt) {
    const contents = storage && attempt(() => storage.contents());
    const streams = new Map(contents?.streams.map((each) => [each.name, each]));
    const read = (tag: number): Buffer => {
      const stream = streams.get(valueName(tag));
      const source = stream && attempt(() => stream.source());
      return viewOf(source?.read(0, source.size) ?? new Uint8Array(0));
    };
    this.#guids = read(MAPPING.guids);
    this.#entries = read(MAPPING.entries);
    this.#strings = read(MAPPING.strings);
    this.#index();
  }

  /** Entries say their own number, in nearly all files the position; where none says a position's, that one is meant. */
  #index(): void {
    const count = Math.floor(this.#entries.length / ENTRY_BYTES);
    for (let index = 0; index < count; index++) {
      const number = this.#entries.readUInt16LE(index * ENTRY_BYTES + 6);
      if (!this.#offsets.has(number)) this.#offsets.set(number, index * ENTRY_BYTES);
    }
    for (let index = 0; index < count; index++) {
      if (!this.#offsets.has(index)) this.#offsets.set(index, index * ENTRY_BYTES);
    }
  }

  /** The name an id stands for; `undefined` when the file does not say. */
  keyOf(id: number): MapiKey | undefined {
    if (!this.#keys.has(id)) this.#keys.set(id, this.#read(id));
    return this.#keys.get(id);
  }

  #read(id: number): MapiKey | undefined {
    const at = this.#offsets.get(id - FIRST_NAMED);
    if (at === undefined) return undefined;
    const value = this.#entries.readUInt32LE(at);
    const word = this.#entries.readUInt16LE(at + 4);
    const set = this.#set(word >> 1);
    if (set === undefined) return undefined;
    if ((word & 1) !== IS_STRING) return { set, lid: value };
    const name = this.#name(value);
    return name === undefined ? undefined : { set, name };
  }

  #set(index: number): string | undefined {
    if (index === 1) return PS_MAPI;
    if (index === 2) return PS_PUBLIC_STRINGS;
    const at = (index - FIRST_GUID) * 16;
    if (at < 0 || at + 16 > this.#guids.length) return undefined;
    const known = this.#sets.get(index);
    if (known !== undefined) return known;
    const set = readGuid(this.#guids, at);
    this.#sets.set(index, set);
    return set;
  }

  #name(offset: number): string | undefined {
    if (offset + 4 > this.#strings.length) return undefined;
    const start = offset + 4;
    const end = start + this.#strings.readUInt32LE(offset);
    if (end > this.#strings.length) return undefined;
    return readWide(this.#strings.subarray(start, end));
  }
}
