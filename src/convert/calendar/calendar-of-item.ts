// The whole calendar of an appointment or meeting message: the series, its exceptions and its zone.
import {
  type CalendarTime,
  Component,
  DAY,
  instantOf,
  utc,
  writeZone,
  type Zone,
} from '../../icalendar/internal.ts';
import {
  type AppointmentException,
  type AppointmentRecurrence,
  type MapiMessage,
  occurrenceOfGlobalObjectId,
  PidLid,
  PidTag,
  readAppointmentRecurrence,
} from '../../mapi/index.ts';
import { clockOfMinutes } from '../../mapi/internal.ts';
import type { Note } from '../loss.ts';
import { type EventTimes, eventOfItem, timeProperty } from './event-of-item.ts';
import { ItemView, realDate } from './item-view.ts';
import { zoneOfItem } from './item-zone.ts';
import { isForeignCalendar, ruleOfPattern } from './rule-of-pattern.ts';

const PRODUCT = '-//Posthorn//Posthorn//EN';

/** A VCALENDAR around components, with the zone that they name. */
export function calendarAround(
  components: readonly Component[],
  method: string | undefined,
  zone: Zone | undefined,
  firstYear: number,
): Component {
  const calendar = new Component('VCALENDAR');
  calendar.add('PRODID', PRODUCT);
  calendar.add('VERSION', '2.0');
  if (method !== undefined) calendar.add('METHOD', method);
  const isNamed = components.some(({ properties }) =>
    properties.some((property) => property.parameter('TZID') !== undefined),
  );
  if (zone && isNamed) {
    calendar.components.push(writeZone(zone, zone.name, Math.max(1970, firstYear)));
  }
  calendar.components.push(...components);
  return calendar;
}

/** What iTIP does with an item, by its class; `undefined` for one that is kept. */
function methodOfItem(item: MapiMessage): string | undefined {
  const kind = /^IPM\.Schedule\.Meeting\.(Request|Canceled|Resp)/i.exec(item.messageClass)?.[1];
  switch (kind?.toLowerCase()) {
    case 'request':
      return 'REQUEST';
    case 'canceled':
      return 'CANCEL';
    case 'resp':
      return item.properties.get(PidLid.AppointmentCounterProposal) === true ? 'COUNTER' : 'REPLY';
    default:
      return undefined;
  }
}

/** The calendar of an appointment or meeting message; `undefined` when it says nothing of when it is. */
export function calendarOfItem(item: MapiMessage, note: Note): Component | undefined {
  const view = new ItemView(item);
  const method = methodOfItem(item);
  const clocks = clocksOf(view);
  const span = spanOf(view, method);
  if (!span) return undefined;
  const recurrence = recurrenceOf(view, note);
  const times = recurrence ? undefined : singleTimes(view, clocks, span);
  const events = times
    ? [eventOfItem(view, times, method)]
    : recurrence
      ? series(view, recurrence, clocks, span.start, method, note)
      : [];
  if (method === 'COUNTER') addOriginal(events, view, clocks);
  return calendarAround(events, method, clocks.zone, span.start.getUTCFullYear());
}

/** Whose clocks an item is told in. */
interface Clocks {
  readonly zone: Zone | undefined;
  readonly isAllDay: boolean;
}

function clocksOf(view: ItemView): Clocks {
  return { zone: zoneOfItem(view), isAllDay: view.get(PidLid.AppointmentSubType) === true };
}

/** What the clocks show at an instant. */
function timeAt({ zone, isAllDay }: Clocks, date: Date): CalendarTime {
  const instant = date.getTime();
  if (isAllDay) {
    // Without a zone, the nearest midnight was meant.
    const clock = instant + (zone?.offsetAt(instant) ?? 0);
    return { clock: Math.round(clock / DAY) * DAY, kind: 'date' };
  }
  const seconds = Math.floor(instant / 1000) * 1000;
  return zone && !isUtc(zone)
    ? { clock: seconds + zone.offsetAt(instant), kind: 'zoned', zone: zone.name }
    : { clock: seconds, kind: 'utc' };
}

const isUtc = (zone: Zone): boolean => /^(?:Etc\/)?(?:UTC|GMT)$/i.test(zone.name);

