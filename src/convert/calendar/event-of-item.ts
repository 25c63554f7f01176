// VEVENT from an item of Outlook or one occurrence of it (MS-OXCICAL section 2.1.3.1.1.20).
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import {
  type CalendarTime,
  Component,
  escapeText,
  Property,
  writeDuration,
  writeTime,
} from '../../icalendar/internal.ts';
import {
  type AppointmentException,
  PidLid,
  PidName,
  PidTag,
  type PropertyTag,
  uidOfGlobalObjectId,
} from '../../mapi/index.ts';
import type { ItemView } from './item-view.ts';
import { answering, attendees, organizer, representing, sender } from './people-of-item.ts';

/** When an occurrence is. */
export interface EventTimes {
  readonly start: CalendarTime;
  readonly end: CalendarTime;
  /** When the series would have it, for one that differs. */
  readonly original?: CalendarTime | undefined;
}

/** Minutes that stand for "as many as the user usually wants" (MS-OXCICAL section 2.1.3.1.1.20.62). */
const USUAL_REMINDER = 0x5ae980e1;
const USUAL_MINUTES = 15;

const BUSY = ['FREE', 'TENTATIVE', 'BUSY', 'OOF', 'WORKINGELSEWHERE'];
const CLASSES = ['PUBLIC', 'X-PERSONAL', 'PRIVATE', 'CONFIDENTIAL'];
/** PRIORITY by PidTagImportance: low, normal, high. */
const PRIORITIES = ['9', '5', '1'];

/** Bits of PidLidAppointmentStateFlags. */
const MEETING = 1;
const CANCELED = 4;

/** A property that holds a time. */
export function timeProperty(name: string, time: CalendarTime): Property {
  if (time.kind === 'date') return new Property(name, writeTime(time), [['VALUE', ['DATE']]]);
  return new Property(
    name,
    writeTime(time),
    time.zone === undefined ? [] : [['TZID', [time.zone]]],
  );
}

/** An instant as a calendar writes it. */
export const utcTime = (date: Date): string =>
  writeTime({ clock: Math.floor(date.getTime() / 1000) * 1000, kind: 'utc' });

/** Adds a text unless there is none. */
export function addText(component: Component, name: string, text: string | undefined): void {
  if (text) component.add(name, escapeText(text));
}

/** The UID: of a meeting the one that everybody has, else one that is the same every time. */
export function uidOfItem(view: ItemView): string {
  const id = view.get(PidLid.CleanGlobalObjectId) ?? view.get(PidLid.GlobalObjectId);
  if (id && id.length >= 40) return uidOfGlobalObjectId(id);
  const own = view.get(PidName.CalendarUid);
  if (own) return own;
  const key = view.get(PidLid.TaskGlobalId) ?? view.get(PidTag.SearchKey);
  if (key && key.length > 0) return Buffer.from(key).toString('hex').toUpperCase();
  const facts = [
    PidTag.CreationTime,
    PidTag.ClientSubmitTime,
    PidLid.AppointmentStartWhole,
    PidLid.TaskDueDate,
  ];
  const said = [view.item.subject, ...facts.map((tag) => String(view.get(tag) ?? ''))];
  return `${createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 32)}@posthorn.invalid`;
}

/** An occurrence that differs. */
export interface DifferingOccurrence {
  /** What the pattern says of it. */
  readonly line: AppointmentException;
  /** The series it belongs to. */
  readonly series: ItemView;
  /** Whether body and people are left out: there are too many of them. */
  readonly isBrief: boolean;
}

const subjectOf = (view: ItemView): string =>
  view.get(PidTag.NormalizedSubject) || view.item.subject;

/**
 * The component of an appointment, a meeting message or an exception.
 *
 * @param occurrence For one that differs: what it differs from.
 */
