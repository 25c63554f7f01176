// What an appointment of iCalendar is about and when, as properties; the same for a series and for its exceptions.
import type { Appointment } from '../../calendar/index.ts';
import type { CalendarTime } from '../../icalendar/internal.ts';
import {
  dateToFileTime,
  type MapiMessage,
  type MapiProperties,
  PidLid,
  PidName,
  PidTag,
} from '../../mapi/index.ts';

const BUSY = ['free', 'tentative', 'busy', 'oof', 'workingelsewhere'];

/** When it is. */
export function setTimes(
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

/** Minutes from one time to another. */
export const minutesBetween = (start: Date, end: Date): number =>
  Math.min(0x7fffffff, Math.max(0, Math.round((end.getTime() - start.getTime()) / 60_000)));

/** What it is about and how it is shown; the same for series and exceptions. */
export function setMeaning(
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
export function reminderOf(reminders: Appointment['reminders']): number | undefined {
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

/** PidLidBusyStatus. */
export function busyOf(appointment: Appointment): number {
  const own = appointment.property('X-MICROSOFT-CDO-BUSYSTATUS')?.trim().toLowerCase();
  const index = own === undefined ? -1 : BUSY.indexOf(own);
  if (index >= 0) return index;
  if (appointment.transparency === 'transparent') return 0;
  return appointment.status === 'tentative' ? 1 : 2;
}

/** The subject in the properties that it is spread over. */
export function setSubject(item: MapiMessage, subject: string): void {
  item.properties
    .set(PidTag.Subject, subject)
    .set(PidTag.SubjectPrefix, '')
    .set(PidTag.NormalizedSubject, subject)
    .set(PidTag.ConversationTopic, subject);
}
