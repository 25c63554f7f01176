// VTODO from a task of Outlook (MS-OXOTASK).
import { type CalendarTime, Component, DAY, escapeText, utc } from '../../icalendar/internal.ts';
import {
  type MapiMessage,
  PidLid,
  PidTag,
  type PropertyTag,
  readTaskRecurrence,
} from '../../mapi/index.ts';
import type { Note } from '../loss.ts';
import { calendarAround } from './calendar-of-item.ts';
import {
  addBodies,
  addCommon,
  addText,
  timeProperty,
  uidOfItem,
  utcTime,
} from './event-of-item.ts';
import { ItemView } from './item-view.ts';
import { isForeignCalendar, ruleOfPattern } from './rule-of-pattern.ts';

/** STATUS by PidLidTaskStatus: not started, in progress, complete, waiting, deferred. */
const STATUSES = ['NEEDS-ACTION', 'IN-PROCESS', 'COMPLETED', 'NEEDS-ACTION', 'NEEDS-ACTION'];

/** The calendar of a task. */
export function calendarOfTask(item: MapiMessage, note: Note): Component {
  const view = new ItemView(item);
  const todo = new Component('VTODO');
  const modified = view.date(PidTag.LastModificationTime);
  const created = view.date(PidTag.CreationTime);
  todo.add('UID', escapeText(uidOfItem(view)));
  todo.add('DTSTAMP', utcTime(modified ?? created ?? new Date()));
  if (created) todo.add('CREATED', utcTime(created));
  if (modified) todo.add('LAST-MODIFIED', utcTime(modified));
  addText(todo, 'SUMMARY', view.get(PidTag.NormalizedSubject) || item.subject);
  addBodies(todo, view);
  const start = dayOf(view, PidLid.TaskStartDate);
  const due = dayOf(view, PidLid.TaskDueDate);
  if (start) todo.properties.push(timeProperty('DTSTART', start));
  if (due) todo.properties.push(timeProperty('DUE', due));
  const isDone = view.get(PidLid.TaskComplete) === true;
  const status = STATUSES[view.get(PidLid.TaskStatus) ?? 0] ?? 'NEEDS-ACTION';
  todo.add('STATUS', isDone ? 'COMPLETED' : status);
  const percent = Math.round((view.get(PidLid.PercentComplete) ?? 0) * 100);
  todo.add('PERCENT-COMPLETE', String(isDone ? 100 : Math.min(100, Math.max(0, percent) || 0)));
  const completed = view.date(PidLid.TaskDateCompleted);
  if (completed) todo.add('COMPLETED', utcTime(completed));
  addCommon(todo, view);
  addRecurrence(todo, view, start ?? due, note);
  const signal = view.date(PidLid.ReminderSignalTime) ?? view.date(PidLid.ReminderTime);
  if (view.get(PidLid.ReminderSet) === true && signal) {
    const alarm = new Component('VALARM');
    alarm.add('ACTION', 'DISPLAY');
    alarm.add('DESCRIPTION', escapeText(item.subject || 'Reminder'));
    alarm.add('TRIGGER', utcTime(signal), [['VALUE', ['DATE-TIME']]]);
    todo.components.push(alarm);
  }
  return calendarAround([todo], undefined, undefined, 1970);
}

/** The days of tasks are midnights that nobody's zone is added to. */
function dayOf(view: ItemView, tag: PropertyTag<0x0040>): CalendarTime | undefined {
  const date = view.date(tag);
  return date && { clock: Math.round(date.getTime() / DAY) * DAY, kind: 'date' };
}

function addRecurrence(
  todo: Component,
  view: ItemView,
  first: CalendarTime | undefined,
  note: Note,
): void {
  const octets = view.get(PidLid.TaskRecurrence);
  if (!octets || octets.length === 0 || view.get(PidLid.TaskFRecurring) === false) return;
  const lost =
    "The recurrence of the task can't be told in iCalendar; only this time of it was kept";
  try {
    const pattern = readTaskRecurrence(octets);
    if (isForeignCalendar(pattern)) note('recurrence-lost', lost);
    else {
      const time = first ?? { clock: 0, kind: 'date' };
      // A rule needs a day to begin with.
      if (!todo.first('DTSTART') && first) todo.properties.push(timeProperty('DTSTART', first));
      todo.add('RRULE', ruleOfPattern(pattern, time, utc));
    }
  } catch {
    note('recurrence-lost', lost);
  }
}
