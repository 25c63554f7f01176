// A task of Outlook from a to-do of iCalendar (MS-OXOTASK section 2.2.2).
import type { Todo } from '../../calendar/index.ts';
import { DAY, readTime, timeOf, unescapeText } from '../../icalendar/internal.ts';
import {
  dateToFileTime,
  type MapiMessage,
  PidLid,
  PidName,
  PidTag,
  writeTaskRecurrence,
} from '../../mapi/index.ts';
import type { Note } from '../loss.ts';
import { setSubject } from './event-meaning.ts';
import { setBodies } from './item-bodies.ts';
import { patternOfItem } from './recurrence-of-event.ts';

/** PidLidTaskStatus. */
const STATUSES = { 'needs-action': 0, 'in-process': 1, completed: 2, cancelled: 4 } as const;
const SIDE_EFFECTS = 0x108;
/** PidTagIconIndex of tasks: one, and one that comes again. */
const ICON = 0x500;
const ICON_RECURRING = 0x501;
const SENSITIVITIES: Readonly<Record<string, number>> = {
  'X-PERSONAL': 1,
  PRIVATE: 2,
  CONFIDENTIAL: 3,
};

/** Writes a to-do into an item. */
export function setTodo(item: MapiMessage, todo: Todo, note: Note): void {
  const { properties } = item;
  item.messageClass = 'IPM.Task';
  setSubject(item, todo.summary);
  const html = todo.item.component.value('X-ALT-DESC');
  setBodies(item, todo.description, html === undefined ? undefined : unescapeText(html));
  const isDone = todo.status === 'completed' || todo.completed !== undefined;
  const percent = isDone ? 100 : Math.min(100, Math.max(0, todo.percentComplete));
  const pattern = patternOfItem(todo.item, note);
  properties
    .set(PidLid.TaskStatus, isDone ? 2 : STATUSES[todo.status])
    .set(PidLid.PercentComplete, percent / 100)
    .set(PidLid.TaskComplete, isDone)
    .set(PidLid.TaskFRecurring, pattern !== undefined)
    .set(PidLid.TaskVersion, 1)
    .set(PidLid.TaskOwner, todo.organizer?.name || todo.organizer?.address || '')
    .set(PidLid.SideEffects, SIDE_EFFECTS)
    .set(PidTag.IconIndex, pattern ? ICON_RECURRING : ICON)
    .set(PidTag.Importance, importanceOf(todo.priority))
    .set(
      PidTag.Sensitivity,
      SENSITIVITIES[todo.property('CLASS')?.trim().toUpperCase() ?? ''] ?? 0,
    );
  if (pattern) properties.set(PidLid.TaskRecurrence, writeTaskRecurrence(pattern));
  if (todo.completed) properties.set(PidLid.TaskDateCompleted, dayOf(todo.completed.getTime()));
  if (todo.categories.length > 0) properties.set(PidName.Keywords, todo.categories);
  if (todo.uid !== '') properties.set(PidName.CalendarUid, todo.uid);
  setDays(item, todo);
  setReminder(item, todo);
}

const importanceOf = (priority: number): number =>
  priority === 0 || priority === 5 ? 1 : priority < 5 ? 2 : 0;

/** Days of tasks are midnights, whatever the zone. */
const dayOf = (clock: number): bigint => dateToFileTime(new Date(Math.floor(clock / DAY) * DAY));

function setDays({ properties }: MapiMessage, { item }: Todo): void {
  const start = timeOf(item.component.first('DTSTART'));
  const due = timeOf(item.component.first('DUE'));
  if (start) {
    properties.set(PidLid.TaskStartDate, dayOf(start.clock));
    properties.set(PidLid.CommonStart, dateToFileTime(new Date(item.zones.instant(start))));
  }
  if (due) {
    properties.set(PidLid.TaskDueDate, dayOf(due.clock));
    properties.set(PidLid.CommonEnd, dateToFileTime(new Date(item.zones.instant(due))));
  }
}

/** A reminder at a moment; one before the beginning has no place in a task. */
function setReminder({ properties }: MapiMessage, { item }: Todo): void {
  const triggers = item.component.inside('VALARM').map((alarm) => alarm.value('TRIGGER') ?? '');
  const [time] = triggers.flatMap((trigger) => readTime(trigger) ?? []);
  properties.set(PidLid.ReminderSet, time !== undefined);
  if (!time) return;
  const at = dateToFileTime(new Date(time.clock));
  properties.set(PidLid.ReminderTime, at).set(PidLid.ReminderSignalTime, at);
}
