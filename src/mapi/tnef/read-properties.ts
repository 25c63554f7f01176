// A list of properties: the data of attMsgProps and attAttachment, and one row of attRecipTable (MS-OXTNEF section 2.1.3.4).
import type { ByteSource } from '../../base/internal.ts';
import { readGuid } from '../property/guid.ts';
import type { MapiProperties } from '../property/mapi-properties.ts';
import { MapiProperty } from '../property/mapi-property.ts';
import type { MapiKey } from '../property/property-tag.ts';
import {
  MULTIPLE,
  PropertyType,
  type PropertyValue,
  type StoredValue,
} from '../property/property-type.ts';
import { utf16 } from './attribute-text.ts';
import type { Faults } from './faults.ts';
import { CutShort, type TnefInput } from './input.ts';
import { FIRST_NAMED, FIXED_BYTES, isVariable, NameKind } from './property-form.ts';

/** How values are read. */
export interface PropertyReading {
  readonly faults: Faults;
  /** The string in octets of this type, with its NUL or without. */
  readonly text: (type: number, octets: Uint8Array) => string;
}

// What a property has at least: type and id; and a value in a list: its length.
const LEAST_BYTES = 4;

/**
 * Reads a list to its end into `into`. What is cut short, or of a type that is not known, ends it: then it is not known
 * where the next thing begins, and the answer is `false`.
 */
export function readProperties(
  input: TnefInput,
  into: MapiProperties,
  reading: PropertyReading,
): boolean {
  const { faults } = reading;
  try {
    for (let count = input.u32(); count > 0; count--) {
      const { offset } = input;
      const type = input.u16();
      const key = readKey(input);
      const property = readProperty(input, key, type, reading);
      if (property === undefined) {
        const shown = type.toString(16).padStart(4, '0');
        faults.tell(
          'TYPE_UNKNOWN',
          `A property of the unknown type ${shown} ends the list`,
          offset,
        );
        return false;
      }
      if (!into.has({ ...key, type })) into.put(property);
    }
    return true;
  } catch (error) {
    if (!(error instanceof CutShort)) throw error;
    faults.tell('STRUCTURE_DAMAGED', 'A list of properties is cut short', error.offset);
    return false;
  }
}

function readKey(input: TnefInput): MapiKey {
  const id = input.u16();
  if (id < FIRST_NAMED) return { id };
  const set = readGuid(input.bytes(16));
  if (input.u32() === NameKind.number) return { set, lid: input.u32() };
  const size = input.u32();
  const name = utf16(input.bytes(size));
  input.pad(size);
  return { set, name };
}

/** The property; `undefined` when nothing is known of values of its type. */
function readProperty(
  input: TnefInput,
  key: MapiKey,
  type: number,
  { faults, text }: PropertyReading,
): MapiProperty | undefined {
  const single = type & ~MULTIPLE;
  const isMultiple = type !== single;
  const many = <T>(leastBytes: number, read: () => T): T[] =>
    readMany(input, leastBytes, read, faults);
  faults.count(1);
  const octets = FIXED_BYTES.get(single);
  if (octets !== undefined) {
    if (!isMultiple) return new MapiProperty(key, type, readFixed(input, single));
    const values = many(octets, () => readFixed(input, single));
    return new MapiProperty(key, type, values as PropertyValue);
  }
  if (!isVariable(single)) return undefined;
  const isText = single === PropertyType.String || single === PropertyType.String8;
  if (isMultiple) {
    const values = many(LEAST_BYTES, () => {
      const value = readOctets(input);
      return isText ? text(single, value) : value;
    });
    return new MapiProperty(key, type, values as PropertyValue);
  }
  if (isText) {
    const [value] = many(LEAST_BYTES, () => readOctets(input));
    return new MapiProperty(key, type, value ?? new Uint8Array(0), text);
  }
  const [value] = many(LEAST_BYTES, () => readLarge(input));
  return new MapiProperty(key, type, value ?? new Uint8Array(0));
}

/** As many values as are said to follow, when there can be so many. */
function readMany<T>(input: TnefInput, leastBytes: number, read: () => T, faults: Faults): T[] {
  const count = input.u32();
  if (count * leastBytes > input.left) throw new CutShort(input.offset);
  faults.count(count);
  const values: T[] = [];
  for (let index = 0; index < count; index++) values.push(read());
  return values;
}

function readFixed(input: TnefInput, type: number): PropertyValue {
  switch (type) {
    case PropertyType.Integer16: {
      const value = input.i16();
      input.skip(2);
      return value;
    }
    case PropertyType.Boolean: {
      const value = input.u16() !== 0;
      input.skip(2);
      return value;
    }
    case PropertyType.Integer32:
      return input.i32();
    case PropertyType.ErrorCode:
      return input.u32();
    case PropertyType.Floating32:
      return input.float(4);
    case PropertyType.Floating64:
    case PropertyType.FloatingTime:
      return input.float(8);
    case PropertyType.Time:
      return input.u64();
    case PropertyType.Guid:
      return readGuid(input.bytes(16));
    default:
      // Integer64 and Currency.
      return input.i64();
  }
}

function readOctets(input: TnefInput): Uint8Array {
  const size = input.u32();
  const octets = input.bytes(size);
  input.pad(size);
  return octets;
}

function readLarge(input: TnefInput): StoredValue {
  const size = input.u32();
  const value: Uint8Array | ByteSource = input.value(size);
  input.pad(size);
  return value;
}
