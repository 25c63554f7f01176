// One property: what names it, its type and its value, which may still be octets in a file.
import { type ByteSource, memorySource } from '../../base/internal.ts';
import type { MapiKey } from './property-tag.ts';
import type { PropertyValue, StoredValue } from './property-type.ts';

/** Makes the value of a type from its octets as a file has them. */
export type ValueDecoder = (type: number, octets: Uint8Array) => PropertyValue;

/** Whether the value is a binary that stayed where it is. */
export function isSource(value: StoredValue): value is ByteSource {
  return typeof value === 'object' && 'read' in value;
}

/** One property of a message, recipient or attachment. */
export class MapiProperty {
  /** What names it. */
  readonly key: MapiKey;
  /** The type code it is stored with; see {@link PropertyType}. Ones that are not known here are kept. */
  readonly type: number;
  #stored: StoredValue;
  #decode: ValueDecoder | undefined;

  constructor(key: MapiKey, type: number, stored: StoredValue, decode?: ValueDecoder) {
    this.key = key;
    this.type = type;
    this.#stored = stored;
    this.#decode = decode;
  }

  /**
   * The value; what it is for each type says {@link PropertyValues}. A binary that is still in its file is read whole
   * now: see `source`.
   * @throws {LimitError} `rangeBytes`: it is too large for one array.
   */
  get value(): PropertyValue {
    if (this.#decode) {
      const octets = this.#stored;
      if (octets instanceof Uint8Array) {
        this.#stored = this.#decode(this.type, octets);
        this.#decode = undefined;
      }
    }
    const stored = this.#stored;
    return isSource(stored) ? stored.read(0, stored.size) : stored;
  }

  /** A binary value as a source, which reads what is asked for only; `undefined` for other types. */
  get source(): ByteSource | undefined {
    if (isSource(this.#stored)) return this.#stored;
    const { value } = this;
    return value instanceof Uint8Array ? memorySource(value) : undefined;
  }
}
