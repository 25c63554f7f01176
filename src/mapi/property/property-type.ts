// The types a property's value can have, and what each is in JavaScript. [MS-OXCDATA] section 2.11.1.
import type { ByteSource } from '../../base/internal.ts';

/** Type codes of property values (MS-OXCDATA section 2.11.1), the low half of a property tag. */
export const PropertyType = {
  /** Signed 16-bit integer: number. */
  Integer16: 0x0002,
  /** Signed 32-bit integer: number. */
  Integer32: 0x0003,
  /** 32-bit floating point: number. */
  Floating32: 0x0004,
  /** 64-bit floating point: number. */
  Floating64: 0x0005,
  /** Signed 64-bit integer, in ten-thousandths: bigint. */
  Currency: 0x0006,
  /** Days since 1899-12-30 as floating point: number. */
  FloatingTime: 0x0007,
  /** Unsigned 32-bit error code: number. */
  ErrorCode: 0x000a,
  /** True or false: boolean. */
  Boolean: 0x000b,
  /** A message or storage inside, which a {@link MapiAttachment} holds. */
  Object: 0x000d,
  /** Signed 64-bit integer: bigint. */
  Integer64: 0x0014,
  /** Text in the message's code page: string. */
  String8: 0x001e,
  /** Unicode text: string. */
  String: 0x001f,
  /** FILETIME, 100 ns since 1601-01-01 UTC: bigint; see {@link fileTimeToDate}. */
  Time: 0x0040,
  /** GUID: string, upper case with hyphens, no braces. */
  Guid: 0x0048,
  /** Entry id on a server: octets. */
  ServerId: 0x00fb,
  /** Search restriction: octets. */
  Restriction: 0x00fd,
  /** Actions of a rule: octets. */
  RuleAction: 0x00fe,
  /** Octets. */
  Binary: 0x0102,
  /** Many signed 16-bit integers. */
  MultipleInteger16: 0x1002,
  /** Many signed 32-bit integers. */
  MultipleInteger32: 0x1003,
  /** Many 32-bit floating points. */
  MultipleFloating32: 0x1004,
  /** Many 64-bit floating points. */
  MultipleFloating64: 0x1005,
  /** Many currency values. */
  MultipleCurrency: 0x1006,
  /** Many floating times. */
  MultipleFloatingTime: 0x1007,
  /** Many signed 64-bit integers. */
  MultipleInteger64: 0x1014,
  /** Many texts in the message's code page. */
  MultipleString8: 0x101e,
  /** Many Unicode texts. */
  MultipleString: 0x101f,
  /** Many FILETIMEs. */
  MultipleTime: 0x1040,
  /** Many GUIDs. */
  MultipleGuid: 0x1048,
  /** Many binaries. */
  MultipleBinary: 0x1102,
} as const;

/** What a value of each type is in JavaScript. */
export interface PropertyValues {
  /** Integer16. */
  0x0002: number;
  /** Integer32. */
  0x0003: number;
  /** Floating32. */
  0x0004: number;
  /** Floating64. */
  0x0005: number;
  /** Currency. */
  0x0006: bigint;
  /** FloatingTime. */
  0x0007: number;
  /** ErrorCode. */
  0x000a: number;
  /** Boolean. */
  0x000b: boolean;
  /** Integer64. */
  0x0014: bigint;
  /** String8. */
  0x001e: string;
  /** String. */
  0x001f: string;
  /** Time. */
  0x0040: bigint;
  /** Guid. */
  0x0048: string;
  /** ServerId. */
  0x00fb: Uint8Array;
  /** Restriction. */
  0x00fd: Uint8Array;
  /** RuleAction. */
  0x00fe: Uint8Array;
  /** Binary. */
  0x0102: Uint8Array;
  /** MultipleInteger16. */
  0x1002: readonly number[];
  /** MultipleInteger32. */
  0x1003: readonly number[];
  /** MultipleFloating32. */
  0x1004: readonly number[];
  /** MultipleFloating64. */
  0x1005: readonly number[];
  /** MultipleCurrency. */
  0x1006: readonly bigint[];
  /** MultipleFloatingTime. */
  0x1007: readonly number[];
  /** MultipleInteger64. */
  0x1014: readonly bigint[];
  /** MultipleString8. */
  0x101e: readonly string[];
  /** MultipleString. */
  0x101f: readonly string[];
  /** MultipleTime. */
  0x1040: readonly bigint[];
  /** MultipleGuid. */
  0x1048: readonly string[];
  /** MultipleBinary. */
  0x1102: readonly Uint8Array[];
}

/** A value of any type. Types that are not known here have their octets. */
export type PropertyValue = PropertyValues[keyof PropertyValues];

/** What {@link MapiProperties.get} gives for a tag of type `T`. */
export type ValueOf<T extends number> = T extends keyof PropertyValues
  ? PropertyValues[T]
  : PropertyValue;

/** What {@link MapiProperties.set} takes for a tag of type `T`: a binary may stay where it is, as a source. */
export type InputOf<T extends number> = ValueOf<T> | (T extends 0x0102 ? ByteSource : never);

/** A value as it is held: a large binary stays in its source. */
export type StoredValue = PropertyValue | ByteSource;

/** The flag of a type code that says: many values (MS-OXCDATA section 2.11.1.2). */
export const MULTIPLE = 0x1000;

/** The type under which a property is looked for: strings of both kinds are one. */
export function lookupType(type: number): number {
  if (type === PropertyType.String8) return PropertyType.String;
  return type === PropertyType.MultipleString8 ? PropertyType.MultipleString : type;
}
