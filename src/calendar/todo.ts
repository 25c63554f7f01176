// A to-do (RFC 5545 section 3.6.2): read, written, and made from a few members.
import { randomUUID } from 'node:crypto';
import { Component, splitTexts, timeOf, ZoneTable } from '../icalendar/internal.ts';
import { checkNames } from '../message/internal.ts';
import type { AttendeeInput } from './attendee.ts';
import { type Attendee, organizerProperty, readAttendee, readAttendees } from './attendee.ts';
import {
  dateOf,
  fieldError,
  type Item,
  integerOf,
  setText,
  textOf,
  timeProperty,
  utcStamp,
} from './item.ts';
import { readTimeInput, type TimeInput, zoneOption } from './time-input.ts';

/** How far a to-do is. */
export type TodoStatus = 'needs-action' | 'in-process' | 'completed' | 'cancelled';

/** What a to-do is made from, all optional. */
export interface TodoOptions {
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
  /** What makes it the same everywhere. Default: random. */
  readonly uid?: string | undefined;
}

const names: ReadonlySet<string> = new Set<keyof TodoOptions>([
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
  'uid',
]);

/** A to-do. What is not known of it is kept. */
export class Todo {
  /** @internal */
  readonly item: Item;

  /**
   * @throws {@link InvalidMessageError} `MESSAGE_FIELD_INVALID`: a member has a value it can't have.
   * @throws {@link OptionError} A member is not known, or the time zone is none.
   */
  constructor(options: TodoOptions);
  /** @internal */
  constructor(item: Item);
  constructor(given: TodoOptions | Item) {
    if ('component' in given && given.component instanceof Component) {
      this.item = given;
      return;
    }
    const options = given as TodoOptions;
    checkNames(options, { of: 'a to-do', names, habits: new Map() });
    const component = new Component('VTODO');
    this.item = { component, zones: new ZoneTable() };
    setText(component, 'UID', options.uid ?? randomUUID(), 'uid');
    component.add('DTSTAMP', utcStamp(new Date()));
    if (options.summary !== undefined) setText(component, 'SUMMARY', options.summary, 'summary');
    if (options.description !== undefined) {
      setText(component, 'DESCRIPTION', options.description, 'description');
    }
    const zone = options.timeZone === undefined ? undefined : zoneOption(options.timeZone);
    for (const [name, member] of [
      ['DTSTART', 'start'],
      ['DUE', 'due'],
    ] as const) {
      const input = options[member];
      if (input === undefined) continue;
      const time = readTimeInput(input, member, { zone, allDay: false });
      component.replace(name, [timeProperty(name, time)]);
    }
    if (options.completed !== undefined) component.set('COMPLETED', utcStamp(options.completed));
    for (const [name, member, most] of [
      ['PERCENT-COMPLETE', 'percentComplete', 100],
      ['PRIORITY', 'priority', 9],
    ] as const) {
      const value = options[member];
      if (value === undefined) continue;
      if (!Number.isInteger(value) || value < 0 || value > most) {
        throw fieldError(member, `must be a whole number from 0 to ${most}`);
      }
      component.set(name, String(value));
    }
    if (options.status !== undefined) {
      if (!['needs-action', 'in-process', 'completed', 'cancelled'].includes(options.status)) {
        throw fieldError('status', 'must be needs-action, in-process, completed or cancelled');
      }
      component.set('STATUS', options.status.toUpperCase());
    }
    const [organizer] = readAttendees(options.organizer ?? [], 'organizer');
    if (organizer) component.replace('ORGANIZER', [organizerProperty(organizer)]);
  }

  /** What makes it the same everywhere; `''` when the file has none. */
  get uid(): string {
    return textOf(this.item, 'UID') ?? '';
  }

  /** The title; `''` when there is none. */
  get summary(): string {
    return textOf(this.item, 'SUMMARY') ?? '';
  }

  /** The text; `''` when there is none. */
  get description(): string {
    return textOf(this.item, 'DESCRIPTION') ?? '';
  }

  /** When to begin. */
  get start(): Date | undefined {
    return dateOf(this.item, 'DTSTART');
  }

  /** Until when; a whole day as if its clock were UTC's. */
  get due(): Date | undefined {
    return dateOf(this.item, 'DUE');
  }

  /** Whether it is due on a day, not at a time. */
  get allDay(): boolean {
    const { component } = this.item;
    return timeOf(component.first('DUE') ?? component.first('DTSTART'))?.kind === 'date';
  }

  /** When it was done. */
  get completed(): Date | undefined {
    return dateOf(this.item, 'COMPLETED');
  }

  /** From 0 to 100. */
  get percentComplete(): number {
    return integerOf(this.item, 'PERCENT-COMPLETE') ?? 0;
  }

  /** How far it is. */
  get status(): TodoStatus {
    const status = this.item.component.value('STATUS')?.trim().toLowerCase();
    return status === 'in-process' || status === 'completed' || status === 'cancelled'
      ? status
      : 'needs-action';
  }

  /** From 1, the highest, to 9; 0 for none. */
  get priority(): number {
    return integerOf(this.item, 'PRIORITY') ?? 0;
  }

  /** Who gives the task. */
  get organizer(): Attendee | undefined {
    const property = this.item.component.first('ORGANIZER');
    return property && readAttendee(property);
  }

  /** Who has the task. */
  get attendees(): Attendee[] {
    return this.item.component.all('ATTENDEE').map(readAttendee);
  }

  /** Words to find and group it by. */
  get categories(): string[] {
    return this.item.component.all('CATEGORIES').flatMap(({ value }) => splitTexts(value));
  }

  /** The text of any property; of several the first. */
  property(name: string): string | undefined {
    return textOf(this.item, name.toUpperCase());
  }
}
