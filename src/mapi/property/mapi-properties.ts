// The bag of properties that a message, a recipient or an attachment is.
import type { ByteSource } from '../../base/internal.ts';
import { checkValue } from './check-value.ts';
import { MapiProperty } from './mapi-property.ts';
import { keyId, type MapiKey, type PropertyTag } from './property-tag.ts';
import { type InputOf, lookupType, type ValueOf } from './property-type.ts';

/**
 * The properties of a message, recipient or attachment, in the order of the file. A property is found by what names it
 * and the type of its value; a string is found whether it is stored as Unicode or in a code page. What is not known here
 * is kept with its type.
 */
export class MapiProperties implements Iterable<MapiProperty> {
  readonly #byKey: Map<number | string, MapiProperty> = new Map();

  /** How many there are. */
  get size(): number {
    return this.#byKey.size;
  }

  /**
   * The value of a property; `undefined` when it is not there, or there with another type (`find` gives it then).
   * @throws {LimitError} `rangeBytes`: a binary is too large for one array; see `source`.
   */
  get<T extends number>(tag: PropertyTag<T>): ValueOf<T> | undefined {
    // What was put in under this type is of this type: set() checks, readers decode by it.
    return this.#byKey.get(slot(tag, tag.type))?.value as ValueOf<T> | undefined;
  }

  /** A binary value as a source, read piece by piece; `undefined` when it is not there or no binary. */
  source(tag: PropertyTag): ByteSource | undefined {
    return this.#byKey.get(slot(tag, tag.type))?.source;
  }

  /** Whether there is such a property, with the type of the tag. */
  has(tag: PropertyTag): boolean {
    return this.#byKey.has(slot(tag, tag.type));
  }

  /** The first property of that name, whatever its type; `undefined` when there is none. */
  find(key: MapiKey): MapiProperty | undefined {
    const wanted = keyId(key);
    for (const property of this.#byKey.values()) {
      if (keyId(property.key) === wanted) return property;
    }
    return undefined;
  }

  /**
   * Sets a value, in place of the one that was there.
   * @throws {OptionError} `value`: it is none of the tag's type.
   */
  set<T extends number>(tag: PropertyTag<T>, value: InputOf<T>): this {
    checkValue(tag, tag.type, value);
    return this.put(new MapiProperty(bare(tag), tag.type, value));
  }

  /** Puts a property in, in place of the one of its name and type: for copies between bags. */
  put(property: MapiProperty): this {
    this.#byKey.set(slot(property.key, property.type), property);
    return this;
  }

  /** Puts a property in unless there is one of its name and type; whether it did. */
  add(property: MapiProperty): boolean {
    const place = slot(property.key, property.type);
    if (this.#byKey.has(place)) return false;
    this.#byKey.set(place, property);
    return true;
  }

  /** Takes a property out; `false` when it was not there. */
  delete(tag: PropertyTag): boolean {
    return this.#byKey.delete(slot(tag, tag.type));
  }

  /** Every property, in order. */
  [Symbol.iterator](): IterableIterator<MapiProperty> {
    return this.#byKey.values();
  }
}

/** One place in the map for a name and type, the two kinds of strings together. */
function slot(key: MapiKey, type: number): number | string {
  const lookup = lookupType(type);
  return 'id' in key ? key.id * 0x1_0000 + lookup : `${keyId(key)}/${lookup}`;
}

function bare(tag: PropertyTag): MapiKey {
  if ('id' in tag) return { id: tag.id };
  return 'lid' in tag ? { set: tag.set, lid: tag.lid } : { set: tag.set, name: tag.name };
}
