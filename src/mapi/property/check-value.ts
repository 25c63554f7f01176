// Whether a value is one that its type can have.
import { OptionError } from '../../base/index.ts';
import { guidBytes } from './guid.ts';
import { isSource } from './mapi-property.ts';
import { describeKey, type MapiKey } from './property-tag.ts';
import { MULTIPLE, PropertyType, type StoredValue } from './property-type.ts';

type Check = readonly [expected: string, accepts: (value: unknown) => boolean];

const between =
  (least: number, most: number) =>
  (value: unknown): boolean =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
const isNumber = (value: unknown): boolean => typeof value === 'number';
const isString = (value: unknown): boolean => typeof value === 'string';
const isBigint = (value: unknown): boolean =>
  typeof value === 'bigint' && BigInt.asIntN(64, value) === value;
const isOctets = (value: unknown): boolean => value instanceof Uint8Array;
const integer32: Check = ['an integer of 32 bits', between(-0x8000_0000, 0xffff_ffff)];
const text: Check = ['a string', isString];
const octets: Check = ['a Uint8Array', isOctets];

const CHECKS = new Map<number, Check>([
  [PropertyType.Integer16, ['an integer of 16 bits', between(-0x8000, 0xffff)]],
  [PropertyType.Integer32, integer32],
  [PropertyType.Floating32, ['a number', isNumber]],
  [PropertyType.Floating64, ['a number', isNumber]],
  [PropertyType.Currency, ['a bigint of 64 bits', isBigint]],
  [PropertyType.FloatingTime, ['a number', isNumber]],
  [PropertyType.ErrorCode, integer32],
  [PropertyType.Boolean, ['true or false', (value) => typeof value === 'boolean']],
  [PropertyType.Integer64, ['a bigint of 64 bits', isBigint]],
  [PropertyType.String8, text],
  [PropertyType.String, text],
  // FILETIMEs above 2^63 exist in real files.
  [
    PropertyType.Time,
    [
      'a bigint; dateToFileTime() makes one',
      (v) => typeof v === 'bigint' && v >= 0n && v >> 64n === 0n,
    ],
  ],
  [PropertyType.Guid, ['a GUID', (v) => typeof v === 'string' && guidBytes(v) !== undefined]],
  [PropertyType.ServerId, octets],
  [PropertyType.Restriction, octets],
  [PropertyType.RuleAction, octets],
  [PropertyType.Binary, octets],
]);

/** Throws an {@link OptionError} when a value is none of its type. */
export function checkValue(key: MapiKey, type: number, value: StoredValue): void {
  const check = CHECKS.get(type & ~MULTIPLE) ?? octets;
  const isRight =
    (type & MULTIPLE) === 0
      ? check[1](value) || (type === PropertyType.Binary && isSource(value))
      : Array.isArray(value) && value.every((each) => check[1](each));
  if (isRight) return;
  const expected = (type & MULTIPLE) === 0 ? check[0] : `an array, each ${check[0]}`;
  throw new OptionError(
    'value',
    `The value of property ${describeKey(key)} must be ${expected}, as its type ${type.toString(16).padStart(4, '0')} says`,
  );
}
