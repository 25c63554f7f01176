// Writes what a caller gives for an appointment into its component.
import { OptionError } from '../base/index.ts';
import {
  type CalendarTime,
  type Component,
  DAY,
  escapeText,
  instantOf,
  Property,
  readRule,
  timeOf,
  timesOf,
  writeDuration,
  writeRule,
} from '../icalendar/internal.ts';
import type { AppointmentChanges } from './appointment-options.ts';
import { attendeeProperty, organizerProperty, readAttendees } from './attendee.ts';
import { attachmentProperty, oneUri } from './calendar-attachment.ts';
import { fieldError, type Item, setText, timeProperty, utcStamp } from './item.ts';
import { reminderComponent } from './reminder.ts';
import { readTimeInput, type TimeContext, type TimeInput, zoneOption } from './time-input.ts';

const TEXTS = [
  ['summary', 'SUMMARY'],
  ['location', 'LOCATION'],
  ['description', 'DESCRIPTION'],
] as const;

const CHOICES = [
  ['status', 'STATUS', ['tentative', 'confirmed', 'cancelled']],
  ['transparency', 'TRANSP', ['opaque', 'transparent']],
  ['classification', 'CLASS', ['public', 'private', 'confidential']],
] as const;

const BUSY = {
  free: 'FREE',
  tentative: 'TENTATIVE',
  busy: 'BUSY',
  'out-of-office': 'OOF',
} as const;

/** Writes every member that is given; an object without a member leaves what is there. */
export function applyChanges(item: Item, changes: AppointmentChanges): void {
  const { component } = item;
  for (const [member, name] of TEXTS) {
    const text = changes[member];
    if (text !== undefined) setText(component, name, text, member);
  }
  const { htmlDescription: html, busyStatus, priority, url, conferenceUrl, categories } = changes;
  if (html !== undefined) {
    if (typeof html !== 'string') throw fieldError('htmlDescription', 'must be a string');
    const type = [['FMTTYPE', ['text/html']]] as const;
    component.replace(
      'X-ALT-DESC',
      html === '' ? [] : [new Property('X-ALT-DESC', escapeText(html), type)],
    );
  }
  applyTimes(item, changes);
  for (const [member, name, allowed] of CHOICES) {
    const choice = changes[member];
    if (choice === undefined) continue;
    if (!(allowed as readonly string[]).includes(choice)) {
      throw fieldError(member, `must be one of ${allowed.join(', ')}`);
    }
    component.set(name, choice.toUpperCase());
  }
  if (busyStatus !== undefined) {
    const value = BUSY[busyStatus];
    if (!value) throw fieldError('busyStatus', `must be one of ${Object.keys(BUSY).join(', ')}`);
    component.set('X-MICROSOFT-CDO-BUSYSTATUS', value);
  }
  if (priority !== undefined) {
    if (!Number.isInteger(priority) || priority < 0 || priority > 9) {
      throw fieldError('priority', 'must be a whole number from 0 to 9');
    }
    component.set('PRIORITY', String(priority));
  }
  if (url !== undefined) {
    component.replace('URL', url === '' ? [] : [new Property('URL', oneUri(url, 'url'))]);
  }
  if (conferenceUrl !== undefined) applyConference(component, conferenceUrl);
  if (categories !== undefined) {
    const value = categories.map((category) => escapeText(category)).join(',');
    component.replace('CATEGORIES', value === '' ? [] : [new Property('CATEGORIES', value)]);
  }
  applyPeople(component, changes);
  applyRecurrence(item, changes);
  applyRest(component, changes);
}

function applyConference(component: Component, url: string): void {
  const parameters = [
    ['VALUE', ['URI']],
    ['FEATURE', ['AUDIO', 'VIDEO']],
  ] as const;
  component.replace(
    'CONFERENCE',
    url === '' ? [] : [new Property('CONFERENCE', oneUri(url, 'conferenceUrl'), parameters)],
  );
}

function applyPeople(component: Component, changes: AppointmentChanges): void {
  const { organizer, attendees, optionalAttendees, resources } = changes;
  if (organizer !== undefined) {
    const [first, second] = readAttendees(organizer, 'organizer');
    if (second) throw fieldError('organizer', 'must be one mailbox');
    component.replace('ORGANIZER', first ? [organizerProperty(first)] : []);
  }
  const lists = [
    [attendees, 'attendees', {}, (p: Property) => !isOptional(p) && !isResource(p)],
    [optionalAttendees, 'optionalAttendees', { role: 'optional' }, isOptional],
    // Outlook takes for a resource what has both (RFC 5546 section 3.2.2.1 leaves the role open).
    [resources, 'resources', { role: 'none', kind: 'resource' }, isResource],
  ] as const;
  for (const [given, member, defaults, isReplaced] of lists) {
    if (given === undefined) continue;
    const kept = component.all('ATTENDEE').filter((property) => !isReplaced(property));
    const added = readAttendees(given, member, defaults).map(attendeeProperty);
    component.replace('ATTENDEE', [...kept, ...added]);
  }
}

