// What is wrong in the components of a calendar that was read, beyond lines that are none.
import { printable } from '../base/index.ts';
import {
  type Component,
  type ProblemList,
  readDuration,
  rulesOf,
  timeOf,
  timesOf,
  type ZoneTable,
} from '../icalendar/internal.ts';

const ONCE = ['UID', 'DTSTAMP', 'DTSTART', 'DTEND', 'DUE', 'DURATION', 'SUMMARY', 'RECURRENCE-ID'];
const TIMES = [
  'DTSTART',
  'DTEND',
  'DUE',
  'RECURRENCE-ID',
  'RDATE',
  'EXDATE',
  'COMPLETED',
  'DTSTAMP',
];

/** Adds what is wrong with one component to the list. */
export function checkComponent(
  component: Component,
  zones: ZoneTable,
  problems: ProblemList,
): void {
  const { name } = component;
  for (const needed of ['UID', 'DTSTAMP']) {
    if (!component.first(needed)) problems.add('PROPERTY_MISSING', `A ${name} has no ${needed}`);
  }
  if (name === 'VEVENT' && !component.first('DTSTART')) {
    problems.add('PROPERTY_MISSING', 'A VEVENT has no DTSTART');
  }
  const seen = new Set<string>();
  for (const property of component.properties) {
    if (seen.has(property.name) && ONCE.includes(property.name)) {
      problems.add('PROPERTY_REPEATED', `A ${name} has more than one ${property.name}`);
    }
    seen.add(property.name);
    const zone = property.parameter('TZID');
    if (zone !== undefined) zones.zone(zone);
    if (!TIMES.includes(property.name)) continue;
    if (timesOf(property).length < property.value.split(',').length) {
      const shown = printable(property.value, 40);
      problems.add('TIME_INVALID', `${property.name} of a ${name} is no time: '${shown}'`);
    }
  }
  const duration = component.value('DURATION');
  if (duration !== undefined && readDuration(duration) === undefined) {
    problems.add('TIME_INVALID', `DURATION of a ${name} is none: '${printable(duration, 40)}'`);
  }
  rulesOf(component, 'RRULE', problems);
  const [start, end] = [component.first('DTSTART'), component.first('DTEND')].map(timeOf);
  if (start && end && zones.instant(end) < zones.instant(start)) {
    problems.add('END_BEFORE_START', `A ${name} ends before it starts; its length counts as 0`);
  }
}
