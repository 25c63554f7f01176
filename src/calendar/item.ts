// What appointments, to-dos and free-busy times have in common: a component of a calendar, read by property.
import { InvalidMessageError } from '../base/index.ts';
import {
  type CalendarTime,
  type Component,
  escapeText,
  Property,
  timeOf,
  unescapeText,
  writeTime,
  type ZoneTable,
} from '../icalendar/internal.ts';

/** A component and the zones of the file it stands in. */
export interface Item {
  readonly component: Component;
  readonly zones: ZoneTable;
}

/** An error about a member that has a value it can't have. */
export function fieldError(member: string, complaint: string): InvalidMessageError {
  return new InvalidMessageError('MESSAGE_FIELD_INVALID', `${member} ${complaint}`);
}

/** The text of a property; `undefined` when there is none. */
export function textOf({ component }: Item, name: string): string | undefined {
  const value = component.value(name);
  return value === undefined ? undefined : unescapeText(value);
}

/** Writes a text, or with `''` removes it. */
export function setText(component: Component, name: string, text: unknown, member: string): void {
  if (typeof text !== 'string') throw fieldError(member, 'must be a string');
  if (text === '') component.replace(name, []);
  else {
    const kept = component.first(name)?.with('ENCODING', undefined).with('CHARSET', undefined);
    component.set(name, escapeText(text), kept?.parameters);
  }
}

/** A whole number of a property; `undefined` when there is none. */
export function integerOf({ component }: Item, name: string): number | undefined {
  const value = component.value(name)?.trim();
  return value !== undefined && /^[+-]?\d{1,9}$/.test(value) ? Number(value) : undefined;
}

/** The instant of a property. */
export function dateOf({ component, zones }: Item, name: string): Date | undefined {
  const time = timeOf(component.first(name));
  return time && new Date(zones.instant(time));
}

/** A property that holds a time. */
export function timeProperty(name: string, time: CalendarTime): Property {
  const value = writeTime(time);
  if (time.kind === 'date') return new Property(name, value, [['VALUE', ['DATE']]]);
  return new Property(name, value, time.zone === undefined ? [] : [['TZID', [time.zone]]]);
}

/** An instant as `20260302T090000Z`. */
export function utcStamp(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}
