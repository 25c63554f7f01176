// An appointment: what it says, when it takes place, and the messages of iTIP that it gives.
import { randomUUID } from 'node:crypto';
import {
  Component,
  type Property,
  recurrenceSet,
  timeOf,
  ZoneTable,
} from '../icalendar/internal.ts';
import { type AlternateView, MailMessage } from '../message/index.ts';
import { AppointmentHead } from './appointment-head.ts';
import {
  type AppointmentChanges,
  type AppointmentOptions,
  checkChanges,
  checkOptions,
} from './appointment-options.ts';
import { attendeeProperty, isSame, readAttendee, readAttendees } from './attendee.ts';
import { calendarView } from './calendar-text.ts';
import { applyChanges, bump, moveOccurrences, occurrenceTime } from './event-fields.ts';
import { dateOf, fieldError, type Item, setText, timeProperty, utcStamp } from './item.ts';
import {
  type Answer,
  askAgain,
  type CancelOptions,
  type MeetingMessage,
  movesTime,
  type ReplyOptions,
  replyAttendee,
  replyComponent,
  type TransactionOptions,
  withoutCancelled,
  withoutDetail,
  withStamp,
} from './itip.ts';
import { appointmentItem, type MailOptions, meetingFields } from './meeting-mail.ts';
import { type OccurrenceOptions, occurrenceName, occurrencesOf } from './occurrences.ts';
import type { TimeInput } from './time-input.ts';

/** One time at which an appointment takes place. */
export interface Occurrence {
  /** The beginning; of an all-day or floating time as if its clock were UTC's. */
  readonly start: Date;
  /** The end: the first moment that no longer belongs to it. */
  readonly end: Date;
  /** The time that the rule gives, by which this occurrence is named (RECURRENCE-ID). */
  readonly recurrenceId: string;
  /** The appointment as it is at this time: itself, or one of its exceptions. */
  readonly appointment: Appointment;
}

/** @internal What an appointment that was read is made from. */
export interface StoredAppointment extends Item {
  readonly exceptions: readonly Component[];
}

/** An appointment (RFC 5545 VEVENT) with the occurrences of it that differ. What is not known of it is kept. */
export class Appointment extends AppointmentHead {
  readonly #windowsTimeZones: boolean;
  #exceptions: Appointment[] = [];

