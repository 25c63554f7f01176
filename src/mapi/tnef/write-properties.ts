// A list of properties as attMsgProps, attAttachment and the rows of attRecipTable have them (MS-OXTNEF section 2.1.3.4).
import { guidBytes } from '../property/guid.ts';
import type { MapiProperties } from '../property/mapi-properties.ts';
import type { MapiProperty } from '../property/mapi-property.ts';
import type { MapiKey, PropertyTag } from '../property/property-tag.ts';
import { MULTIPLE, PropertyType, type PropertyValue } from '../property/property-type.ts';
import type { TnefOutput } from './output.ts';
import { FIRST_NAMED, FIXED_BYTES, isVariable, NameKind } from './property-form.ts';

/** What is to be written of a bag of properties. */
export interface PropertyList {
  readonly properties: MapiProperties;
  /** Ids of those that stand elsewhere. */
  readonly without?: readonly number[];
  /** An object at the end: what it is, and its data. */
  readonly object?: {
    readonly tag: PropertyTag;
    readonly iid: Uint8Array;
    readonly data: TnefOutput;
  };
  /** Is told of those that TNEF can't hold. */
  readonly unwritable: (property: MapiProperty) => void;
}

/** Writes how many there are, and each. Strings are written in Unicode, whatever they were. */
export function writeProperties(
  output: TnefOutput,
  { properties, without = [], object, unwritable }: PropertyList,
): void {
  const written = [...properties].filter((property) => {
    const { key } = property;
    if ('id' in key && without.includes(key.id)) return false;
    const isWritable = canHold(property.type);
    if (!isWritable) unwritable(property);
    return isWritable;
  });
  output.u32(written.length + (object ? 1 : 0));
  for (const property of written) writeProperty(output, property);
  if (!object) return;
  writeHead(output, object.tag, object.tag.type);
  const size = object.iid.length + object.data.size;
  output.u32(1);
  output.u32(size);
  output.bytes(object.iid);
  output.output(object.data);
  output.pad(size);
}

function canHold(type: number): boolean {
  const single = type & ~MULTIPLE;
  return FIXED_BYTES.has(single) || isVariable(single);
}

/** Octets that are longer than others before them take: read when the stream is put together. */
function writeProperty(output: TnefOutput, property: MapiProperty): void {
  const { key, type } = property;
  const single = type & ~MULTIPLE;
  const isText = single === PropertyType.String8 || single === PropertyType.String;
  writeHead(output, key, isText ? PropertyType.String | (type & MULTIPLE) : type);
  if (type === PropertyType.Binary) {
    const { source } = property;
    output.u32(1);
    output.u32(source?.size ?? 0);
    if (source) output.source(source);
    output.pad(source?.size ?? 0);
    return;
  }
  const { value } = property;
  if (type === single) {
    if (isVariable(single)) output.u32(1);
    writeValue(output, single, value);
    return;
  }
  const values = value as readonly PropertyValue[];
  output.u32(values.length);
  for (const one of values) writeValue(output, single, one);
}

function writeHead(output: TnefOutput, key: MapiKey, type: number): void {
  output.u16(type);
  if ('id' in key) {
    output.u16(key.id);
    return;
  }
  // Which id it is means nothing: as Exchange does.
  output.u16(FIRST_NAMED);
  output.bytes(guidBytes(key.set) ?? new Uint8Array(16));
  if ('lid' in key) {
    output.u32(NameKind.number);
    output.u32(key.lid);
    return;
  }
  output.u32(NameKind.string);
  writeText(output, key.name);
}

function writeText(output: TnefOutput, text: string): void {
  const size = (text.length + 1) * 2;
  output.u32(size);
  output.utf16(`${text}\0`);
  output.pad(size);
}

/** One value. What checks, and readers, have put in a bag is of its type. */
function writeValue(output: TnefOutput, type: number, value: PropertyValue): void {
  switch (type) {
    case PropertyType.Integer16:
    case PropertyType.Boolean:
      output.u16(Number(value));
      output.u16(0);
      return;
    case PropertyType.Integer32:
    case PropertyType.ErrorCode:
      output.u32(value as number);
      return;
    case PropertyType.Floating32:
      output.float(value as number, 4);
      return;
    case PropertyType.Floating64:
    case PropertyType.FloatingTime:
      output.float(value as number, 8);
      return;
    case PropertyType.Integer64:
    case PropertyType.Currency:
    case PropertyType.Time:
      output.i64(value as bigint);
      return;
    case PropertyType.Guid:
      output.bytes(guidBytes(value as string) ?? new Uint8Array(16));
      return;
    case PropertyType.String8:
    case PropertyType.String:
      writeText(output, value as string);
      return;
    default: {
      const octets = value as Uint8Array;
      output.u32(octets.length);
      output.bytes(octets);
      output.pad(octets.length);
    }
  }
}
