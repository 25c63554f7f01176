// Times of attributes: seven words, year to day of the week (MS-OXTNEF section 2.1.3.3, DTR).
import { viewOf } from '../../base/internal.ts';

/** Octets of a time. */
const DATE_TIME_BYTES = 14;

/** A time, to the second and in UTC. */
export function encodeDateTime(date: Date): Uint8Array {
  const view = viewOf(new Uint8Array(DATE_TIME_BYTES));
  const fields = [
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
    date.getUTCDay(),
  ];
  for (const [index, field] of fields.entries()) view.writeUInt16LE(field, index * 2);
  return view;
}

/**
 * The time that these octets say, taken as UTC: that is what Exchange writes. Outlook writes its local time, and the right
 * one in a property. `undefined` when there is none.
 */
export function decodeDateTime(bytes: Uint8Array): Date | undefined {
  if (bytes.length < DATE_TIME_BYTES - 2) return undefined;
  const view = viewOf(bytes);
  const field = (index: number): number => view.readUInt16LE(index * 2);
  const [year, month, day, hour, minute, second] = [0, 1, 2, 3, 4, 5].map(field);
  const time = Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second);
  const date = new Date(time);
  // What rolls over (a day 0, a month 13) is no time.
  const isReal = date.getUTCFullYear() === year && date.getUTCMonth() + 1 === month;
  return isReal && date.getUTCDate() === day ? date : undefined;
}
