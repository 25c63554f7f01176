// An appointment or meeting message of Outlook from an appointment of iCalendar: the properties that Outlook's own have
// (MS-OXCICAL section 2.1.3.1.1.20; MS-OXOCAL sections 2.2.1 and 2.2.6).
import type { Appointment } from '../../calendar/index.ts';
import { type CalendarTime, timeOf } from '../../icalendar/internal.ts';
import {
  dateToFileTime,
  globalObjectId,
  type MapiMessage,
  type MapiProperties,
  type OccurrenceDay,
  PidLid,
  PidTag,
} from '../../mapi/index.ts';
import type { Note } from '../loss.ts';
import { minutesBetween, setMeaning, setTimes } from './event-meaning.ts';
import { setRecurrence } from './event-series.ts';
import { setAuthor, setPeople } from './people-of-event.ts';
import { clockIn, patternOfItem, recurrenceOfAppointment } from './recurrence-of-event.ts';
import { setZone } from './zone-of-event.ts';

/** The class of an item of the calendar. */
const APPOINTMENT = 'IPM.Appointment';

/** PidLidSideEffects of meeting messages and of appointments, as Outlook writes them. */
const SIDE_EFFECTS_OF_MAIL = 0x1c61;
const SIDE_EFFECTS_OF_APPOINTMENT = 0x171;
/** PidTagIconIndex of appointments: one, a series, a meeting, a series of meetings; of meeting messages. */
const ICONS = { single: 1024, series: 1025, meeting: 1026, meetings: 1027 } as const;

/** Bits of PidLidAppointmentStateFlags. */
const MEETING = 1;
const RECEIVED = 2;
const CANCELED = 4;

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
  const zone = start && appointment.item.zones.zoneOf(start);
  const pattern = start && patternOfItem(appointment.item, note);
  const length = (appointment.end?.getTime() ?? 0) - (appointment.start?.getTime() ?? 0);
  const recurrence = pattern && recurrenceOfAppointment(pattern, start, length);
  if (zone && appointment.start) setZone(properties, zone, appointment.start, !!recurrence);
  setIdentity(properties, appointment, start);
  setMeaning(properties, appointment, method);
  setState(item, appointment, method, recurrence !== undefined);
  if (start && recurrence) setRecurrence(item, appointment, start, recurrence, note);
}

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
    const created = timeOf(appointment.item.component.first('CREATED'));
    const changed = timeOf(appointment.item.component.first('LAST-MODIFIED'));
    properties
      .set(PidTag.CreationTime, created ? dateToFileTime(new Date(created.clock)) : stamp)
      .set(PidTag.LastModificationTime, changed ? dateToFileTime(new Date(changed.clock)) : stamp);
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
