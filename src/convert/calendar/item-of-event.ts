// An appointment or meeting message of Outlook from an appointment of iCalendar: the properties that Outlook's own have
// (MS-OXCICAL section 2.1.3.1.1.20; MS-OXOCAL sections 2.2.1 and 2.2.6).
import type { Appointment } from '../../calendar/index.ts';
import { type CalendarTime, instantOf, timeOf, type Zone } from '../../icalendar/internal.ts';
import {
  type AppointmentException,
  type AppointmentRecurrence,
  dateToFileTime,
  globalObjectId,
  MapiAttachment,
  MapiMessage,
  type MapiProperties,
  type OccurrenceDay,
  PidLid,
  PidName,
  PidTag,
  RecurFrequency,
  writeAppointmentRecurrence,
} from '../../mapi/index.ts';
import { minutesOfClock } from '../../mapi/internal.ts';
import type { Note } from '../loss.ts';
import { setBodies } from './item-bodies.ts';
import { setAuthor, setPeople } from './people-of-event.ts';
import { clockIn, patternOfItem, recurrenceOfAppointment } from './recurrence-of-event.ts';
import { setZone } from './zone-of-event.ts';

/** The class of an item of the calendar. */
const APPOINTMENT = 'IPM.Appointment';
/** The class of the message that an exception is kept in. */
const EXCEPTION = 'IPM.OLE.CLASS.{00061055-0000-0000-C000-000000000046}';

/** PidLidSideEffects of meeting messages and of appointments, as Outlook writes them. */
const SIDE_EFFECTS_OF_MAIL = 0x1c61;
const SIDE_EFFECTS_OF_APPOINTMENT = 0x171;
/** PidTagIconIndex of appointments: one, a series, a meeting, a series of meetings; of meeting messages. */
const ICONS = { single: 1024, series: 1025, meeting: 1026, meetings: 1027 } as const;

/** Bits of PidLidAppointmentStateFlags. */
const MEETING = 1;
const RECEIVED = 2;
const CANCELED = 4;

const BUSY = ['free', 'tentative', 'busy', 'oof', 'workingelsewhere'];
const NOT_RESPONDED = 5;
const ORGANIZED = 1;
const RESPONSES: Readonly<Record<string, number>> = { tentative: 2, accepted: 3, declined: 4 };

/** The class of meeting messages by method; others have none. */
export function classOf(method: string, appointment: Appointment): string | undefined {
  switch (method) {
    case 'REQUEST':
    case 'ADD':
      return 'IPM.Schedule.Meeting.Request';
    case 'CANCEL':
      return 'IPM.Schedule.Meeting.Canceled';
    case 'COUNTER':
      return 'IPM.Schedule.Meeting.Resp.Tent';
    case 'REPLY': {
      const status = appointment.attendees[0]?.status;
      const kind = status === 'accepted' ? 'Pos' : status === 'declined' ? 'Neg' : 'Tent';
      return `IPM.Schedule.Meeting.Resp.${kind}`;
    }
    default:
      return undefined;
  }
}

/** Whose clock an appointment is told on; of a day or a floating time UTC's, so that it stays what it is. */
function zoneOf({ item }: Appointment, start: CalendarTime): Zone {
  return item.zones.zoneOf(start);
}

/** Writes an appointment into an item; with a method, as the meeting message. */
export function setEvent(
  item: MapiMessage,
  appointment: Appointment,
  method: string | undefined,
  note: Note,
): void {
  const { properties } = item;
  const start = timeOf(appointment.item.component.first('DTSTART'));
  item.messageClass = (method && classOf(method, appointment)) ?? APPOINTMENT;
  setTimes(properties, appointment, start);
  const zone = start && zoneOf(appointment, start);
  const pattern = start && patternOfItem(appointment.item, note);
  const length = (appointment.end?.getTime() ?? 0) - (appointment.start?.getTime() ?? 0);
  const recurrence = pattern && recurrenceOfAppointment(pattern, start, length);
  if (zone && appointment.start) setZone(properties, zone, appointment.start, !!recurrence);
  setIdentity(properties, appointment, start);
  setMeaning(properties, appointment, method);
  setState(item, appointment, method, recurrence !== undefined);
  if (start && recurrence) setRecurrence(item, appointment, start, recurrence, note);
}

function setTimes(
  properties: MapiProperties,
  appointment: Appointment,
  time: CalendarTime | undefined,
): void {
  const { start, end, allDay } = appointment;
  if (!time || !start) return;
  const [begin, finish] = [dateToFileTime(start), dateToFileTime(end ?? start)];
  properties
    .set(PidTag.StartDate, begin)
    .set(PidTag.EndDate, finish)
    .set(PidLid.CommonStart, begin)
    .set(PidLid.CommonEnd, finish)
    .set(PidLid.AppointmentStartWhole, begin)
    .set(PidLid.AppointmentEndWhole, finish)
    .set(PidLid.ClipStart, begin)
    .set(PidLid.ClipEnd, finish)
    .set(PidLid.AppointmentDuration, minutesBetween(start, end ?? start))
    .set(PidLid.AppointmentSubType, allDay);
}