const isResource = (property: Property): boolean =>
  /^(?:RESOURCE|ROOM)$/i.test(property.parameter('CUTYPE') ?? '');
const isOptional = (property: Property): boolean =>
  !isResource(property) && /^OPT-/i.test(property.parameter('ROLE') ?? '');

/** The zone that wall clocks are read in: the one that is given, else that of the start. */
function timeContext(item: Item, changes: AppointmentChanges): TimeContext {
  const start = timeOf(item.component.first('DTSTART'));
  const named = changes.timeZone;
  const own = start?.zone === undefined ? undefined : item.zones.zone(start.zone);
  const isAllDay = start?.kind === 'date' && changes.start === undefined;
  return {
    zone: named === undefined ? own : zoneOption(named),
    allDay: changes.allDay ?? isAllDay,
  };
}

function applyTimes(item: Item, changes: AppointmentChanges): void {
  const { start, end, durationMinutes, allDay, timeZone } = changes;
  const { component } = item;
  if (end !== undefined && durationMinutes !== undefined) {
    throw new OptionError('durationMinutes', "Give either 'end' or 'durationMinutes', not both");
  }
  if (start === undefined && (allDay !== undefined || timeZone !== undefined)) {
    throw new OptionError('start', "A change of 'allDay' or 'timeZone' needs a new 'start'");
  }
  const context = timeContext(item, changes);
  const length = lengthOf(component);
  if (start !== undefined) {
    const time = readTimeInput(start, 'start', context);
    component.replace('DTSTART', [timeProperty('DTSTART', time)]);
    // What only moves keeps its length.
    if (end === undefined && durationMinutes === undefined && component.first('DTEND')) {
      setEnd(component, length === undefined ? undefined : { ...time, clock: time.clock + length });
    }
  }
  if (durationMinutes !== undefined) {
    if (!(durationMinutes >= 0 && durationMinutes < 100_000_000)) {
      throw fieldError('durationMinutes', 'must be a number of minutes, 0 or more');
    }
    setEnd(component, undefined);
    component.set('DURATION', writeDuration(Math.round(durationMinutes * 60) * 1000));
  }
  if (end !== undefined) {
    const begin = timeOf(component.first('DTSTART'));
    const time = readTimeInput(end, 'end', { ...context, allDay: begin?.kind === 'date' });
    setEnd(component, time);
  }
  const [begin, finish] = [timeOf(component.first('DTSTART')), timeOf(component.first('DTEND'))];
  if (begin && finish && instant(item, finish) < instant(item, begin)) {
    throw fieldError('end', 'must not be before start');
  }
}

const instant = ({ zones }: Item, time: CalendarTime): number =>
  instantOf(zones.zoneOf(time), time.clock);

/** The length on the clock, when both ends are on the same one. */
function lengthOf(component: Component): number | undefined {
  const [start, end] = [timeOf(component.first('DTSTART')), timeOf(component.first('DTEND'))];
  return start && end && start.kind === end.kind && start.zone === end.zone
    ? end.clock - start.clock
    : undefined;
}

function setEnd(component: Component, time: CalendarTime | undefined): void {
  component.replace('DURATION', []);
  component.replace('DTEND', time ? [timeProperty('DTEND', time)] : []);
}

function applyRecurrence(item: Item, changes: AppointmentChanges): void {
  const { recurrence, recurrenceDates, exceptionDates } = changes;
  const { component } = item;
  if (recurrence !== undefined) {
    const rules = typeof recurrence === 'string' ? [recurrence] : recurrence;
    const given = rules.filter((rule) => rule !== '');
    component.replace(
      'RRULE',
      given.map((rule) => new Property('RRULE', checkRule(rule, item))),
    );
  }
  for (const [name, member, dates] of [
    ['RDATE', 'recurrenceDates', recurrenceDates],
    ['EXDATE', 'exceptionDates', exceptionDates],
  ] as const) {
    if (dates === undefined) continue;
    const times = dates.map((date) => occurrenceTime(item, date, member));
    component.replace(
      name,
      times.map((time) => timeProperty(name, time)),
    );
  }
}

