// A series of iCalendar as Outlook keeps it: the pattern, and a hidden message for each occurrence that differs.
import type { Appointment } from '../../calendar/index.ts';
import { type CalendarTime, instantOf, timeOf } from '../../icalendar/internal.ts';
import {
  type AppointmentException,
  type AppointmentRecurrence,
  dateToFileTime,
  MapiAttachment,
  MapiMessage,
  PidLid,
  PidTag,
  RecurFrequency,
  writeAppointmentRecurrence,
} from '../../mapi/index.ts';
import { minutesOfClock } from '../../mapi/internal.ts';
import type { Note } from '../loss.ts';
import {
  busyOf,
  minutesBetween,
  reminderOf,
  setMeaning,
  setSubject,
  setTimes,
} from './event-meaning.ts';
import { setBodies } from './item-bodies.ts';
import { textOfRecurrence } from './pattern-text.ts';
import { setPeople } from './people-of-event.ts';
import { clockIn } from './recurrence-of-event.ts';
import { setZone } from './zone-of-event.ts';

/** The class of the message that an exception is kept in. */
const EXCEPTION = 'IPM.OLE.CLASS.{00061055-0000-0000-C000-000000000046}';

/** PidLidRecurrenceType by RecurFrequency. */
const TYPES: Readonly<Record<number, number>> = {
  [RecurFrequency.daily]: 1,
  [RecurFrequency.weekly]: 2,
  [RecurFrequency.monthly]: 3,
  [RecurFrequency.yearly]: 4,
};

/** Writes the recurrence of an appointment with its exceptions. */
export function setRecurrence(
  item: MapiMessage,
  appointment: Appointment,
  start: CalendarTime,
  recurrence: AppointmentRecurrence,
  note: Note,
): void {
  for (const exception of appointment.exceptions) {
    addException(item, appointment, exception, start, recurrence, note);
  }
  recurrence.deletedDates = inOrder(recurrence.deletedDates);
  recurrence.modifiedDates = inOrder(recurrence.modifiedDates);
  recurrence.exceptions.sort((a, b) => a.originalStart - b.originalStart);
  const zone = appointment.item.zones.zoneOf(start);
  const last = clockOfEnd(recurrence);
  const end = last === undefined ? NEVER : dateToFileTime(new Date(instantOf(zone, last)));
  item.properties
    .set(PidLid.AppointmentRecur, writeAppointmentRecurrence(recurrence))
    .set(PidLid.RecurrenceType, TYPES[recurrence.recurFrequency] ?? 0)
    .set(PidLid.RecurrencePattern, textOfRecurrence(recurrence))
    .set(PidLid.ClipEnd, end);
}

/** The end of what never ends: the last minute of the year 4500. */
const NEVER = dateToFileTime(new Date(Date.UTC(4500, 11, 31, 23, 59)));
const RECURRENCE_EPOCH = Date.UTC(1601, 0, 1);

function clockOfEnd({
  endType,
  endDate,
  endTimeOffset,
}: AppointmentRecurrence): number | undefined {
  const isEndless = endType !== 0x2021 && endType !== 0x2022;
  return isEndless ? undefined : RECURRENCE_EPOCH + (endDate + endTimeOffset) * 60_000;
}

const inOrder = (days: readonly number[]): number[] => [...new Set(days)].sort((a, b) => a - b);
const midnight = (minutes: number): number => minutes - (minutes % 1440);

/** An occurrence that differs: its line in the pattern, and the message with what does not fit there. */
function addException(
  item: MapiMessage,
  series: Appointment,
  exception: Appointment,
  start: CalendarTime,
  recurrence: AppointmentRecurrence,
  note: Note,
): void {
  const { component, zones } = exception.item;
  const id = component.first('RECURRENCE-ID');
  const original = timeOf(id);
  if (!original) return;
  if (/THISANDFUTURE/i.test(id?.parameter('RANGE') ?? '')) {
    note(
      'recurrence-lost',
      'A change of all later occurrences was taken for one of a single occurrence',
    );
  }
  const originalStart = minutesOfClock(clockIn(original, start, zones));
  // A day names the occurrence of that day.
  const named =
    original.kind === 'date' ? originalStart + recurrence.startTimeOffset : originalStart;
  recurrence.deletedDates.push(midnight(named));
  if (exception.status === 'cancelled') return;
  const own = timeOf(component.first('DTSTART')) ?? original;
  const begin = minutesOfClock(clockIn(own, start, zones));
  const length = minutesBetween(exception.start ?? new Date(0), exception.end ?? new Date(0));
  recurrence.modifiedDates.push(midnight(begin));
  const line: AppointmentException = {
    start: begin,
    end: begin + length,
    originalStart: named,
    overrideFlags: 0,
    ...differences(series, exception),
  };
  recurrence.exceptions.push(line);
  item.attachments.push(exceptionAttachment(series, exception, line, original));
}

/** What an occurrence has otherwise than the series. */
function differences(series: Appointment, exception: Appointment): Partial<AppointmentException> {
  const found: Partial<AppointmentException> = {};
  if (exception.summary !== series.summary) found.subject = exception.summary;
  if (exception.location !== series.location) found.location = exception.location;
  if (busyOf(exception) !== busyOf(series)) found.busyStatus = busyOf(exception);
  if (exception.allDay !== series.allDay) found.subType = exception.allDay ? 1 : 0;
  const [before, usual] = [reminderOf(exception.reminders), reminderOf(series.reminders)];
  if ((before === undefined) !== (usual === undefined)) {
    found.reminderSet = before === undefined ? 0 : 1;
  }
  if (before !== undefined && before !== usual) found.reminderDelta = before;
  // The text stands in the message alone.
  if (exception.description !== series.description) found.overrideFlags = 0x200;
  return found;
}

/** PidTagAttachmentFlags of an exception. */
const EXCEPTION_FLAG = 2;

function exceptionAttachment(
  series: Appointment,
  exception: Appointment,
  line: AppointmentException,
  original: CalendarTime,
): MapiAttachment {
  const message = new MapiMessage();
  const { properties } = message;
  const start = timeOf(exception.item.component.first('DTSTART'));
  const replaced = dateToFileTime(new Date(exception.item.zones.instant(original)));
  message.messageClass = EXCEPTION;
  setSubject(message, exception.summary);
  setBodies(message, exception.description, exception.htmlDescription);
  setTimes(properties, exception, start);
  if (start && exception.start)
    setZone(properties, exception.item.zones.zoneOf(start), exception.start, false);
  setMeaning(properties, exception, undefined);
  properties
    .set(PidLid.ExceptionReplaceTime, replaced)
    .set(PidLid.Recurring, false)
    .set(PidLid.FInvited, series.organizer !== undefined);
  if (series.organizer) setPeople(message, exception.attendees, series.organizer, true);
  const attachment = MapiAttachment.embedded(message);
  const local = (minutes: number): bigint =>
    dateToFileTime(new Date(RECURRENCE_EPOCH + minutes * 60_000));
  attachment.properties
    .set(PidTag.AttachmentFlags, EXCEPTION_FLAG)
    .set(PidTag.AttachmentHidden, true)
    .set(PidTag.AttachFlags, 0)
    .set(PidTag.ExceptionReplaceTime, replaced)
    .set(PidTag.ExceptionStartTime, local(line.start))
    .set(PidTag.ExceptionEndTime, local(line.end));
  return attachment;
}
