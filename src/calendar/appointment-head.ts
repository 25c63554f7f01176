// What an appointment says: each property of its component as a member.
import { splitTexts, timeOf } from '../icalendar/internal.ts';
import type { AppointmentStatus, BusyStatus, Classification } from './appointment-options.ts';
import { type Attendee, readAttendee } from './attendee.ts';
import { type CalendarAttachment, readAttachment } from './calendar-attachment.ts';
import { dateOf, type Item, integerOf, textOf } from './item.ts';
import { endOf } from './occurrences.ts';
import { type Reminder, readReminder } from './reminder.ts';

/** What an appointment says; {@link Appointment} is what to make. */
export class AppointmentHead {
  /** @internal */
  readonly item: Item;

  /** @internal */
  constructor(item: Item) {
    this.item = item;
  }

  /** What makes it the same appointment everywhere; `''` when the file has none. */
  get uid(): string {
    return textOf(this.item, 'UID') ?? '';
  }

  /** How often it was changed in earnest. */
  get sequence(): number {
    return integerOf(this.item, 'SEQUENCE') ?? 0;
  }

  /** When this state of it was written. */
  get stamp(): Date | undefined {
    return dateOf(this.item, 'DTSTAMP');
  }

  /** The title; `''` when there is none. */
  get summary(): string {
    return textOf(this.item, 'SUMMARY') ?? '';
  }

  /** The place; `''` when there is none. */
  get location(): string {
    return textOf(this.item, 'LOCATION') ?? '';
  }

  /** The text; `''` when there is none. */
  get description(): string {
    return textOf(this.item, 'DESCRIPTION') ?? '';
  }

  /** The text as HTML. */
  get htmlDescription(): string | undefined {
    return textOf(this.item, 'X-ALT-DESC');
  }

  /** The beginning; of an all-day or floating time as if its clock were UTC's. `undefined`: none that can be read. */
  get start(): Date | undefined {
    return dateOf(this.item, 'DTSTART');
  }

  /** The end: the first moment that no longer belongs to it. */
  get end(): Date | undefined {
    const start = timeOf(this.item.component.first('DTSTART'));
    return start && new Date(endOf(this.item, start));
  }

  /** Whether it is made of whole days. */
  get allDay(): boolean {
    return timeOf(this.item.component.first('DTSTART'))?.kind === 'date';
  }

  /** Whether it takes place at that time of day wherever one is. */
  get floating(): boolean {
    return timeOf(this.item.component.first('DTSTART'))?.kind === 'floating';
  }

  /** The zone: by its IANA name when it has one, else as the file calls it. `'UTC'`; `undefined` for days and floating times. */
  get timeZone(): string | undefined {
    const start = timeOf(this.item.component.first('DTSTART'));
    if (start?.kind === 'utc') return 'UTC';
    if (start?.zone === undefined) return undefined;
    return this.item.zones.zone(start.zone)?.name ?? start.zone;
  }

  /** Who invites. */
  get organizer(): Attendee | undefined {
    const property = this.item.component.first('ORGANIZER');
    return property && readAttendee(property);
  }

  /** Everybody and everything that takes part: `role` and `kind` tell which. */
  get attendees(): Attendee[] {
    return this.item.component.all('ATTENDEE').map(readAttendee);
  }

  /** The rules, as the calendar writes them. */
  get recurrence(): string[] {
    return this.item.component.all('RRULE').map(({ value }) => value);
  }

  /** Whether it takes place more than once. */
  get isRecurring(): boolean {
    return ['RRULE', 'RDATE'].some((name) => this.item.component.first(name) !== undefined);
  }

  /** The occurrence that this is an exception for, as the calendar writes its time; `undefined` for an appointment. */
  get recurrenceId(): string | undefined {
    return this.item.component.value('RECURRENCE-ID')?.trim();
  }

  /** Reminders whose time can be read. */
  get reminders(): Reminder[] {
    return this.item.component.inside('VALARM').flatMap((alarm) => readReminder(alarm) ?? []);
  }

  /** Documents. */
  get attachments(): CalendarAttachment[] {
    return this.item.component.all('ATTACH').map(readAttachment);
  }

  /** Default: `'confirmed'`. */
  get status(): AppointmentStatus {
    const status = this.item.component.value('STATUS')?.trim().toLowerCase();
    return status === 'tentative' || status === 'cancelled' ? status : 'confirmed';
  }

  /** Whether it takes up time. */
  get transparency(): 'opaque' | 'transparent' {
    return /^\s*transparent/i.test(this.item.component.value('TRANSP') ?? '')
      ? 'transparent'
      : 'opaque';
  }

  /** What Outlook shows for the time; `undefined` when it is not said. */
  get busyStatus(): BusyStatus | undefined {
    const value = this.item.component.value('X-MICROSOFT-CDO-BUSYSTATUS')?.trim().toLowerCase();
    if (value === 'oof') return 'out-of-office';
    return value === 'free' || value === 'tentative' || value === 'busy' ? value : undefined;
  }

  /** Who may see it. */
  get classification(): Classification {
    const value = this.item.component.value('CLASS')?.trim().toLowerCase();
    if (value === undefined || value === 'public') return 'public';
    // What is not known is private (RFC 5545 section 3.8.1.3).
    return value === 'confidential' ? 'confidential' : 'private';
  }

  /** Words to find and group it by. */
  get categories(): string[] {
    return this.item.component.all('CATEGORIES').flatMap(({ value }) => splitTexts(value));
  }

  /** Where to join by video: of RFC 7986, or what Google, Microsoft and others write. */
  get conferenceUrl(): string | undefined {
    for (const name of ['CONFERENCE', 'X-GOOGLE-CONFERENCE', 'X-MICROSOFT-SKYPETEAMSMEETINGURL']) {
      const url = this.item.component.value(name)?.trim();
      if (url) return url;
    }
    return undefined;
  }

  /** Where there is more about it. */
  get url(): string | undefined {
    return this.item.component.value('URL')?.trim();
  }

  /** From 1, the highest, to 9; 0 for none. */
  get priority(): number {
    return integerOf(this.item, 'PRIORITY') ?? 0;
  }

  /** Remarks, such as those of an answer. */
  get comment(): string | undefined {
    return textOf(this.item, 'COMMENT');
  }

  /** @internal What the clocks of the appointment's zone show at an instant: `2026-03-02 10:00`. */
  clockOf(date: Date): string {
    const { component, zones } = this.item;
    const start = timeOf(component.first('DTSTART'));
    const offset = start ? zones.zoneOf(start).offsetAt(date.getTime()) : 0;
    return new Date(date.getTime() + offset).toISOString().slice(0, 16).replace('T', ' ');
  }

  /** The text of any property, such as `'X-MICROSOFT-CDO-IMPORTANCE'`; of several the first. */
  property(name: string): string | undefined {
    return textOf(this.item, name.toUpperCase());
  }
}
