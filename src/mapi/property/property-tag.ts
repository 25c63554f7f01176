// What names a property. [MS-OXCDATA] section 2.9; [MS-OXPROPS] section 1.3.
import { PS_INTERNET_HEADERS } from './property-sets.ts';

/** A property that has an id of its own, below 0x8000. */
export interface IdKey {
  /** The high half of the property tag. */
  readonly id: number;
}

/** A named property with a number. */
export interface LidKey {
  /** GUID of the property set; see {@link propertySets}. */
  readonly set: string;
  /** The number in its set. */
  readonly lid: number;
}

/** A named property with a string for a name. */
export interface NameKey {
  /** GUID of the property set; see {@link propertySets}. */
  readonly set: string;
  /** The name in its set. Letter case counts, but for PS_INTERNET_HEADERS. */
  readonly name: string;
}

/** What names a property, whatever file it is in: numbers above 0x8000 mean something else in each file. */
export type MapiKey = IdKey | LidKey | NameKey;

/**
 * A property and the type of its value: `PidTag.Subject`, `PidLid.Location`, `PidName.Keywords`, or one of your own,
 * `{ set, name: 'x-mine', type: PropertyType.String }`.
 */
export type PropertyTag<T extends number = number> = MapiKey & {
  /** A code of {@link PropertyType}. */
  readonly type: T;
  /** The name in MS-OXPROPS, such as `PidTagSubject`. */
  readonly canonical?: string;
};

/** The key in one string or number for a map: the same for keys that mean the same property. */
export function keyId(key: MapiKey): number | string {
  if ('id' in key) return key.id;
  const set = key.set.toUpperCase();
  if ('lid' in key) return `${set}#${key.lid}`;
  // [MS-OXCMSG] section 2.2.1: names of Internet headers are header names, for which case does not count.
  return `${set}:${set === PS_INTERNET_HEADERS ? key.name.toLowerCase() : key.name}`;
}

/** The key for people: `0037`, `00062002-…#8208` or `00020329-…:Keywords`. Not escaped: names come from outside. */
export function describeKey(key: MapiKey): string {
  if ('id' in key) return key.id.toString(16).toUpperCase().padStart(4, '0');
  return 'lid' in key
    ? `${key.set}#${key.lid.toString(16).toUpperCase().padStart(4, '0')}`
    : `${key.set}:${key.name}`;
}
