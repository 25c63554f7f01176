// The components that iTIP's messages carry (RFC 5546 section 3.2): what has to be in them, and what must not.
import { printable } from '../base/index.ts';
import {
  type Component,
  Property,
  timeOf,
  timesOf,
  type ZoneTable,
} from '../icalendar/internal.ts';
import { mailboxesOf, parseAddressList } from '../mime/index.ts';
import type { AppointmentChanges } from './appointment-options.ts';
import { type Attendee, attendeeProperty, isSame, readAttendee } from './attendee.ts';
import { fieldError, setText, timeProperty, utcStamp } from './item.ts';
import type { TimeInput } from './time-input.ts';

/** What an attendee answers. */
export type Answer = 'accepted' | 'declined' | 'tentative' | 'delegated';

/** What one who has a task answers: to take it or not, and how far it is. */
export type TodoAnswer = Answer | 'in-process' | 'completed';

/** The messages that {@link Appointment.toMessage} makes. */
export type MeetingMessage =
  | 'request'
  | 'update'
  | 'cancel'
  | 'reply'
  | 'counter'
  | 'declinecounter'
  | 'refresh'
  | 'publish'
  | 'add';

/** What every message of iTIP can be made with. */
export interface TransactionOptions {
  /** One occurrence, by the time the rule gives it or by its day. Default: the whole appointment. */
  readonly occurrence?: TimeInput | undefined;
  /** A remark for the other side. */
  readonly comment?: string | undefined;
  /** When the message is made (DTSTAMP). Default: now. */
  readonly stamp?: Date | undefined;
}

/** How an appointment is called off. */
export interface CancelOptions extends TransactionOptions {
  /** The addresses of those who need not come; the others' appointment stays. Default: everybody. */
  readonly attendees?: readonly string[] | undefined;
}

/** What an answer can be made with. */
export interface ReplyOptions extends TransactionOptions {
  /** To whom the part is given; needed for `'delegated'`. */
  readonly delegateTo?: string | undefined;
  /** Who answers in the attendee's name. */
  readonly sentBy?: string | undefined;
}

/** A copy that says when it was made. */
export function withStamp(component: Component, options: TransactionOptions): Component {
  const copy = component.clone();
  const { stamp = new Date(), comment } = options;
  if (!(stamp instanceof Date) || Number.isNaN(stamp.getTime())) {
    throw fieldError('stamp', 'must be a valid Date');
  }
  copy.set('DTSTAMP', utcStamp(stamp));
  if (comment !== undefined) setText(copy, 'COMMENT', comment, 'comment');
  return copy;
}

/** What can be answered to an invitation to an event (RFC 5545 section 3.2.12). */
const ANSWERS: readonly Answer[] = ['accepted', 'declined', 'tentative', 'delegated'];
/** The same for a task. */
export const TODO_ANSWERS: readonly TodoAnswer[] = [...ANSWERS, 'in-process', 'completed'];

/** An attendee with an answer, one of `allowed`; `undefined` as the answer leaves the status as it is. */
export function replyAttendee<A extends TodoAnswer>(
  source: { readonly attendees: readonly Attendee[] },
  address: string,
  answer: A | undefined,
  { delegateTo, sentBy }: ReplyOptions = {},
  allowed: readonly TodoAnswer[] = ANSWERS,
): Property {
  if (answer !== undefined && !allowed.includes(answer)) {
    const given = printable(String(answer), 40);
    const choices = `${allowed.slice(0, -1).join(', ')} or ${allowed.at(-1)}`;
    throw fieldError('answer', `must be ${choices}, got '${given}'`);
  }
  const who = oneAddress(address, 'attendee');
  if (answer === 'delegated' && delegateTo === undefined) {
    throw fieldError('delegateTo', "is needed for the answer 'delegated'");
  }
  const invited = source.attendees.find((attendee) => isSame(attendee.address, who));
  const delegate = delegateTo === undefined ? [] : [oneAddress(delegateTo, 'delegateTo')];
  const blank = readAttendee(new Property('ATTENDEE', `mailto:${who}`));
  const attendee = invited ?? blank;
  return attendeeProperty({
    ...attendee,
    address: who,
    // An answer does not ask for one.
    rsvp: false,
    status: answer ?? attendee.status,
    delegatedTo: answer === 'delegated' ? delegate : attendee.delegatedTo,
    sentBy: sentBy === undefined ? attendee.sentBy : oneAddress(sentBy, 'sentBy'),
  });
}