function spanOf(
  view: ItemView,
  method: string | undefined,
): { start: Date; end: Date } | undefined {
  const proposed =
    method === 'COUNTER' ? view.date(PidLid.AppointmentProposedStartWhole) : undefined;
  const start =
    proposed ??
    view.date(PidLid.AppointmentStartWhole) ??
    view.date(PidLid.CommonStart) ??
    view.date(PidTag.StartDate);
  if (!start) return undefined;
  const end =
    (proposed && view.date(PidLid.AppointmentProposedEndWhole)) ??
    view.date(PidLid.AppointmentEndWhole) ??
    view.date(PidLid.CommonEnd) ??
    view.date(PidTag.EndDate) ??
    start;
  return { start, end: end.getTime() < start.getTime() ? start : end };
}

function singleTimes(
  view: ItemView,
  clocks: Clocks,
  { start, end }: { start: Date; end: Date },
): EventTimes {
  const first = timeAt(clocks, start);
  const last = timeAt(clocks, end);
  // A day ends with the next one.
  const isEmptyDay = first.kind === 'date' && last.clock <= first.clock;
  return {
    start: first,
    end: isEmptyDay ? { ...last, clock: first.clock + DAY } : last,
    original: originalOf(view, clocks, first),
  };
}

/** When the series would have the occurrence that a meeting message is about. */
function originalOf(view: ItemView, clocks: Clocks, start: CalendarTime): CalendarTime | undefined {
  const id = view.get(PidLid.GlobalObjectId);
  const day = id && occurrenceOfGlobalObjectId(id);
  if (view.get(PidLid.IsException) !== true && !day) return undefined;
  const replaced = view.date(PidLid.ExceptionReplaceTime);
  if (replaced) return timeAt(clocks, replaced);
  if (!day) return undefined;
  const clock = Date.UTC(day.year, day.month - 1, day.day);
  const packed = view.get(PidLid.StartRecurrenceTime);
  // Hours, minutes and seconds in bits (MS-OXOCAL section 2.2.6.15).
  const time =
    packed === undefined
      ? ((start.clock % DAY) + DAY) % DAY
      : (((packed >> 12) * 60 + ((packed >> 6) & 63)) * 60 + (packed & 63)) * 1000;
  return { ...start, clock: start.kind === 'date' ? clock : clock + time };
}

function recurrenceOf(view: ItemView, note: Note): AppointmentRecurrence | undefined {
  const octets = view.get(PidLid.AppointmentRecur);
  if (!octets || octets.length === 0) return undefined;
  try {
    const recurrence = readAppointmentRecurrence(octets, view.item.codePage);
    if (!isForeignCalendar(recurrence)) return recurrence;
    note(
      'recurrence-lost',
      'The appointment is repeated by a calendar that iCalendar has no rule for; only its first time was kept',
    );
  } catch {
    note(
      'recurrence-lost',
      'The recurrence of the appointment is damaged; only its first time was kept',
    );
  }
  return undefined;
}

