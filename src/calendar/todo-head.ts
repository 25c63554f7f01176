// What a to-do says: each property of its component as a member.
import { splitTexts, timeOf } from '../icalendar/internal.ts';
import { type Attendee, readAttendee } from './attendee.ts';
import { dateOf, type Item, integerOf, textOf } from './item.ts';
import type { TodoStatus } from './todo-fields.ts';

/** What a to-do says; {@link Todo} is what to make. */
export class TodoHead {
  /** @internal */
  readonly item: Item;

  /** @internal */
  constructor(item: Item) {
    this.item = item;
  }

  /** What makes it the same everywhere; `''` when the file has none. */
  get uid(): string {
    return textOf(this.item, 'UID') ?? '';
  }

  /** How often it was changed in earnest. */
  get sequence(): number {
    return integerOf(this.item, 'SEQUENCE') ?? 0;
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
