/**
 * Meetings: iCalendar (RFC 5545, 7986), its messages between people (iTIP, RFC 5546) and their mails (iMIP,
 * RFC 6047). @module
 */
export type { CalendarProblem, CalendarProblemCode } from '../icalendar/internal.ts';
export type { Occurrence } from './appointment.ts';
export { Appointment } from './appointment.ts';
export type { AppointmentHead } from './appointment-head.ts';
export type {
  AppointmentChanges,
  AppointmentOptions,
  AppointmentStatus,
  BusyStatus,
  Classification,
} from './appointment-options.ts';
export type {
  Attendee,
  AttendeeInput,
  AttendeeKind,
  AttendeeOptions,
  AttendeeRole,
  AttendeeStatus,
} from './attendee.ts';
export type { CalendarOptions } from './calendar.ts';
export { Calendar } from './calendar.ts';
export type { CalendarAttachment, CalendarAttachmentInput } from './calendar-attachment.ts';
export type { CalendarMethod } from './calendar-text.ts';
export type {
  FreeBusyMailOptions,
  FreeBusyOptions,
  FreeBusyPeriod,
  FreeBusyTransaction,
  FreeBusyType,
} from './free-busy.ts';
export { FreeBusy } from './free-busy.ts';
export type {
  Answer,
  CancelOptions,
  MeetingMessage,
  ReplyOptions,
  TodoAnswer,
  TransactionOptions,
} from './itip.ts';
export type { ItemMailOptions, MailOptions } from './meeting-mail.ts';
export type { OccurrenceOptions } from './occurrences.ts';
export type { Reminder, ReminderInput } from './reminder.ts';
export type { TimeInput } from './time-input.ts';
export type {
  TodoMailOptions,
  TodoMessage,
  TodoReplyOptions,
  TodoTransaction,
} from './todo.ts';
export { Todo } from './todo.ts';
export type { TodoChanges, TodoOptions, TodoStatus } from './todo-fields.ts';
export { TodoHead } from './todo-head.ts';