function series(
  view: ItemView,
  recurrence: AppointmentRecurrence,
  clocks: Clocks,
  first: Date,
  method: string | undefined,
  note: Note,
): Component[] {
  const { startDate } = recurrence;
  // Times of the day; damaged ones would lead beyond what a calendar can write.
  const startTimeOffset = Math.min(recurrence.startTimeOffset, DAY_MINUTES - 1);
  const endTimeOffset = Math.min(recurrence.endTimeOffset, LONGEST_MINUTES);
  // Without a zone the clock of the pattern is nobody's: then everything is told in UTC.
  const shift = clocks.zone ? 0 : first.getTime() - clockOfMinutes(startDate + startTimeOffset);
  const zone = clocks.zone ?? utc;
  const told = (minutes: number, isDay: boolean = clocks.isAllDay): CalendarTime => {
    const clock = clockOfMinutes(minutes) + (isDay ? 0 : shift);
    if (isDay) return { clock: Math.floor(clock / DAY) * DAY, kind: 'date' };
    return isUtc(zone) ? { clock, kind: 'utc' } : { clock, kind: 'zoned', zone: zone.name };
  };
  const start = told(startDate + startTimeOffset);
  const length = Math.max(0, endTimeOffset - startTimeOffset) * 60_000;
  const end = { ...start, clock: start.clock + (clocks.isAllDay ? Math.max(DAY, length) : length) };
  const master = eventOfItem(view, { start, end }, method);
  master.add('RRULE', ruleOfPattern(recurrence, start, zone));
  const replaced = new Set(recurrence.exceptions.map(({ originalStart }) => dayOf(originalStart)));
  for (const day of recurrence.deletedDates) {
    if (replaced.has(dayOf(day))) continue;
    const time = told(dayOf(day) + startTimeOffset);
    if (isWritable(time)) master.properties.push(timeProperty('EXDATE', time));
    else note('recurrence-lost', BEYOND);
  }
  const events = [master];
  const views = new Map<MapiMessage, ItemView>([[view.item, view]]);
  let weight = 0;
  for (const line of recurrence.exceptions) {
    if (line.end < line.start) {
      note(
        'recurrence-lost',
        'An occurrence of the appointment ends before it begins and was left out',
      );
      continue;
    }
    const held = embeddedOf(view.item, line, zone, shift) ?? view.item;
    const own = views.get(held) ?? new ItemView(held, view.item);
    views.set(held, own);
    weight += weightOf(own);
    const isDay = line.subType === undefined ? clocks.isAllDay : line.subType !== 0;
    const times = {
      start: told(line.start, isDay),
      end: told(line.end, isDay),
      original: told(line.originalStart),
    };
    if (!Object.values(times).every(isWritable)) {
      note('recurrence-lost', BEYOND);
      continue;
    }
    const isBrief = weight > MOST_REPEATED;
    events.push(eventOfItem(own, times, method, { line, series: view, isBrief }));
  }
  return events;
}

const BEYOND = 'An exception of the appointment lies in no year of ours and was left out';
// Outlook counts from 1601, and iCalendar writes years of four digits (RFC 5545 section 3.3.4).
const FIRST_CLOCK = Date.UTC(1601, 0, 1);
const LAST_CLOCK = Date.UTC(9999, 11, 30);
const isWritable = ({ clock }: CalendarTime): boolean =>
  clock >= FIRST_CLOCK && clock <= LAST_CLOCK;

/** Characters of bodies and people that all exceptions together repeat. */
const MOST_REPEATED = 4_194_304;
const PERSON_LENGTH = 200;

/** About how long the body and the people of an item are in a calendar. */
function weightOf(view: ItemView): number {
  const { text = '', html = '' } = view.bodies;
  return text.length + html.length + view.recipients.length * PERSON_LENGTH;
}

const DAY_MINUTES = 1440;
const LONGEST_MINUTES = 400 * DAY_MINUTES;
const dayOf = (minutes: number): number => minutes - (minutes % DAY_MINUTES);

/** The message that holds what an exception says beyond the pattern: body, people. */
function embeddedOf(
  item: MapiMessage,
  exception: AppointmentException,
  zone: Zone,
  shift: number,
): MapiMessage | undefined {
  const instant = (minutes: number): number => instantOf(zone, clockOfMinutes(minutes) + shift);
  const original = instant(exception.originalStart);
  const start = instant(exception.start);
  for (const { message, properties } of item.attachments) {
    if (!message) continue;
    const own = message.properties;
    const replaced =
      realDate(properties.get(PidTag.ExceptionReplaceTime)) ??
      realDate(own.get(PidLid.ExceptionReplaceTime));
    const isIt = replaced
      ? replaced.getTime() === original
      : realDate(own.get(PidLid.AppointmentStartWhole))?.getTime() === start;
    if (isIt) return message;
  }
  return undefined;
}

/** Of a proposal: when it was to be before (MS-OXCICAL section 2.1.3.1.1.20.47). */
function addOriginal(events: readonly Component[], view: ItemView, clocks: Clocks): void {
  for (const [name, tag] of [
    ['X-MS-OLK-ORIGINALSTART', PidLid.AppointmentStartWhole],
    ['X-MS-OLK-ORIGINALEND', PidLid.AppointmentEndWhole],
  ] as const) {
    const date = view.date(tag);
    if (date) events[0]?.properties.push(timeProperty(name, timeAt(clocks, date)));
  }
}