const minutesBetween = (start: Date, end: Date): number =>
  Math.min(0x7fffffff, Math.max(0, Math.round((end.getTime() - start.getTime()) / 60_000)));

function setIdentity(
  properties: MapiProperties,
  appointment: Appointment,
  start: CalendarTime | undefined,
): void {
  const { uid, item } = appointment;
  const original = timeOf(item.component.first('RECURRENCE-ID'));
  if (uid !== '') {
    properties
      .set(PidLid.GlobalObjectId, globalObjectId(uid, original && dayOf(original, start, item)))
      .set(PidLid.CleanGlobalObjectId, globalObjectId(uid));
  }
  properties.set(PidLid.IsException, original !== undefined);
  if (original) {
    const instant = new Date(item.zones.instant(original));
    properties.set(PidLid.ExceptionReplaceTime, dateToFileTime(instant));
  }
  const id = Number(appointment.property('X-MICROSOFT-CDO-OWNERAPPTID'));
  if (Number.isInteger(id) && id !== 0) properties.set(PidTag.OwnerAppointmentId, id | 0);
}

function dayOf(
  original: CalendarTime,
  start: CalendarTime | undefined,
  { zones }: Appointment['item'],
): OccurrenceDay {
  const at = new Date(start ? clockIn(original, start, zones) : original.clock);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
}

/** What it is about and how it is shown; the same for series and exceptions. */
function setMeaning(
  properties: MapiProperties,
  appointment: Appointment,
  method: string | undefined,
): void {
  const { location, categories, reminders, sequence } = appointment;
  properties
    .set(PidLid.Location, location)
    .set(PidLid.AppointmentSequence, sequence)
    .set(PidTag.Importance, importanceOf(appointment))
    .set(PidTag.Sensitivity, sensitivityOf(appointment))
    .set(PidLid.Private, sensitivityOf(appointment) >= 2);
  if (categories.length > 0) properties.set(PidName.Keywords, categories);
  const busy = busyOf(appointment);
  // An invitation that is not answered yet blocks its time tentatively, unless it is for free time.
  properties.set(PidLid.BusyStatus, method === 'REQUEST' && busy !== 0 ? 1 : busy);
  const intended = appointment.property('X-MICROSOFT-CDO-INTENDEDSTATUS');
  const index = intended === undefined ? -1 : BUSY.indexOf(intended.trim().toLowerCase());
  if (method !== undefined || index >= 0) {
    properties.set(PidLid.IntendedBusyStatus, index >= 0 ? index : busy);
  }
  if (/^\s*true/i.test(appointment.property('X-MICROSOFT-DISALLOW-COUNTER') ?? '')) {
    properties.set(PidLid.AppointmentNotAllowPropose, true);
  }
  const minutes = reminderOf(reminders);
  properties.set(PidLid.ReminderSet, minutes !== undefined);
  const { start } = appointment;
  if (minutes === undefined || !start) return;
  const signal = dateToFileTime(new Date(start.getTime() - minutes * 60_000));
  properties
    .set(PidLid.ReminderDelta, minutes)
    .set(PidLid.ReminderTime, dateToFileTime(start))
    .set(PidLid.ReminderSignalTime, signal);
}

/** Minutes before the beginning of the first reminder that Outlook can have. */
function reminderOf(reminders: Appointment['reminders']): number | undefined {
  const usable = reminders.find(
    ({ minutesBefore, relatedTo }) => minutesBefore !== undefined && relatedTo === 'start',
  );
  const minutes = usable?.minutesBefore;
  return minutes === undefined ? undefined : Math.min(0x7ffffff, Math.max(0, Math.round(minutes)));
}

function importanceOf(appointment: Appointment): number {
  const own = appointment.property('X-MICROSOFT-CDO-IMPORTANCE')?.trim();
  if (own === '0' || own === '1' || own === '2') return Number(own);
  const { priority } = appointment;
  return priority === 0 || priority === 5 ? 1 : priority < 5 ? 2 : 0;
}

/** PidTagSensitivity: normal, personal, private, confidential. */
function sensitivityOf(appointment: Appointment): number {
  if (/^\s*X-PERSONAL/i.test(appointment.property('CLASS') ?? '')) return 1;
  return { public: 0, private: 2, confidential: 3 }[appointment.classification];
}

function busyOf(appointment: Appointment): number {
  const own = appointment.property('X-MICROSOFT-CDO-BUSYSTATUS')?.trim().toLowerCase();
  const index = own === undefined ? -1 : BUSY.indexOf(own);
  if (index >= 0) return index;
  if (appointment.transparency === 'transparent') return 0;
  return appointment.status === 'tentative' ? 1 : 2;
}

