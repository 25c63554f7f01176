// How properties stand in TNEF (MS-OXTNEF section 2.1.3.4): what reader and writer have to agree on.
import { PropertyType } from '../property/property-type.ts';

/** Ids from here on stand for a name that follows; which id it is means nothing. */
export const FIRST_NAMED = 0x8000;

/** What a name is. */
export const NameKind = { number: 0, string: 1 } as const;

/** Octets of values that all have the same length; small ones are padded to four. */
export const FIXED_BYTES: ReadonlyMap<number, number> = new Map([
  [PropertyType.Integer16, 4],
  [PropertyType.Integer32, 4],
  [PropertyType.Floating32, 4],
  [PropertyType.Floating64, 8],
  [PropertyType.Currency, 8],
  [PropertyType.FloatingTime, 8],
  [PropertyType.ErrorCode, 4],
  [PropertyType.Boolean, 4],
  [PropertyType.Integer64, 8],
  [PropertyType.Time, 8],
  [PropertyType.Guid, 16],
]);

const VARIABLE: ReadonlySet<number> = new Set([
  PropertyType.Object,
  PropertyType.String8,
  PropertyType.String,
  PropertyType.ServerId,
  PropertyType.Restriction,
  PropertyType.RuleAction,
  PropertyType.Binary,
]);

/** Whether values of the type are written with a count and a length each. */
export function isVariable(type: number): boolean {
  return VARIABLE.has(type);
}

/** What an object is, as the sixteen octets before it: IID_IMessage, a TNEF stream of its own. */
export const EMBEDDED_MESSAGE: Uint8Array = iid(0x07, 0x03, 0x02, 0x00);
/** IID_IStorage: a compound file. */
export const OLE_STORAGE: Uint8Array = iid(0x0b, 0x00, 0x00, 0x00);
/** Octets of such an identifier. */
export const IID_BYTES = 16;

function iid(...first: readonly number[]): Uint8Array {
  return Uint8Array.of(...first, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46);
}
