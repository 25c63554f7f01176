// A whole calendar around components: VCALENDAR with method, and the zones that are named in it.
import {
  Component,
  type Property,
  timesOf,
  windowsZoneName,
  writeZone,
  type ZoneTable,
} from '../icalendar/internal.ts';
import { AlternateView } from '../message/index.ts';

/** What iTIP does with the components of a calendar (RFC 5546 section 1.4). */
export type CalendarMethod = (typeof METHODS)[number];

/** Every method. */
export const METHODS = [
  'PUBLISH',
  'REQUEST',
  'REPLY',
  'ADD',
  'CANCEL',
  'REFRESH',
  'COUNTER',
  'DECLINECOUNTER',
] as const;

/** What a calendar is written with. */
export interface CalendarParts {
  readonly method: string | undefined;
  readonly components: readonly Component[];
  readonly zones: ZoneTable;
  readonly windowsTimeZones?: boolean | undefined;
}

const PRODUCT = '-//Posthorn//Posthorn//EN';

/** The VCALENDAR of components. */
export function calendarComponent(parts: CalendarParts): Component {
  const { method, components, zones, windowsTimeZones = false } = parts;
  const calendar = new Component('VCALENDAR');
  calendar.add('PRODID', PRODUCT);
  calendar.add('VERSION', '2.0');
  if (method !== undefined) calendar.add('METHOD', method);
  const body = windowsTimeZones ? components.map((each) => withWindowsNames(each)) : components;
  calendar.components.push(...body);
  addZones(calendar, zones);
  return calendar;
}

/** The same as what a mail carries (RFC 6047 section 2.4). */
export function calendarView(parts: CalendarParts & { readonly method: string }): AlternateView {
  const type = `text/calendar; method=${parts.method}; charset=utf-8`;
  return new AlternateView(calendarComponent(parts).toString(), type);
}

/** Puts a VTIMEZONE before the rest for every zone that is named in a calendar and not described there. */
export function addZones(calendar: Component, zones: ZoneTable): void {
  const there = new Set(calendar.inside('VTIMEZONE').map((each) => each.value('TZID')?.trim()));
  const added: Component[] = [];
  for (const [name, year] of namedZones(calendar.components)) {
    if (there.has(name)) continue;
    const zone = zones.zone(name);
    const described = zones.described(name);
    if (described) added.push(described.clone());
    else if (zone) added.push(writeZone(zone, name, year));
  }
  calendar.components.unshift(...added);
}

/** The names of the zones in components, each with the first year it is needed for. */
function namedZones(components: readonly Component[]): Map<string, number> {
  const names = new Map<string, number>();
  const visit = (component: Component): void => {
    for (const property of component.properties) {
      const name = property.parameter('TZID');
      if (name === undefined) continue;
      let least = names.get(name) ?? Number.POSITIVE_INFINITY;
      for (const { clock } of timesOf(property)) {
        least = Math.min(least, new Date(clock).getUTCFullYear());
      }
      names.set(name, Number.isFinite(least) ? Math.max(least, FIRST_YEAR) : FIRST_YEAR);
    }
    for (const inner of component.components) visit(inner);
  };
  for (const component of components) visit(component);
  return names;
}

/** Before it, clocks showed the time of each town, which no calendar program reads. */
const FIRST_YEAR = 1970;

function withWindowsNames(component: Component): Component {
  const copy = component.clone();
  const visit = (each: Component): void => {
    each.properties = each.properties.map((property: Property) => {
      const name = property.parameter('TZID');
      const windows = name === undefined ? undefined : windowsZoneName(name);
      return windows === undefined ? property : property.with('TZID', windows);
    });
    for (const inner of each.components) visit(inner);
  };
  visit(copy);
  return copy;
}
