// What a time zone does: from an instant to what its clocks show, and back. Instants are milliseconds since 1970 UTC.
import { DAY, type WallClock } from '../time/calendar-time.ts';

/** A time zone. */
export interface Zone {
  /** The name: IANA's when there is one, else as the file has it. */
  readonly name: string;
  /** Whether the name is IANA's. */
  readonly isKnown: boolean;
  /** How far its clocks are ahead of UTC at an instant, in milliseconds. */
  offsetAt(instant: number): number;
}

/**
 * The instant at which the clocks of a zone show a time. What they show twice is the first one, what they leave out is
 * read with the offset before the gap (RFC 5545 section 3.3.5).
 */
export function instantOf(zone: Zone, clock: WallClock): number {
  const before = zone.offsetAt(clock - DAY);
  if (zone.offsetAt(clock - before) === before) return clock - before;
  const after = zone.offsetAt(clock + DAY);
  return zone.offsetAt(clock - after) === after ? clock - after : clock - before;
}

/** UTC, also for times that are nobody's: an all-day or floating time is told as if its clock were UTC's. */
export const utc: Zone = { name: 'UTC', isKnown: true, offsetAt: () => 0 };