function oneAddress(text: string, member: string): string {
  const [only, more] = mailboxesOf(parseAddressList(text, member));
  if (!only || more) throw fieldError(member, 'must be one mail address');
  return only.address;
}

// What tells the organizer's program, and Gmail's and Outlook's card, which appointment and occurrence is meant.
const KEPT_IN_REPLY: ReadonlySet<string> = new Set(
  'UID SEQUENCE RECURRENCE-ID ORGANIZER SUMMARY LOCATION DTSTART DTEND DUE DURATION'.split(' '),
);

/** The component of an answer: one attendee, and what names the appointment. */
export function replyComponent(
  component: Component,
  attendee: Property,
  options: TransactionOptions,
): Component {
  const reply = component.clone();
  reply.components = [];
  reply.properties = reply.properties.filter(({ name }) => KEPT_IN_REPLY.has(name));
  reply.properties.push(attendee);
  if (!reply.first('SEQUENCE')) reply.set('SEQUENCE', '0');
  return withStamp(reply, options);
}

/**
 * A short message with nothing but what names the appointment: neither what it says nor `also` (RFC 5546 sections 3.2.6
 * and 3.2.8). The first state of it has no number.
 */
export function withoutDetail(component: Component, also: 'ATTENDEE' | 'SEQUENCE' | ''): Component {
  const details = ['SUMMARY', 'LOCATION', 'DTSTART', 'DTEND', 'DUE', 'DURATION', also];
  component.properties = component.properties.filter(({ name }) => !details.includes(name));
  if (component.value('SEQUENCE') === '0') component.replace('SEQUENCE', []);
  return component;
}

/** Whether a change is one of the time, after which earlier answers no longer hold (RFC 5546 section 3.2.2.1). */
export function movesTime(changes: AppointmentChanges): boolean {
  const { start, end, durationMinutes, recurrence, recurrenceDates } = changes;
  return [start, end, durationMinutes, recurrence, recurrenceDates].some(
    (change) => change !== undefined,
  );
}

/** Takes back what attendees answered, but for the organizer's own answer. */
export function askAgain(component: Component): void {
  const organizer = component.value('ORGANIZER')?.trim().toLowerCase();
  const people = component.all('ATTENDEE').map((property) => {
    const isOwn = property.value.trim().toLowerCase() === organizer;
    const answer = property.parameter('PARTSTAT')?.toUpperCase() ?? 'NEEDS-ACTION';
    return isOwn || answer === 'NEEDS-ACTION' || answer === 'DELEGATED'
      ? property
      : property.with('PARTSTAT', 'NEEDS-ACTION').with('RSVP', 'TRUE');
  });
  component.replace('ATTENDEE', people);
}

/** An appointment with its exceptions as an invitation may hold them: those called off are EXDATEs of the first. */
export function withoutCancelled(components: readonly Component[], zones: ZoneTable): Component[] {
  const [master, ...exceptions] = components;
  if (!master) return [];
  const kept = exceptions.filter((each) => each.value('STATUS')?.toUpperCase() !== 'CANCELLED');
  if (kept.length === exceptions.length) return [...components];
  const first = master.clone();
  const there = new Set(
    first
      .all('EXDATE')
      .flatMap(timesOf)
      .map((time) => zones.instant(time)),
  );
  for (const exception of exceptions) {
    const id = kept.includes(exception) ? undefined : timeOf(exception.first('RECURRENCE-ID'));
    if (id && !there.has(zones.instant(id))) first.properties.push(timeProperty('EXDATE', id));
  }
  return [first, ...kept];
}
