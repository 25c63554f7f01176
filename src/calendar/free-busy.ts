// Free and busy time (RFC 5545 section 3.6.4): read, written, and made from periods.
import { randomUUID } from 'node:crypto';
import {
  Component,
  type Parameter,
  Property,
  readDuration,
  readTime,
  ZoneTable,
} from '../icalendar/internal.ts';
import { type AlternateView, MailMessage } from '../message/index.ts';
import {
  type Attendee,
  type AttendeeInput,
  attendeeProperty,
  organizerProperty,
  readAttendee,
  readAttendees,
} from './attendee.ts';
import { calendarView } from './calendar-text.ts';
import { dateOf, fieldError, type Item, setText, textOf, utcStamp } from './item.ts';
import { replyAttendee, type TransactionOptions, withStamp } from './itip.ts';
import { type ItemMailOptions, meetingFields } from './meeting-mail.ts';

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

/** What a message about free time can be made with. */
export type FreeBusyTransaction = Omit<TransactionOptions, 'occurrence'>;

/** What a mail about free time can be made with. */
export interface FreeBusyMailOptions extends Omit<ItemMailOptions, 'answer'> {
  /** When the attendee is busy, for `'reply'`. Default: never. */
  readonly periods?: FreeBusyOptions['periods'];
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
    addPeriods(component, periods);
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

  /** A question for the free time of the attendees (REQUEST). */
  request(options: FreeBusyTransaction = {}): AlternateView {
    const copy = this.#copy(options);
    if (!copy.first('ATTENDEE')) throw fieldError('attendees', 'are needed to ask for their time');
    copy.replace('FREEBUSY', []);
    return this.#view('REQUEST', copy);
  }

  /**
   * The answer to a question (REPLY): when the attendee is busy.
   *
   * @param attendee The address of who was asked.
   */
  reply(
    attendee: string,
    periods: NonNullable<FreeBusyOptions['periods']>,
    options: FreeBusyTransaction = {},
  ): AlternateView {
    const copy = this.#copy(options);
    const { address, name } = readAttendee(replyAttendee(this, attendee, undefined));
    // RFC 5546 section 3.3.3: there is nothing to accept here.
    const parameters: Parameter[] = name === '' ? [] : [['CN', [name]]];
    copy.replace('ATTENDEE', [new Property('ATTENDEE', `mailto:${address}`, parameters)]);
    copy.replace('FREEBUSY', []);
    addPeriods(copy, periods);
    return this.#view('REPLY', copy);
  }

  /** The organizer's own time, for everybody to know (PUBLISH). */
  publish(options: FreeBusyTransaction = {}): AlternateView {
    const copy = this.#copy(options);
    copy.replace('ATTENDEE', []);
    return this.#view('PUBLISH', copy);
  }

  /**
   * The mail that carries such a message.
   *
   * @throws as the method of that name does.
   */
  toMessage(
    method: 'request' | 'reply' | 'publish',
    options: FreeBusyMailOptions = {},
  ): MailMessage {
    const { attendee, periods = [], comment } = options;
    const view = this.#viewFor(method, attendee, periods, options);
    const { organizer, attendees } = this;
    const [from, to] = [this.start, this.end].map((date) => date?.toISOString().slice(0, 10));
    const summary = `Free and busy time, ${from} to ${to}`;
    const text = `${[summary, ...(comment ? ['', comment] : [])].join('\n')}\n`;
    const none = { htmlDescription: undefined, contentClass: undefined };
    return new MailMessage(
      meetingFields({ organizer, attendees, summary, text, ...none }, method, view, options),
    );
  }

  #viewFor(
    method: 'request' | 'reply' | 'publish',
    attendee: string | undefined,
    periods: NonNullable<FreeBusyOptions['periods']>,
    options: FreeBusyTransaction,
  ): AlternateView {
    if (method === 'request') return this.request(options);
    if (method === 'publish') return this.publish(options);
    if (attendee !== undefined) return this.reply(attendee, periods, options);
    throw fieldError('attendee', "is needed for 'reply': the address of who was asked");
  }

  #copy(options: FreeBusyTransaction): Component {
    if (this.item.component.first('ORGANIZER')) return withStamp(this.item.component, options);
    throw fieldError('organizer', 'is needed: who asks, or whose time it is');
  }

  #view(method: string, component: Component): AlternateView {
    return calendarView({ method, components: [component], zones: this.item.zones });
  }
}

/** Adds periods to a component. */
function addPeriods(component: Component, periods: NonNullable<FreeBusyOptions['periods']>): void {
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

function valid(date: Date, member: string): Date {
  if (date instanceof Date && !Number.isNaN(date.getTime())) return date;
  throw fieldError(member, 'must be a valid Date');
}
