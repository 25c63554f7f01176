// FILETIME: 100 ns since 1601-01-01 UTC. [MS-DTYP] section 2.3.3.

const EPOCH = 116_444_736_000_000_000n;
const TICKS_PER_MS = 10_000n;
// What a Date can hold, in milliseconds since 1970.
const LATEST_MS = 8_640_000_000_000_000;
const LATEST = BigInt(LATEST_MS) * TICKS_PER_MS + EPOCH;
const EARLIEST = EPOCH - BigInt(LATEST_MS) * TICKS_PER_MS;

/**
 * The FILETIME (100 ns since 1601-01-01 UTC) as a `Date`, in whole milliseconds. Real files have values that no date
 * has: they become the earliest or latest a `Date` can hold. Never throws.
 */
export function fileTimeToDate(time: bigint): Date {
  if (time >= LATEST) return new Date(LATEST_MS);
  if (time <= EARLIEST) return new Date(-LATEST_MS);
  return new Date(Number((time - EPOCH) / TICKS_PER_MS));
}

/** The `Date` as FILETIME; an invalid date is 0n. Before 1601 is 0n too: a FILETIME is not negative. */
export function dateToFileTime(date: Date): bigint {
  const ms = date.getTime();
  if (Number.isNaN(ms)) return 0n;
  const time = BigInt(ms) * TICKS_PER_MS + EPOCH;
  return time < 0n ? 0n : time;
}