export function eventOfItem(
  view: ItemView,
  times: EventTimes,
  method: string | undefined,
  occurrence?: DifferingOccurrence,
): Component {
  const event = new Component('VEVENT');
  const { line, series = view, isBrief = false } = occurrence ?? {};
  event.add('UID', escapeText(uidOfItem(series)));
  addStamps(event, view, method);
  const subject = line?.subject ?? subjectOf(series);
  addText(event, 'SUMMARY', subject);
  addText(event, 'LOCATION', line?.location ?? series.get(PidLid.Location));
  event.properties.push(timeProperty('DTSTART', times.start), timeProperty('DTEND', times.end));
  if (times.original) event.properties.push(timeProperty('RECURRENCE-ID', times.original));
  if (!isBrief) {
    addBodies(event, view);
    addPeople(event, view, method);
  }
  addCommon(event, view);
  addBusy(event, view, method, line);
  addMicrosoft(event, view, times);
  addReminder(event, view, subject, line);
  return event;
}

function addStamps(event: Component, view: ItemView, method: string | undefined): void {
  const critical =
    method === 'REPLY' || method === 'COUNTER'
      ? PidLid.AttendeeCriticalChange
      : PidLid.OwnerCriticalChange;
  const modified = view.date(PidTag.LastModificationTime);
  const stamp =
    (method === undefined ? undefined : view.date(critical)) ??
    modified ??
    view.date(PidTag.ClientSubmitTime) ??
    view.date(PidTag.CreationTime) ??
    new Date();
  event.add('DTSTAMP', utcTime(stamp));
  const created = view.date(PidTag.CreationTime);
  if (created) event.add('CREATED', utcTime(created));
  if (modified) event.add('LAST-MODIFIED', utcTime(modified));
  event.add('SEQUENCE', String(Math.max(0, view.get(PidLid.AppointmentSequence) ?? 0)));
}

/** DESCRIPTION and, in the form that Outlook reads, the HTML. */
export function addBodies(component: Component, view: ItemView): void {
  const { text, html } = view.bodies;
  addText(component, 'DESCRIPTION', text?.replace(/\s+$/, ''));
  if (html) {
    component.add('X-ALT-DESC', escapeText(html), [['FMTTYPE', ['text/html']]]);
  }
}

function addPeople(event: Component, view: ItemView, method: string | undefined): void {
  const from = representing(view);
  const by = sender(view);
  if (method === 'REPLY' || method === 'COUNTER') {
    const [inviting] = view.recipients;
    if (inviting) event.properties.push(organizer(inviting, undefined));
    if (from ?? by) event.properties.push(answering(from ?? by ?? noone, by, answerOf(view)));
    return;
  }
  const isMeeting = ((view.get(PidLid.AppointmentStateFlags) ?? 0) & MEETING) !== 0;
  if (method === undefined && !isMeeting) return;
  if (from) event.properties.push(organizer(from, by));
  event.properties.push(...attendees(view, from));
}

const noone = { name: '', address: '' };

function answerOf(view: ItemView): string {
  const kind = /\.Resp\.(Pos|Neg|Tent)/i.exec(view.item.messageClass)?.[1]?.toLowerCase();
  return kind === 'pos' ? 'ACCEPTED' : kind === 'neg' ? 'DECLINED' : 'TENTATIVE';
}

/** What appointments and tasks have in common. */
export function addCommon(component: Component, view: ItemView): void {
  const sensitivity = view.get(PidTag.Sensitivity) ?? (view.get(PidLid.Private) ? 2 : 0);
  component.add('CLASS', CLASSES[sensitivity] ?? 'PUBLIC');
  component.add('PRIORITY', PRIORITIES[view.get(PidTag.Importance) ?? 1] ?? '5');
  const keywords = view.get(PidName.Keywords) ?? [];
  if (keywords.length > 0) component.add('CATEGORIES', keywords.map(escapeText).join(','));
  for (const contact of view.get(PidLid.Contacts) ?? []) addText(component, 'CONTACT', contact);
}

