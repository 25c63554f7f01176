// What an appointment is made from.
import { checkNames, type KnownNames } from '../message/internal.ts';
import type { AttendeeInput } from './attendee.ts';
import type { CalendarAttachmentInput } from './calendar-attachment.ts';
import type { ReminderInput } from './reminder.ts';
import type { TimeInput } from './time-input.ts';

/** Whether an appointment is certain. */
export type AppointmentStatus = 'tentative' | 'confirmed' | 'cancelled';
/** Who may see it. */
export type Classification = 'public' | 'private' | 'confidential';
/** What Outlook shows for the time. */
export type BusyStatus = 'free' | 'tentative' | 'busy' | 'out-of-office';

/** What can be changed of an appointment; `''` or an empty list removes what is there. */
export interface AppointmentChanges {
  /** The title. */
  readonly summary?: string | undefined;
  /** The place. */
  readonly location?: string | undefined;
  /** The text. */
  readonly description?: string | undefined;
  /** The text as HTML, written as X-ALT-DESC, which Outlook shows. */
  readonly htmlDescription?: string | undefined;
  /** The beginning. See {@link TimeInput}. */
  readonly start?: TimeInput | undefined;
  /** The end: the first moment, or day, that no longer belongs to it. */
  readonly end?: TimeInput | undefined;
  /** The length in minutes, in place of `end`. Default: a day when it is all-day, else none. */
  readonly durationMinutes?: number | undefined;
  /** Whether `start` and `end` are days. Default: what `start` says when it is a string. */
  readonly allDay?: boolean | undefined;
  /** The zone of IANA or Windows in which it takes place. Default: UTC for a `Date`; none for a wall clock, which floats. */
  readonly timeZone?: string | undefined;
  /** Who invites. */
  readonly organizer?: AttendeeInput | undefined;
  /** Who has to be there. */
  readonly attendees?: AttendeeInput | undefined;
  /** Who may be there. */
  readonly optionalAttendees?: AttendeeInput | undefined;
  /** Rooms and things. */
  readonly resources?: AttendeeInput | undefined;
  /** A rule such as `'FREQ=WEEKLY;COUNT=8'` (RFC 5545 section 3.3.10), or several. */
  readonly recurrence?: string | readonly string[] | undefined;
  /** More beginnings besides those of the rule. */
  readonly recurrenceDates?: readonly TimeInput[] | undefined;
  /** Occurrences of the rule that do not take place. A day stands for its occurrence. */
  readonly exceptionDates?: readonly TimeInput[] | undefined;
  /** When and how to remind. */
  readonly reminders?: readonly ReminderInput[] | undefined;
  /** Documents: links, or files inside the calendar. */
  readonly attachments?: readonly CalendarAttachmentInput[] | undefined;
  /** Default: none written, which means confirmed. */
  readonly status?: AppointmentStatus | undefined;
  /** Whether it takes up time. Default: `'opaque'`, it does. */
  readonly transparency?: 'opaque' | 'transparent' | undefined;
  /** What Outlook shows for the time. Default: what the transparency says. */
  readonly busyStatus?: BusyStatus | undefined;
  /** Default: `'public'`. */
  readonly classification?: Classification | undefined;
  /** Words to find and group it by. */
  readonly categories?: readonly string[] | undefined;
  /** Where to join by video (RFC 7986 CONFERENCE). */
  readonly conferenceUrl?: string | undefined;
  /** Where there is more about it. */
  readonly url?: string | undefined;
  /** From 1, the highest, to 9; 0 for none. */
  readonly priority?: number | undefined;
  /** Properties that have no member here, such as `{ 'X-TEAM': 'blue' }`; values are text. */
  readonly properties?: Readonly<Record<string, string>> | undefined;
}

/** What an appointment is made from; only `start` is needed. */
export interface AppointmentOptions extends AppointmentChanges {
  /** The beginning. See {@link TimeInput}. */
  readonly start: TimeInput;
  /** What makes it the same appointment everywhere. Default: random. */
  readonly uid?: string | undefined;
  /** How often it was changed in earnest. Default: 0. */
  readonly sequence?: number | undefined;
  /** Whether zones are written by their Windows names, for programs that know no others. Default: `false`. */
  readonly windowsTimeZones?: boolean | undefined;
}

const changes: readonly (keyof AppointmentChanges)[] = [
  'summary',
  'location',
  'description',
  'htmlDescription',
  'start',
  'end',
  'durationMinutes',
  'allDay',
  'timeZone',
  'organizer',
  'attendees',
  'optionalAttendees',
  'resources',
  'recurrence',
  'recurrenceDates',
  'exceptionDates',
  'reminders',
  'attachments',
  'status',
  'transparency',
  'busyStatus',
  'classification',
  'categories',
  'conferenceUrl',
  'url',
  'priority',
  'properties',
];

const habits: ReadonlyMap<string, string> = new Map([
  ['title', "write summary: '…'"],
  ['subject', "write summary: '…'"],
  ['timezone', "write timeZone: 'Europe/Paris'"],
  ['repeating', "write recurrence: 'FREQ=WEEKLY'"],
  ['rrule', "write recurrence: 'FREQ=WEEKLY'"],
  ['alarms', 'write reminders: [{ minutesBefore: 15 }]'],
  ['duration', 'write durationMinutes: 60'],
]);

const known: KnownNames = {
  of: 'an appointment',
  names: new Set<string>([...changes, 'uid', 'sequence', 'windowsTimeZones']),
  habits,
};
const knownChanges: KnownNames = {
  of: 'a change of an appointment',
  names: new Set<string>(changes),
  habits,
};

/** Throws an `OptionError` at a name that an appointment does not know. */
export const checkOptions = (options: object): void => checkNames(options, known);
/** Throws an `OptionError` at a name that can't be changed. */
export const checkChanges = (given: object): void => checkNames(given, knownChanges);