/** The rule with an end of the kind that the start asks for (RFC 5545 section 3.3.10). */
function checkRule(given: string, item: Item): string {
  const rule = readRule(
    String(given)
      .trim()
      .replace(/^RRULE:/i, ''),
    (what) => {
      throw fieldError('recurrence', `can't be read: ${what}; write it as 'FREQ=WEEKLY;COUNT=8'`);
    },
  );
  if (!rule) throw fieldError('recurrence', "must be a rule such as 'FREQ=WEEKLY;COUNT=8'");
  const start = timeOf(item.component.first('DTSTART'));
  if (!rule.until || !start) return writeRule(rule);
  const { until } = rule;
  if (start.kind === 'date') {
    return writeRule({ ...rule, until: { clock: until.clock, kind: 'date' } });
  }
  const clock = until.kind === 'date' ? until.clock + DAY - 1000 : until.clock;
  if (until.kind === 'utc') return writeRule(rule);
  if (start.kind === 'floating') return writeRule({ ...rule, until: { clock, kind: 'floating' } });
  const end = instantOf(item.zones.zoneOf(start), clock);
  return writeRule({ ...rule, until: { clock: end, kind: 'utc' } });
}

/** The time of an occurrence on the clock of the start; a day stands for the occurrence of that day. */
export function occurrenceTime(item: Item, input: TimeInput, member: string): CalendarTime {
  const start = timeOf(item.component.first('DTSTART'));
  const zone = start && start.zone !== undefined ? item.zones.zone(start.zone) : undefined;
  const allDay = start?.kind === 'date';
  const time = readTimeInput(input, member, { zone, allDay });
  if (!start) return time;
  const onDay = time.kind === 'date' && !allDay;
  const clock = onDay ? time.clock + (((start.clock % DAY) + DAY) % DAY) : time.clock;
  return time.kind === 'utc' && start.kind === 'zoned' ? time : { ...start, clock };
}

function applyRest(component: Component, changes: AppointmentChanges): void {
  const { reminders, attachments, properties } = changes;
  if (attachments !== undefined) {
    const made = attachments.map((each, index) =>
      attachmentProperty(each, `attachments[${index}]`),
    );
    component.replace('ATTACH', made);
  }
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (reserved.has(name.toUpperCase())) {
      throw new OptionError(name, `'${name}' has a member of its own; it can't be in 'properties'`);
    }
    setText(component, name.toUpperCase(), value, `properties['${name}']`);
  }
  if (reminders !== undefined) {
    const [summary, people] = [component.value('SUMMARY') ?? '', component.all('ATTENDEE')];
    const made = reminders.map((each, index) =>
      reminderComponent(each, `reminders[${index}]`, unescaped(summary), people),
    );
    const others = component.components.filter(({ name }) => name !== 'VALARM');
    component.components = [...others, ...made];
  }
}

const unescaped = (value: string): string => value.replace(/\\([\\;,])/g, '$1');

const reserved: ReadonlySet<string> = new Set(
  'UID SEQUENCE DTSTAMP RECURRENCE-ID DTSTART DTEND DURATION RRULE RDATE EXDATE ORGANIZER ATTENDEE BEGIN END'.split(
    ' ',
  ),
);

/** Tells that a component was changed in earnest (RFC 5546 section 2.1.4). */
export function bump(component: Component, now: Date): void {
  const sequence = Number(component.value('SEQUENCE') ?? 0);
  component.set('SEQUENCE', String((Number.isInteger(sequence) ? sequence : 0) + 1));
  component.set('LAST-MODIFIED', utcStamp(now));
}

/** Names occurrences anew after the first one was moved: the times of properties go with it. */
export function moveOccurrences(
  { component, zones }: Item,
  names: readonly string[],
  before: CalendarTime,
  after: CalendarTime,
): void {
  const zone = zones.zoneOf(before);
  const moved = (time: CalendarTime): CalendarTime => {
    const isAbsolute = time.kind === 'utc' || (time.kind === 'zoned' && time.zone !== before.zone);
    const at = zones.instant(time);
    const clock = isAbsolute && before.kind === 'zoned' ? at + zone.offsetAt(at) : time.clock;
    return { ...after, clock: clock + after.clock - before.clock };
  };
  for (const name of names) {
    const properties = component.all(name).flatMap((property) => {
      const range = property.parameter('RANGE');
      return timesOf(property).map((time) => timeProperty(name, moved(time)).with('RANGE', range));
    });
    component.replace(name, properties);
  }
}
