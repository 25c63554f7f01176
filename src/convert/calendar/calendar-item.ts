// Outlook's appointments, meetings and tasks to and from iCalendar (MS-OXCICAL): the door of this folder.
import { Calendar } from '../../calendar/index.ts';
import { MapiMessage } from '../../mapi/index.ts';
import type { Note } from '../loss.ts';
import { calendarOfItem } from './calendar-of-item.ts';
import { setSubject } from './event-meaning.ts';
import { setBodies } from './item-bodies.ts';
import { classOf, setEvent } from './item-of-event.ts';
import { setTodo } from './item-of-todo.ts';
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
  const calendar = isTask ? calendarOfTask(taskOf(item), note) : calendarOfItem(item, note);
  return calendar && { text: calendar.toString(), method: calendar.value('METHOD') };
}

/** The task that is given to somebody, which the message that gives it holds. */
function taskOf(item: MapiMessage): MapiMessage {
  const held = item.attachments.find(({ message }) =>
    /^IPM\.Task$/i.test(message?.messageClass ?? ''),
  );
  return held?.message ?? item;
}

/** How a calendar becomes an item. */
export interface MapiFromCalendarOptions {
  /** Is told what the item could not hold. Default: nobody. */
  readonly note?: Note | undefined;
}

/**
 * Writes what a calendar says into the item of a message that carries it: its class, times, recurrence, time zones,
 * reminder and identity. Subject and bodies stay. Every attendee becomes a recipient; those who are recipients already
 * get the answer that they have given. Gives `false`, and changes nothing, when there is no meeting in the calendar, or
 * its method has no class of its own (PUBLISH, REFRESH, DECLINECOUNTER).
 *
 * @throws {@link LimitError} The calendar is over a limit.
 */
export function applyCalendar(
  item: MapiMessage,
  calendar: string | Uint8Array,
  options: MapiFromCalendarOptions = {},
): boolean {
  const { note = () => undefined } = options;
  const { method, appointments } = Calendar.parse(calendar);
  const [appointment, ...others] = appointments;
  if (!method || !appointment?.start || !classOf(method, appointment)) return false;
  tellOfOthers(others.length, note);
  setEvent(item, appointment, method, note);
  return true;
}

/**
 * An item for every appointment and task of a calendar, whole with subject, text and recipients; of one with a METHOD
 * the meeting messages.
 *
 * @throws {@link LimitError} The calendar is over a limit.
 */
export function mapiFromCalendar(
  calendar: string | Uint8Array,
  options: MapiFromCalendarOptions = {},
): MapiMessage[] {
  const { note = () => undefined } = options;
  const { method, appointments, todos } = Calendar.parse(calendar);
  const events = appointments.map((appointment) => {
    const item = new MapiMessage();
    const isMail = method !== undefined && classOf(method, appointment) !== undefined;
    setSubject(item, appointment.summary);
    setBodies(item, appointment.description, appointment.htmlDescription);
    setEvent(item, appointment, isMail ? method : undefined, note);
    return item;
  });
  const tasks = todos.map((todo) => {
    const item = new MapiMessage();
    setTodo(item, todo, note);
    return item;
  });
  return [...events, ...tasks];
}

function tellOfOthers(count: number, note: Note): void {
  if (count > 0) {
    note(
      'components-lost',
      `The message's calendar holds ${count} more appointments than an item can`,
    );
  }
}