function setState(
  item: MapiMessage,
  appointment: Appointment,
  method: string | undefined,
  recurs: boolean,
): void {
  const { properties } = item;
  const { organizer, attendees } = appointment;
  const isMeeting = method !== undefined || attendees.length > 0;
  const isCancelled = method === 'CANCEL' || appointment.status === 'cancelled';
  const flags =
    (isMeeting ? MEETING : 0) |
    (method === undefined ? 0 : RECEIVED) |
    (isCancelled ? CANCELED : 0);
  properties
    .set(PidLid.AppointmentStateFlags, flags)
    .set(PidLid.Recurring, recurs)
    .set(PidLid.IsRecurring, recurs)
    .set(PidLid.FInvited, isMeeting)
    .set(
      PidLid.SideEffects,
      method === undefined ? SIDE_EFFECTS_OF_APPOINTMENT : SIDE_EFFECTS_OF_MAIL,
    );
  const stamp = dateToFileTime(appointment.stamp ?? new Date());
  if (method === undefined) {
    properties.set(PidTag.IconIndex, iconOf(isMeeting, recurs));
    properties.set(PidLid.ResponseStatus, isMeeting ? ORGANIZED : 0);
    if (organizer && isMeeting) setAuthor(item, organizer);
    if (isMeeting) setPeople(item, attendees, organizer, true);
    return;
  }
  properties.set(PidLid.AppointmentMessageClass, APPOINTMENT);
  if (method === 'REPLY' || method === 'COUNTER') {
    setAnswer(item, appointment, method, stamp);
    return;
  }
  properties
    .set(PidLid.OwnerCriticalChange, stamp)
    .set(PidLid.AttendeeCriticalChange, stamp)
    .set(PidLid.MeetingType, 1)
    .set(PidLid.ResponseStatus, NOT_RESPONDED)
    .set(PidLid.AppointmentCounterProposal, false)
    .set(PidTag.ResponseRequested, method !== 'CANCEL')
    .set(PidTag.ReplyRequested, method !== 'CANCEL');
  if (organizer) setAuthor(item, organizer);
  setPeople(item, attendees, organizer, false);
}

function iconOf(isMeeting: boolean, recurs: boolean): number {
  if (isMeeting) return recurs ? ICONS.meetings : ICONS.meeting;
  return recurs ? ICONS.series : ICONS.single;
}

/** An answer is from the attendee, and goes to the organizer. */
function setAnswer(
  item: MapiMessage,
  appointment: Appointment,
  method: 'REPLY' | 'COUNTER',
  stamp: bigint,
): void {
  const { properties } = item;
  const [attendee] = appointment.attendees;
  const { organizer } = appointment;
  if (attendee) setAuthor(item, attendee);
  if (organizer && item.recipients.length === 0) setPeople(item, [organizer], undefined, false);
  properties
    .set(PidLid.AttendeeCriticalChange, stamp)
    .set(PidLid.AppointmentReplyTime, stamp)
    .set(PidLid.ResponseStatus, RESPONSES[attendee?.status ?? ''] ?? 2);
  if (method !== 'COUNTER' || !appointment.start) return;
  const { start, end } = appointment;
  properties
    .set(PidLid.AppointmentCounterProposal, true)
    .set(PidLid.AppointmentProposedStartWhole, dateToFileTime(start))
    .set(PidLid.AppointmentProposedEndWhole, dateToFileTime(end ?? start))
    .set(PidLid.AppointmentProposedDuration, minutesBetween(start, end ?? start));
  setOriginal(properties, appointment);
}

/** When it was to be before the proposal, if the calendar says so. */
function setOriginal(properties: MapiProperties, { item }: Appointment): void {
  for (const [name, tags] of [
    [
      'X-MS-OLK-ORIGINALSTART',
      [PidLid.AppointmentStartWhole, PidLid.CommonStart, PidTag.StartDate],
    ],
    ['X-MS-OLK-ORIGINALEND', [PidLid.AppointmentEndWhole, PidLid.CommonEnd, PidTag.EndDate]],
  ] as const) {
    const time = timeOf(item.component.first(name));
    if (!time) continue;
    const date = dateToFileTime(new Date(item.zones.instant(time)));
    for (const tag of tags) properties.set(tag, date);
  }
}

/** PidLidRecurrenceType by RecurFrequency. */
const TYPES: Readonly<Record<number, number>> = {
  [RecurFrequency.daily]: 1,
  [RecurFrequency.weekly]: 2,
  [RecurFrequency.monthly]: 3,
  [RecurFrequency.yearly]: 4,
};

function setRecurrence(
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
  const zone = zoneOf(appointment, start);
  const last = clockOfEnd(recurrence);
  const end = last === undefined ? NEVER : dateToFileTime(new Date(instantOf(zone, last)));
  const [rule] = appointment.recurrence;
  item.properties
    .set(PidLid.AppointmentRecur, writeAppointmentRecurrence(recurrence))
    .set(PidLid.RecurrenceType, TYPES[recurrence.recurFrequency] ?? 0)
    .set(PidLid.RecurrencePattern, rule ?? '')
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
    setZone(properties, zoneOf(exception, start), exception.start, false);
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

/** The subject in the properties that it is spread over. */
export function setSubject(item: MapiMessage, subject: string): void {
  item.properties
    .set(PidTag.Subject, subject)
    .set(PidTag.SubjectPrefix, '')
    .set(PidTag.NormalizedSubject, subject)
    .set(PidTag.ConversationTopic, subject);
}