  /**
   * @throws {@link InvalidMessageError} `MESSAGE_FIELD_INVALID`: a member has a value it can't have.
   * @throws {@link InvalidAddressError} Organizer or attendees are no addresses.
   * @throws {@link OptionError} A member is not known, or the time zone is none.
   */
  constructor(options: AppointmentOptions);
  /** @internal */
  constructor(stored: StoredAppointment);
  constructor(given: AppointmentOptions | StoredAppointment) {
    if ('component' in given && given.component instanceof Component) {
      const { component, zones, exceptions } = given;
      super({ component, zones });
      this.#windowsTimeZones = false;
      this.#exceptions = exceptions.map(
        (each) => new Appointment({ component: each, zones, exceptions: [] }),
      );
      return;
    }
    const options = given as AppointmentOptions;
    checkOptions(options);
    const { uid = randomUUID(), sequence = 0, windowsTimeZones = false, ...changes } = options;
    if (changes.start === undefined) throw fieldError('start', 'is needed: a Date or a string');
    if (!Number.isInteger(sequence) || sequence < 0) {
      throw fieldError('sequence', 'must be a whole number, 0 or more');
    }
    const now = utcStamp(new Date());
    const component = new Component('VEVENT');
    setText(component, 'UID', uid, 'uid');
    component.add('DTSTAMP', now);
    component.add('CREATED', now);
    component.add('SEQUENCE', String(sequence));
    super({ component, zones: new ZoneTable() });
    this.#windowsTimeZones = windowsTimeZones;
    applyChanges(this.item, changes);
  }

  /** The occurrences that differ: those that were changed, and those that were cancelled. */
  get exceptions(): readonly Appointment[] {
    return this.#exceptions;
  }

  /**
   * When it takes place, in order; occurrences that were cancelled are left out. One at a time, so that a rule without
   * end can be asked.
   *
   * @throws {@link LimitError} The search passed over more than `limits.occurrences`; give `to`.
   */
  *occurrences(options: OccurrenceOptions = {}): Generator<Occurrence, void> {
    const exceptions = new Map(this.#exceptions.map((each) => [each.item.component, each]));
    const series = {
      master: this.item.component,
      exceptions: [...exceptions.keys()],
      zones: this.item.zones,
    };
    for (const { start, end, id, component } of occurrencesOf(series, options)) {
      yield {
        start: new Date(start),
        end: new Date(end),
        recurrenceId: occurrenceName(id),
        appointment: exceptions.get(component) ?? this,
      };
    }
  }

  /**
   * Changes it, without telling anybody; {@link Appointment.update} does both.
   *
   * @throws as the constructor does.
   */
  change(changes: AppointmentChanges): void {
    checkChanges(changes);
    const { component, zones } = this.item;
    const draft = component.clone();
    applyChanges({ component: draft, zones }, changes);
    const [before, after] = [component, draft].map((each) => timeOf(each.first('DTSTART')));
    if (before && after && changes.start !== undefined && this.recurrenceId === undefined) {
      const names = changes.exceptionDates === undefined ? ['EXDATE'] : [];
      if (changes.recurrenceDates === undefined) names.push('RDATE');
      moveOccurrences({ component: draft, zones }, names, before, after);
      for (const each of this.#exceptions) {
        // An exception that takes place when the rule says goes along; one that was moved stays where it is.
        const own = each.start?.getTime() === dateOf(each.item, 'RECURRENCE-ID')?.getTime();
        const moving = own ? ['RECURRENCE-ID', 'DTSTART', 'DTEND'] : ['RECURRENCE-ID'];
        moveOccurrences(each.item, moving, before, after);
      }
    }
    this.#become(draft);
  }

  /**
   * Changes one occurrence, named by the time the rule gives it or by its day; gives the exception.
   *
   * @throws {@link InvalidMessageError} `MESSAGE_FIELD_INVALID`: there is no such occurrence, or as the constructor.
   */
  changeOccurrence(occurrence: TimeInput, changes: AppointmentChanges): Appointment {
    checkChanges(changes);
    const exception = this.#exceptionFor(occurrence);
    exception.change(changes);
    if (!this.#exceptions.includes(exception)) this.#exceptions.push(exception);
    return exception;
  }

  /** The invitation (REQUEST): for everybody who takes part. */
  request(options: TransactionOptions = {}): AlternateView {
    return this.#view('REQUEST', this.#requested(options));
  }

  /**
   * Changes it, counts the change (SEQUENCE), and gives the invitation anew. When the time changes, everybody is asked
   * again.
   */
  update(changes: AppointmentChanges = {}, options: TransactionOptions = {}): AlternateView {
    const { occurrence } = options;
    const target = occurrence === undefined ? this : this.changeOccurrence(occurrence, changes);
    if (target === this) this.change(changes);
    if (movesTime(changes)) askAgain(target.item.component);
    bump(target.item.component, options.stamp ?? new Date());
    return this.request(options);
  }

  /**
   * Calls it off (CANCEL): whole, one `occurrence`, or for some attendees (`attendees`), who are then no longer part of it.
   */
  cancel(options: CancelOptions = {}): AlternateView {
    return this.#view('CANCEL', this.#cancelled(options));
  }

  /**
   * An attendee's answer (REPLY); what is kept here of the attendee changes, too.
   *
   * @param attendee The address; one that was not invited may answer as well (RFC 5546 section 3.2.3).
   */
  reply(attendee: string, answer: Answer, options: ReplyOptions = {}): AlternateView {
    return this.#view('REPLY', [this.#answered(attendee, answer, options)]);
  }

  /** Takes over what an answer says of its attendee; gives `false` when it is no answer to this, or an old one. */
  applyReply(reply: Appointment): boolean {
    if (reply.uid !== this.uid || reply.sequence < this.sequence) return false;
    const id = reply.item.component.first('RECURRENCE-ID');
    const time = timeOf(id);
    const target = time ? this.#exceptionFor(new Date(this.item.zones.instant(time))) : this;
    for (const answered of reply.item.component.all('ATTENDEE')) {
      target.#setAttendee(answered);
      for (const delegate of readAttendee(answered).delegatedTo) {
        target.#addDelegate(delegate, answered);
      }
    }
    if (target !== this && !this.#exceptions.includes(target)) this.#exceptions.push(target);
    return true;
  }

  /** An attendee's proposal (COUNTER): the appointment as it should be; it does not change here. */
  counter(
    attendee: string,
    changes: AppointmentChanges,
    options: TransactionOptions = {},
  ): AlternateView {
    checkChanges(changes);
    const source = options.occurrence === undefined ? this : this.#exceptionFor(options.occurrence);
    const component = source.item.component.clone();
    applyChanges({ component, zones: this.item.zones }, changes);
    component.replace('COMMENT', []);
    component.replace('ATTENDEE', [replyAttendee(source, attendee, 'tentative')]);
    return this.#view('COUNTER', [withStamp(component, options)]);
  }

  /** The organizer's refusal of a proposal (DECLINECOUNTER). */
  declineCounter(attendee: string, options: TransactionOptions = {}): AlternateView {
    return this.#view('DECLINECOUNTER', [
      withoutDetail(this.#brief(attendee, options), 'ATTENDEE'),
    ]);
  }

  /** An attendee's wish to get the appointment again (REFRESH). */
  refresh(attendee: string, options: TransactionOptions = {}): AlternateView {
    return this.#view('REFRESH', [withoutDetail(this.#brief(attendee, options), 'SEQUENCE')]);
  }

  /** The appointment for everybody to take (PUBLISH): without attendees. */
  publish(options: TransactionOptions = {}): AlternateView {
    const components = withoutCancelled(this.#all(), this.item.zones).map((component) => {
      const copy = withStamp(component, options);
      copy.replace('ATTENDEE', []);
      return copy;
    });
    return this.#view('PUBLISH', components);
  }

  /** Adds an occurrence (ADD), here too; what is not given is as in the others. */
  add(
    changes: AppointmentChanges & { start: TimeInput },
    options: TransactionOptions = {},
  ): AlternateView {
    checkChanges(changes);
    const added = this.item.component.clone();
    for (const name of ['RRULE', 'RDATE', 'EXDATE', 'EXRULE']) added.replace(name, []);
    applyChanges({ component: added, zones: this.item.zones }, changes);
    bump(added, options.stamp ?? new Date());
    bump(this.item.component, options.stamp ?? new Date());
    const time = timeOf(added.first('DTSTART'));
    if (time) {
      this.item.component.properties.push(timeProperty('RDATE', time));
      const exception = added.clone();
      const id = timeProperty('RECURRENCE-ID', time);
      exception.replace('RECURRENCE-ID', [id]);
      this.#exceptions.push(this.#with(exception));
    }
    return this.#view('ADD', [withStamp(added, options)]);
  }

  /**
   * The mail that carries a message of iTIP: text, HTML when there is any, and the calendar as an alternative, in the
   * form that Outlook, Gmail and Notes show with their buttons; with `attach` also as a file.
   *
   * @throws as the method of that name does; {@link InvalidMessageError} when there is nobody to send it to.
   */
  toMessage(method: MeetingMessage, options: MailOptions = {}): MailMessage {
    const view = this.#viewFor(method, options);
    return new MailMessage(
      meetingFields(appointmentItem(this, options.comment), method, view, options),
    );
  }

  /** @internal The components: its own, then those of its exceptions. */
  static componentsOf(appointment: Appointment): Component[] {
    return appointment.#all();
  }

  #viewFor(method: MeetingMessage, options: MailOptions): AlternateView {
    const { attendee, answer, changes = {}, ...transaction } = options;
    const address = (): string => {
      if (attendee !== undefined) return attendee;
      throw fieldError(
        'attendee',
        `is needed for '${method}': the address of who writes or is meant`,
      );
    };
    switch (method) {
      case 'request':
        return this.request(transaction);
      case 'update':
        return this.update(changes, transaction);
      case 'cancel':
        return this.cancel(transaction);
      case 'publish':
        return this.publish(transaction);
      case 'refresh':
        return this.refresh(address(), transaction);
      case 'counter':
        return this.counter(address(), changes, transaction);
      case 'declinecounter':
        return this.declineCounter(address(), transaction);
      case 'add': {
        if (changes.start === undefined) throw fieldError('changes.start', "is needed for 'add'");
        return this.add({ ...changes, start: changes.start }, transaction);
      }
      case 'reply': {
        if (answer === undefined)
          throw fieldError('answer', "is needed for 'reply': 'accepted', …");
        return this.reply(address(), answer, transaction);
      }
      default:
        method satisfies never;
        throw fieldError('method', "must be 'request', 'update', 'cancel', 'reply', 'counter', …");
    }
  }

  #all(): Component[] {
    return [this.item.component, ...this.#exceptions.map((each) => each.item.component)];
  }

  #with(component: Component): Appointment {
    return new Appointment({ component, zones: this.item.zones, exceptions: [] });
  }

  #become(draft: Component): void {
    this.item.component.properties = draft.properties;
    this.item.component.components = draft.components;
  }

  /** The exception for an occurrence: the one that is there, or a new one that is not kept yet. */
  #exceptionFor(occurrence: TimeInput): Appointment {
    const time = occurrenceTime(this.item, occurrence, 'occurrence');
    const instant = this.item.zones.instant(time);
    const kept = this.#exceptions.find((each) => {
      const id = timeOf(each.item.component.first('RECURRENCE-ID'));
      return id !== undefined && this.item.zones.instant(id) === instant;
    });
    if (kept) return kept;
    let id: typeof time | undefined;
    for (const each of recurrenceSet(this.item.component, this.item.zones, {
      from: instant,
      to: instant,
    })) {
      if (this.item.zones.instant(each) === instant) id = each;
      if (this.item.zones.instant(each) >= instant) break;
    }
    if (!id) throw fieldError('occurrence', 'is no time at which the appointment takes place');
    const component = this.item.component.clone();
    for (const name of ['RRULE', 'RDATE', 'EXDATE', 'EXRULE']) component.replace(name, []);
    const draft = this.#with(component);
    const property = this.item.component.first('DTSTART');
    if (property) {
      const end = timeOf(component.first('DTEND'));
      const start = timeOf(property);
      const move = start ? id.clock - start.clock : 0;
      component.replace('RECURRENCE-ID', [timeProperty('RECURRENCE-ID', id)]);
      component.replace('DTSTART', [timeProperty('DTSTART', id)]);
      if (end) {
        component.replace('DTEND', [timeProperty('DTEND', { ...end, clock: end.clock + move })]);
      }
    }
    return draft;
  }

  #requested(options: TransactionOptions): Component[] {
    if (!this.item.component.first('ORGANIZER')) {
      throw fieldError('organizer', 'is needed to invite: give the appointment an organizer');
    }
    if (!this.item.component.first('ATTENDEE')) {
      throw fieldError('attendees', 'are needed to invite; without them use publish()');
    }
    const { occurrence } = options;
    const components =
      occurrence === undefined
        ? withoutCancelled(this.#all(), this.item.zones)
        : [this.#exceptionFor(occurrence).item.component];
    return components.map((component) => withStamp(component, options));
  }

  #cancelled(options: CancelOptions): Component[] {
    const now = options.stamp ?? new Date();
    const { occurrence, attendees } = options;
    const target = occurrence === undefined ? this : this.#exceptionFor(occurrence);
    bump(target.item.component, now);
    const leaving = attendees?.map((address) => address.toLowerCase());
    const component = withStamp(target.item.component, options);
    component.components = [];
    if (leaving) {
      const isLeaving = (property: Property): boolean =>
        leaving.includes(readAttendee(property).address.toLowerCase());
      const people = component.all('ATTENDEE');
      component.replace('ATTENDEE', people.filter(isLeaving));
      target.item.component.replace(
        'ATTENDEE',
        people.filter((property) => !isLeaving(property)),
      );
    } else {
      component.set('STATUS', 'CANCELLED');
      target.item.component.set('STATUS', 'CANCELLED');
    }
    if (target !== this && !this.#exceptions.includes(target)) this.#exceptions.push(target);
    return [component];
  }

  #answered(address: string, answer: Answer, options: ReplyOptions): Component {
    const { occurrence } = options;
    const source = occurrence === undefined ? this : this.#exceptionFor(occurrence);
    const property = replyAttendee(source, address, answer, options);
    source.#setAttendee(property);
    const delegate = readAttendee(property).delegatedTo[0];
    if (answer === 'delegated' && delegate !== undefined) source.#addDelegate(delegate, property);
    if (source !== this && !this.#exceptions.includes(source)) this.#exceptions.push(source);
    return replyComponent(source.item.component, property, options);
  }

  #setAttendee(answered: Property): void {
    const { address, status, delegatedTo } = readAttendee(answered);
    const people = this.item.component.all('ATTENDEE');
    const at = people.findIndex((each) => isSame(readAttendee(each).address, address));
    const before = people[at];
    const changed = before
      ? { ...readAttendee(before), status, delegatedTo }
      : readAttendee(answered);
    people.splice(at < 0 ? people.length : at, at < 0 ? 0 : 1, attendeeProperty(changed));
    this.item.component.replace('ATTENDEE', people);
  }

  /** The one who comes in somebody's place is invited with it (RFC 5546 section 4.2.5). */
  #addDelegate(address: string, delegator: Property): void {
    if (this.attendees.some((each) => isSame(each.address, address))) return;
    const from = readAttendee(delegator).address;
    const [invited] = readAttendees(address, 'delegateTo', { delegatedFrom: [from] });
    if (invited) this.item.component.properties.push(attendeeProperty(invited));
  }

  #brief(attendee: string, options: TransactionOptions): Component {
    const source = options.occurrence === undefined ? this : this.#exceptionFor(options.occurrence);
    const property = replyAttendee(source, attendee, undefined);
    return replyComponent(source.item.component, property, options);
  }

  #view(method: string, components: readonly Component[]): AlternateView {
    return calendarView({
      method,
      components,
      zones: this.item.zones,
      windowsTimeZones: this.#windowsTimeZones,
    });
  }
}
