// IANA zones, from the data that the runtime carries (Intl, ECMA-402): complete in every Node, and as new as the runtime.
import { DAY } from '../time/calendar-time.ts';
import type { Zone } from './zone.ts';

const formats = new Map<string, Intl.DateTimeFormat | undefined>();

/** A formatter for a zone; `undefined` when the runtime knows no such zone. Offsets such as `+02:00` are no names here. */
function formatFor(name: string): Intl.DateTimeFormat | undefined {
  const key = name.toLowerCase();
  if (formats.has(key)) return formats.get(key);
  let format: Intl.DateTimeFormat | undefined;
  if (/^[A-Za-z][A-Za-z0-9_+/-]{1,60}$/.test(name)) {
    try {
      format = new Intl.DateTimeFormat('en-US', {
        timeZone: name,
        calendar: 'iso8601',
        hourCycle: 'h23',
        era: 'short',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
    } catch {
      // The runtime says by a RangeError that it knows no such zone.
    }
  }
  // Names come from files too; a hostile one must not fill the memory.
  if (formats.size < 2000) formats.set(key, format);
  return format;
}

// No zone has ever changed its clocks and changed them back within such a time: between equal offsets nothing is asked.
const SPAN = 4 * DAY;
// The years that a calendar can write.
const FIRST = -62_135_596_800_000;
const LAST = Date.UTC(9999, 11, 31);

const zones = new Map<string, Zone>();

/** The zone of an IANA name; `undefined` when there is none. */
export function ianaZone(name: string): Zone | undefined {
  const known = zones.get(name);
  if (known) return known;
  const format = formatFor(name);
  if (!format) return undefined;
  const offsets = new Map<number, number>();
  const exact = (instant: number): number => {
    const second = Math.floor(instant / 1000) * 1000;
    const cached = offsets.get(second);
    if (cached !== undefined) return cached;
    if (offsets.size > 5000) offsets.clear();
    const offset = shownBy(format, second) - second;
    offsets.set(second, offset);
    return offset;
  };
  const zone: Zone = {
    name: properName(name, format),
    isKnown: true,
    offsetAt(given) {
      const instant = Math.min(Math.max(given, FIRST), LAST);
      const begin = Math.floor(instant / SPAN) * SPAN;
      const offset = exact(begin);
      return offset === exact(begin + SPAN) ? offset : exact(instant);
    },
  };
  zones.set(name, zone);
  return zone;
}

/** The name in its own capitals. The runtime may know a zone by an older name, which is not taken. */
function properName(name: string, format: Intl.DateTimeFormat): string {
  const resolved = format.resolvedOptions().timeZone;
  return resolved.toLowerCase() === name.toLowerCase() ? resolved : name;
}

function shownBy(format: Intl.DateTimeFormat, instant: number): number {
  const at: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(instant)) at[type] = value;
  const year = at['era']?.startsWith('B') ? 1 - Number(at['year']) : Number(at['year']);
  const date = new Date(0);
  date.setUTCFullYear(year, Number(at['month']) - 1, Number(at['day']));
  return (
    date.getTime() +
    ((Number(at['hour']) * 60 + Number(at['minute'])) * 60 + Number(at['second'])) * 1000
  );
}
