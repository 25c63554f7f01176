// GUIDs: sixteen octets, of which the first three fields are little-endian. [MS-DTYP] section 2.3.4.
import { viewOf } from '../../base/internal.ts';

/** The sixteen octets at `start` as text, upper case with hyphens; octets that are not there count as 0. */
export function readGuid(bytes: Uint8Array, start = 0): string {
  const octets = new Uint8Array(16);
  octets.set(bytes.subarray(start, start + 16));
  const hex = viewOf(swapped(octets)).toString('hex').toUpperCase();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The sixteen octets of a GUID, with or without braces; `undefined` when the text is none. */
export function guidBytes(text: string): Uint8Array | undefined {
  const hex = text.replace(/[{}-]/g, '');
  if (!/^[0-9a-f]{32}$/i.test(hex)) return undefined;
  const octets = new Uint8Array(16);
  for (let i = 0; i < 16; i++) octets[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return swapped(octets);
}

function swapped(octets: Uint8Array): Uint8Array {
  octets.subarray(0, 4).reverse();
  octets.subarray(4, 6).reverse();
  octets.subarray(6, 8).reverse();
  return octets;
}
