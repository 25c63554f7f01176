// Values of properties to octets and back, as MSG files have them. [MS-OXMSG] sections 2.1 and 2.4.2.
import { Buffer } from 'node:buffer';
import { viewOf } from '../../base/internal.ts';
import { type AnsiPage, decodeAnsi } from '../property/code-page.ts';
import { guidBytes, readGuid } from '../property/guid.ts';
import { MULTIPLE, PropertyType, type PropertyValue } from '../property/property-type.ts';

/** Octets of values that stand in the list of properties itself; smaller than its eight are padded. */
const INLINE_BYTES: ReadonlyMap<number, number> = new Map([
  [PropertyType.Integer16, 2],
  [PropertyType.Integer32, 4],
  [PropertyType.Floating32, 4],
  [PropertyType.Floating64, 8],
  [PropertyType.Currency, 8],
  [PropertyType.FloatingTime, 8],
  [PropertyType.ErrorCode, 4],
  [PropertyType.Boolean, 2],
  [PropertyType.Integer64, 8],
  [PropertyType.Time, 8],
]);

/** Octets of a value in a stream of many; `undefined` when each has a stream of its own. */
export function elementBytes(type: number): number | undefined {
  const single = type & ~MULTIPLE;
  return single === PropertyType.Guid ? 16 : INLINE_BYTES.get(single);
}

/** Whether a value of this type stands in the list of properties. */
export function isInline(type: number): boolean {
  return INLINE_BYTES.has(type);
}

/** Whether values of this type have a stream, or streams, of their own. */
export function isStreamed(type: number): boolean {
  const single = type & ~MULTIPLE;
  return (
    single === PropertyType.String ||
    single === PropertyType.String8 ||
    single === PropertyType.Binary ||
    single === PropertyType.Guid ||
    single === PropertyType.ServerId ||
    single === PropertyType.Restriction ||
    single === PropertyType.RuleAction ||
    (type !== single && INLINE_BYTES.has(single))
  );
}

/** Reads a value of a fixed length at `at`. */
export function readFixed(octets: Buffer, at: number, type: number): PropertyValue {
  switch (type) {
    case PropertyType.Integer16:
      return octets.readInt16LE(at);
    case PropertyType.Integer32:
      return octets.readInt32LE(at);
    case PropertyType.Floating32:
      return octets.readFloatLE(at);
    case PropertyType.Floating64:
    case PropertyType.FloatingTime:
      return octets.readDoubleLE(at);
    case PropertyType.Currency:
    case PropertyType.Integer64:
      return octets.readBigInt64LE(at);
    case PropertyType.ErrorCode:
      return octets.readUInt32LE(at);
    case PropertyType.Boolean:
      return octets[at] !== 0 || octets[at + 1] !== 0;
    case PropertyType.Time:
      return octets.readBigUInt64LE(at);
    default:
      return readGuid(octets, at);
  }
}

/** Writes a value of a fixed length at `at`. */
export function writeFixed(octets: Buffer, at: number, type: number, value: PropertyValue): void {
  if (typeof value === 'bigint') octets.writeBigUInt64LE(BigInt.asUintN(64, value), at);
  else if (typeof value === 'boolean') octets.writeUInt16LE(value ? 1 : 0, at);
  else if (typeof value === 'string') octets.set(guidBytes(value) ?? [], at);
  else if (typeof value !== 'number') octets.set((value as Uint8Array).subarray(0, 8), at);
  else if (type === PropertyType.Floating32) octets.writeFloatLE(value, at);
  else if (type === PropertyType.Floating64 || type === PropertyType.FloatingTime) {
    octets.writeDoubleLE(value, at);
  } else if (type === PropertyType.Integer16) octets.writeUInt16LE(value & 0xffff, at);
  else octets.writeInt32LE(value | 0, at);
}

/** The value in the octets of a stream. Strings end before their NUL, if they have one. */
export function readStreamed(type: number, octets: Uint8Array, ansi: AnsiPage): PropertyValue {
  const single = type & ~MULTIPLE;
  if (type !== single) return readElements(viewOf(octets), single);
  if (type === PropertyType.String) return readWide(octets);
  if (type === PropertyType.String8) return readNarrow(octets, ansi);
  return type === PropertyType.Guid ? readGuid(octets) : octets;
}

function readElements(octets: Buffer, single: number): PropertyValue {
  const step = elementBytes(single) ?? 1;
  const values = [];
  for (let at = 0; at + step <= octets.length; at += step) {
    values.push(readFixed(octets, at, single));
  }
  return values as PropertyValue;
}

/** UTF-16 text, without NULs at its end. */
export function readWide(octets: Uint8Array): string {
  const text = viewOf(octets).toString('utf16le');
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end -= 1;
  return end === text.length ? text : text.slice(0, end);
}

/** Text in a code page, or in UTF-16 all the same: one maker of files (Aspose) writes that. */
function readNarrow(octets: Uint8Array, ansi: AnsiPage): string {
  if (isWide(octets)) return readWide(octets);
  let end = octets.length;
  while (end > 0 && octets[end - 1] === 0) end -= 1;
  return decodeAnsi(octets.subarray(0, end), ansi.page, ansi.fallback);
}

/** Whether 8-bit text is UTF-16: two letters with a zero after each. */
export function isWide(octets: Uint8Array): boolean {
  return octets[1] === 0 && octets[3] === 0 && octets[0] !== 0 && octets[2] !== 0;
}

/** Many values of a fixed length, one after the other. */
export function writeElements(type: number, values: readonly PropertyValue[]): Buffer {
  const single = type & ~MULTIPLE;
  const step = elementBytes(single) ?? 0;
  const octets = Buffer.alloc(step * values.length);
  values.forEach((value, index) => {
    writeFixed(octets, index * step, single, value);
  });
  return octets;
}
