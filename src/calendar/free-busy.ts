// Free and busy time (RFC 5545 section 3.6.4): read, written, and made from periods.
import { randomUUID } from 'node:crypto';
import { Component, readDuration, readTime, ZoneTable } from '../icalendar/internal.ts';
import {
  type Attendee,
  type AttendeeInput,
  attendeeProperty,
  organizerProperty,
  readAttendee,
  readAttendees,
} from './attendee.ts';
import { dateOf, fieldError, type Item, setText, textOf, utcStamp } from './item.ts';

/** How a time is taken up. */
export type FreeBusyType = 'free' | 'busy' | 'busy-unavailable' | 'busy-tentative';

/** A time, and how it is taken up. */
export interface FreeBusyPeriod {
  /** The beginning. */
  readonly start: Date;
  /** The end. */
  readonly end: Date;
  /** Default: `'busy'`. */
  readonly type: FreeBusyType;
}

/** What free and busy time is made from. */
export interface FreeBusyOptions {
  /** The beginning of what is told. */
  readonly start: Date;
  /** The end of what is told. */
  readonly end: Date;
  /** The periods. Default: none, all is free. */
  readonly periods?:
    | readonly (Omit<FreeBusyPeriod, 'type'> & Partial<FreeBusyPeriod>)[]
    | undefined;
  /** Who asks, or tells. */
  readonly organizer?: AttendeeInput | undefined;
  /** Whose time it is. */
  readonly attendees?: AttendeeInput | undefined;
  /** Default: random. */
  readonly uid?: string | undefined;
}

const TYPES: readonly FreeBusyType[] = ['free', 'busy', 'busy-unavailable', 'busy-tentative'];

/** Free and busy time. What is not known of it is kept. */
export class FreeBusy {
  /** @internal */
  readonly item: Item;

  /** @throws {@link InvalidMessageError} `MESSAGE_FIELD_INVALID`: a member has a value it can't have. */
  constructor(options: FreeBusyOptions);
  /** @internal */
  constructor(item: Item);
  constructor(given: FreeBusyOptions | Item) {
    if ('component' in given) {
      this.item = given;
      return;
    }
    const component = new Component('VFREEBUSY');
    this.item = { component, zones: new ZoneTable() };
    const { start, end, periods = [], organizer, attendees, uid = randomUUID() } = given;
    setText(component, 'UID', uid, 'uid');
    component.add('DTSTAMP', utcStamp(new Date()));
    component.add('DTSTART', utcStamp(valid(start, 'start')));
    component.add('DTEND', utcStamp(valid(end, 'end')));
    const [first] = readAttendees(organizer ?? [], 'organizer');
    if (first) component.replace('ORGANIZER', [organizerProperty(first)]);
    const people = readAttendees(attendees ?? [], 'attendees', { rsvp: false });
    component.replace('ATTENDEE', people.map(attendeeProperty));
    for (const [index, period] of periods.entries()) {
      const { type = 'busy' } = period;
      if (!TYPES.includes(type)) {
        throw fieldError(`periods[${index}].type`, `must be one of ${TYPES.join(', ')}`);
      }
      const from = utcStamp(valid(period.start, `periods[${index}].start`));
      const to = utcStamp(valid(period.end, `periods[${index}].end`));
      component.add('FREEBUSY', `${from}/${to}`, [['FBTYPE', [type.toUpperCase()]]]);
    }
  }

  /** What makes it the same everywhere; `''` when the file has none. */
  get uid(): string {
    return textOf(this.item, 'UID') ?? '';
  }

  /** The beginning of what is told. */
  get start(): Date | undefined {
    return dateOf(this.item, 'DTSTART');
  }

  /** The end of what is told. */
  get end(): Date | undefined {
    return dateOf(this.item, 'DTEND');
  }

  /** Who asks, or tells. */
  get organizer(): Attendee | undefined {
    const property = this.item.component.first('ORGANIZER');
    return property && readAttendee(property);
  }

  /** Whose time it is. */
  get attendees(): Attendee[] {
    return this.item.component.all('ATTENDEE').map(readAttendee);
  }

  /** The periods that can be read, in the order of the file. */
  get periods(): FreeBusyPeriod[] {
    return this.item.component.all('FREEBUSY').flatMap((property) => {
      const written = property.parameter('FBTYPE')?.toLowerCase();
      const type = TYPES.find((known) => known === written) ?? 'busy';
      return property.value.split(',').flatMap((value) => {
        const [from = '', to = ''] = value.split('/');
        const start = readTime(from)?.clock;
        const duration = readDuration(to);
        const end = duration === undefined ? readTime(to)?.clock : (start ?? 0) + duration;
        return start === undefined || end === undefined
          ? []
          : [{ start: new Date(start), end: new Date(end), type }];
      });
    });
  }
}

function valid(date: Date, member: string): Date {
  if (date instanceof Date && !Number.isNaN(date.getTime())) return date;
  throw fieldError(member, 'must be a valid Date');
}
