// What a to-do can be made with and changed to, written into its component.
import { printable } from '../base/index.ts';
import { timeOf } from '../icalendar/internal.ts';
import { checkNames, type KnownNames } from '../message/internal.ts';
import {
  type AttendeeInput,
  attendeeProperty,
  organizerProperty,
  readAttendees,
} from './attendee.ts';
import { fieldError, type Item, setText, timeProperty, utcStamp } from './item.ts';
import { readTimeInput, type TimeInput, zoneOption } from './time-input.ts';

/** How far a to-do is. */
export type TodoStatus = 'needs-action' | 'in-process' | 'completed' | 'cancelled';

/** What a to-do can be changed to; what is left out stays. */
export interface TodoChanges {
  /** The title. */
  readonly summary?: string | undefined;
  /** The text. */
  readonly description?: string | undefined;
  /** When to begin. See {@link TimeInput}. */
  readonly start?: TimeInput | undefined;
  /** Until when. */
  readonly due?: TimeInput | undefined;
  /** The zone for wall clocks. Default: none, they float. */
  readonly timeZone?: string | undefined;
  /** When it was done. */
  readonly completed?: Date | undefined;
  /** From 0 to 100. */
  readonly percentComplete?: number | undefined;
  /** Default: none written, which means needs action. */
  readonly status?: TodoStatus | undefined;
  /** From 1, the highest, to 9; 0 for none. */
  readonly priority?: number | undefined;
  /** Who gives the task. */
  readonly organizer?: AttendeeInput | undefined;
  /** Who has the task; they are asked to answer. */
  readonly attendees?: AttendeeInput | undefined;
}

/** What a to-do is made from, all optional. */
export interface TodoOptions extends TodoChanges {
  /** What makes it the same everywhere. Default: random. */
  readonly uid?: string | undefined;
  /** How often it was changed in earnest. Default: 0, not written before it is sent. */
  readonly sequence?: number | undefined;
}

const changeable: readonly (keyof TodoChanges)[] = [
  'summary',
  'description',
  'start',
  'due',
  'timeZone',
  'completed',
  'percentComplete',
  'status',
  'priority',
  'organizer',
  'attendees',
];
const changeNames: KnownNames = { of: 'a to-do', names: new Set(changeable), habits: new Map() };
const optionNames: KnownNames = {
  of: 'a to-do',
  names: new Set([...changeable, 'uid', 'sequence']),
  habits: new Map(),
};
const statuses: readonly TodoStatus[] = ['needs-action', 'in-process', 'completed', 'cancelled'];

/** Throws an `OptionError` at the first member that a to-do doesn't have. */
export function checkTodoOptions(options: TodoOptions): void {
  checkNames(options, optionNames);
}

/** Writes what is given into the component; throws as `new Todo` does. */
export function applyTodoChanges(item: Item, changes: TodoChanges): void {
  const { component } = item;
  for (const [name, member] of [
    ['SUMMARY', 'summary'],
    ['DESCRIPTION', 'description'],
  ] as const) {
    const text = changes[member];
    if (text !== undefined) setText(component, name, text, member);
  }
  applyTimes(item, changes);
  const { completed, status, organizer, attendees } = changes;
  if (completed !== undefined) component.set('COMPLETED', utcStamp(completed));
  for (const [name, member, most] of [
    ['PERCENT-COMPLETE', 'percentComplete', 100],
    ['PRIORITY', 'priority', 9],
  ] as const) {
    const value = changes[member];
    if (value === undefined) continue;
    if (!Number.isInteger(value) || value < 0 || value > most) {
      throw fieldError(member, `must be a whole number from 0 to ${most}`);
    }
    component.set(name, String(value));
  }
  if (status !== undefined) {
    if (!statuses.includes(status)) {
      throw fieldError('status', 'must be needs-action, in-process, completed or cancelled');
    }
    component.set('STATUS', status.toUpperCase());
  }
  if (organizer !== undefined) {
    const [first] = readAttendees(organizer, 'organizer');
    component.replace('ORGANIZER', first ? [organizerProperty(first)] : []);
  }
  if (attendees !== undefined) {
    component.replace('ATTENDEE', readAttendees(attendees, 'attendees').map(attendeeProperty));
  }
}

/** The same for a to-do that is there already. */
export function changeTodo(item: Item, changes: TodoChanges): void {
  checkNames(changes, changeNames);
  const draft = { component: item.component.clone(), zones: item.zones };
  applyTodoChanges(draft, changes);
  item.component.properties = draft.component.properties;
}

function applyTimes({ component }: Item, changes: TodoChanges): void {
  const { timeZone } = changes;
  // A new time without a zone is one of the zone that it had.
  const before = timeOf(component.first('DUE') ?? component.first('DTSTART'));
  const named = timeZone ?? (before?.kind === 'zoned' ? before.zone : undefined);
  const zone = named === undefined ? undefined : zoneOption(named);
  for (const [name, member] of [
    ['DTSTART', 'start'],
    ['DUE', 'due'],
  ] as const) {
    const input = changes[member];
    if (input === undefined) continue;
    const time = readTimeInput(input, member, { zone, allDay: false });
    component.replace(name, [timeProperty(name, time)]);
  }
}

/** The sequence number when it is one. */
export function checkSequence(sequence: unknown): number {
  if (typeof sequence === 'number' && Number.isInteger(sequence) && sequence >= 0) return sequence;
  throw fieldError(
    'sequence',
    `must be a whole number, 0 or more, got '${printable(String(sequence), 40)}'`,
  );
}
