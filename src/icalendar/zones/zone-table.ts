// The zones of one file: what each TZID in it stands for.
import { printable } from '../../base/index.ts';
import type { Component } from '../component.ts';
import type { ProblemList } from '../problem.ts';
import type { CalendarTime } from '../time/calendar-time.ts';
import { describedZone } from './described-zone.ts';
import { instantOf, utc, type Zone } from './zone.ts';
import { namedZone } from './zone-names.ts';

/**
 * Finds zones by the names a file uses: IANA's or Windows' name first, for its data is newer than what a file describes;
 * then the file's own VTIMEZONE; then what that says of its place.
 */
export class ZoneTable {
  readonly #described = new Map<string, Component>();
  readonly #found = new Map<string, Zone | undefined>();
  readonly #problems: ProblemList | undefined;

  constructor(calendars: readonly Component[] = [], problems?: ProblemList) {
    this.#problems = problems;
    for (const calendar of calendars) {
      for (const component of calendar.inside('VTIMEZONE')) {
        const name = component.value('TZID')?.trim();
        if (name && !this.#described.has(name)) this.#described.set(name, component);
      }
    }
  }

  /** The VTIMEZONE of a name as the file has it. */
  described(name: string): Component | undefined {
    return this.#described.get(name);
  }

  /** The zone of a name; `undefined` when nothing tells what it is. */
  zone(name: string): Zone | undefined {
    if (this.#found.has(name)) return this.#found.get(name);
    const component = this.#described.get(name);
    const place = component?.value('X-LIC-LOCATION');
    const zone =
      namedZone(name) ??
      (component && describedZone(component, name)) ??
      (place === undefined ? undefined : namedZone(place));
    if (!zone) {
      const shown = printable(name, 60);
      this.#problems?.add('ZONE_UNKNOWN', `Time zone '${shown}' is not known nor described`);
    }
    this.#found.set(name, zone);
    return zone;
  }

  /** The zone of a time; UTC for a date, a floating time and what is not known. */
  zoneOf(time: CalendarTime): Zone {
    return (time.zone === undefined ? undefined : this.zone(time.zone)) ?? utc;
  }

  /** The instant of a time; that of a date or a floating time as if its clock were UTC's. */
  instant(time: CalendarTime): number {
    return instantOf(this.zoneOf(time), time.clock);
  }
}