function addBusy(
  event: Component,
  view: ItemView,
  method: string | undefined,
  exception: AppointmentException | undefined,
): void {
  const busy = exception?.busyStatus ?? view.get(PidLid.BusyStatus) ?? 2;
  const intended = view.get(PidLid.IntendedBusyStatus);
  const isRequest = method === 'REQUEST' && intended !== undefined;
  // What the organizer wants it to be counts in an invitation: the rest is only until it is answered.
  const shown = isRequest && intended >= 0 ? intended : busy;
  event.add('TRANSP', shown === 0 ? 'TRANSPARENT' : 'OPAQUE');
  const flags = view.get(PidLid.AppointmentStateFlags) ?? 0;
  const isCancelled = method === 'CANCEL' || (flags & CANCELED) !== 0;
  const status = isCancelled ? 'CANCELLED' : shown === 1 ? 'TENTATIVE' : 'CONFIRMED';
  if (method !== 'REPLY' && method !== 'COUNTER') event.add('STATUS', status);
  event.add('X-MICROSOFT-CDO-BUSYSTATUS', BUSY[busy] ?? 'BUSY');
  if (intended !== undefined) {
    event.add('X-MICROSOFT-CDO-INTENDEDSTATUS', BUSY[intended] ?? 'BUSY');
  }
}

function addMicrosoft(event: Component, view: ItemView, times: EventTimes): void {
  const isAllDay = times.start.kind === 'date';
  event.add('X-MICROSOFT-CDO-ALLDAYEVENT', isAllDay ? 'TRUE' : 'FALSE');
  event.add('X-MICROSOFT-CDO-IMPORTANCE', String(view.get(PidTag.Importance) ?? 1));
  const isSeries = view.get(PidLid.Recurring) === true;
  event.add('X-MICROSOFT-CDO-INSTTYPE', times.original ? '3' : isSeries ? '1' : '0');
  const numbers: readonly (readonly [string, PropertyTag<0x0003>])[] = [
    ['X-MICROSOFT-CDO-APPT-SEQUENCE', PidLid.AppointmentSequence],
    ['X-MICROSOFT-CDO-OWNERAPPTID', PidTag.OwnerAppointmentId],
  ];
  for (const [name, tag] of numbers) {
    const value = view.get(tag);
    if (value !== undefined && (value !== 0 || tag === PidLid.AppointmentSequence)) {
      event.add(name, String(value));
    }
  }
  const dates = [
    ['X-MICROSOFT-CDO-OWNER-CRITICAL-CHANGE', PidLid.OwnerCriticalChange],
    ['X-MICROSOFT-CDO-ATTENDEE-CRITICAL-CHANGE', PidLid.AttendeeCriticalChange],
  ] as const;
  for (const [name, tag] of dates) {
    const date = view.date(tag);
    if (date) event.add(name, utcTime(date));
  }
  if (view.get(PidLid.AppointmentNotAllowPropose) === true) {
    event.add('X-MICROSOFT-DISALLOW-COUNTER', 'TRUE');
  }
}

function addReminder(
  event: Component,
  view: ItemView,
  subject: string,
  exception: AppointmentException | undefined,
): void {
  const own = exception?.reminderSet;
  if (own === undefined ? view.get(PidLid.ReminderSet) !== true : own === 0) return;
  const minutes = exception?.reminderDelta ?? view.get(PidLid.ReminderDelta) ?? USUAL_REMINDER;
  const before = minutes === USUAL_REMINDER || minutes < 0 ? USUAL_MINUTES : minutes;
  const alarm = new Component('VALARM');
  alarm.add('ACTION', 'DISPLAY');
  alarm.add('DESCRIPTION', escapeText(subject || 'Reminder'));
  const value = before === 0 ? 'PT0S' : `-${writeDuration(before * 60_000)}`;
  alarm.add('TRIGGER', value, [['RELATED', ['START']]]);
  event.components.push(alarm);
}
