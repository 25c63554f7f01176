// A to-do (RFC 5545 section 3.6.2): made from a few members, and the messages of iTIP about it (RFC 5546 section 3.4).
import { randomUUID } from 'node:crypto';
import { Component, ZoneTable } from '../icalendar/internal.ts';
import { type AlternateView, MailMessage } from '../message/index.ts';
import { attendeeProperty, isSame, readAttendee, readAttendees } from './attendee.ts';
import { calendarView } from './calendar-text.ts';
import { bump } from './event-fields.ts';
import { fieldError, type Item, setText, timeProperty, utcStamp } from './item.ts';
import {
  askAgain,
  type ReplyOptions,
  replyAttendee,
  replyComponent,
  TODO_ANSWERS,
  type TodoAnswer,
  type TransactionOptions,
  withoutDetail,
  withStamp,
} from './itip.ts';
import { type ItemMailOptions, meetingFields } from './meeting-mail.ts';
import {
  applyTodoChanges,
  changeTodo,
  checkSequence,
  checkTodoOptions,
  type TodoChanges,
  type TodoOptions,
} from './todo-fields.ts';
import { TodoHead } from './todo-head.ts';
import { todoText } from './todo-text.ts';

/** The messages that {@link Todo.toMessage} makes. */
export type TodoMessage =
  | 'request'
  | 'update'
  | 'cancel'
  | 'reply'
  | 'counter'
  | 'declinecounter'
  | 'refresh'
  | 'publish';

/** What a message about a to-do can be made with. */
export type TodoTransaction = Omit<TransactionOptions, 'occurrence'>;

/** What an answer can be made with. */
export interface TodoReplyOptions extends Omit<ReplyOptions, 'occurrence'> {
  /** How much is done, from 0 to 100. Default: as the to-do has it; 100 when it is completed. */
  readonly percentComplete?: number | undefined;
}

/** What a mail about a to-do can be made with. */
export interface TodoMailOptions extends ItemMailOptions, TodoReplyOptions {
  /** What changes, for `'update'` and `'counter'`. */
  readonly changes?: TodoChanges | undefined;
}

/** A to-do. What is not known of it is kept. */
export class Todo extends TodoHead {
  /**
   * @throws {@link InvalidMessageError} `MESSAGE_FIELD_INVALID`: a member has a value it can't have.
   * @throws {@link OptionError} A member is not known, or the time zone is none.
   */
  constructor(options: TodoOptions);
  /** @internal */
  constructor(item: Item);
  constructor(given: TodoOptions | Item) {
    if ('component' in given && given.component instanceof Component) {
      super(given);
      return;
    }
    const options = given as TodoOptions;
    checkTodoOptions(options);
    const component = new Component('VTODO');
    super({ component, zones: new ZoneTable() });
    setText(component, 'UID', options.uid ?? randomUUID(), 'uid');
    component.add('DTSTAMP', utcStamp(new Date()));
    if (options.sequence !== undefined) {
      component.add('SEQUENCE', String(checkSequence(options.sequence)));
    }
    applyTodoChanges(this.item, options);
  }

  /**
   * Changes it, without telling anybody; {@link Todo.update} does both.
   *
   * @throws as the constructor does.
   */
  change(changes: TodoChanges): void {
    changeTodo(this.item, changes);
  }

  /** The task for everybody who is to do it (REQUEST). */
  request(options: TodoTransaction = {}): AlternateView {
    if (!this.item.component.first('ORGANIZER')) {
      throw fieldError('organizer', 'is needed to give a task: give the to-do an organizer');
    }
    if (!this.item.component.first('ATTENDEE')) {
      throw fieldError('attendees', 'are needed to give a task; without them use publish()');
    }
    this.#begin(options);
    return this.#view('REQUEST', this.#whole(options));
  }

  /** Changes it, counts the change (SEQUENCE), and gives the task anew. When its time changes, everybody is asked again. */
  update(changes: TodoChanges = {}, options: TodoTransaction = {}): AlternateView {
    this.change(changes);
    if (changes.start !== undefined || changes.due !== undefined) askAgain(this.item.component);
    bump(this.item.component, options.stamp ?? new Date());
    return this.request(options);
  }

  /** Calls it off (CANCEL). */
  cancel(options: TodoTransaction = {}): AlternateView {
    const { component } = this.item;
    bump(component, options.stamp ?? new Date());
    component.set('STATUS', 'CANCELLED');
    const copy = withStamp(component, options);
    copy.components = [];
    return this.#view('CANCEL', copy);
  }

  /**
   * An attendee's answer (REPLY): to take the task or not, and how far it is. What is kept here of the attendee changes, too.
   *
   * @param attendee The address.
   */
  reply(attendee: string, answer: TodoAnswer, options: TodoReplyOptions = {}): AlternateView {
    const property = replyAttendee(this, attendee, answer, options, TODO_ANSWERS);
    this.#setAttendee(property);
    const { percentComplete = answer === 'completed' ? 100 : undefined } = options;
    if (percentComplete !== undefined) this.change({ percentComplete });
    const component = replyComponent(this.item.component, property, options);
    const done = this.item.component.value('PERCENT-COMPLETE');
    if (done !== undefined) component.set('PERCENT-COMPLETE', done);
    if (answer === 'completed') {
      component.set('COMPLETED', utcStamp(options.stamp ?? new Date()));
    }
    component.add('REQUEST-STATUS', '2.0;Success');
    return this.#view('REPLY', component);
  }

  /** Takes over what an answer says; gives `false` when it is no answer to this, or an old one. */
  applyReply(reply: Todo): boolean {
    if (reply.uid !== this.uid || reply.sequence < this.sequence) return false;
    for (const property of reply.item.component.all('ATTENDEE')) this.#setAttendee(property);
    for (const name of ['PERCENT-COMPLETE', 'COMPLETED']) {
      const value = reply.item.component.value(name);
      if (value !== undefined) this.item.component.set(name, value);
    }
    return true;
  }

  /** An attendee's proposal (COUNTER): the task as it should be; it does not change here. */
  counter(attendee: string, changes: TodoChanges, options: TodoTransaction = {}): AlternateView {
    const proposed = new Todo({ component: this.item.component.clone(), zones: this.item.zones });
    proposed.change(changes);
    const { component } = proposed.item;
    component.replace('COMMENT', []);
    component.replace('ATTENDEE', [replyAttendee(this, attendee, 'tentative')]);
    return this.#view('COUNTER', proposed.#whole(options));
  }

  /** The organizer's refusal of a proposal (DECLINECOUNTER). */
  declineCounter(attendee: string, options: TodoTransaction = {}): AlternateView {
    return this.#view('DECLINECOUNTER', withoutDetail(this.#brief(attendee, options), ''));
  }

  /** An attendee's wish to get the task again (REFRESH). */
  refresh(attendee: string, options: TodoTransaction = {}): AlternateView {
    const brief = withoutDetail(this.#brief(attendee, options), 'SEQUENCE');
    brief.replace('ORGANIZER', []);
    return this.#view('REFRESH', brief);
  }

  /** The task for everybody to take (PUBLISH): without attendees. */
  publish(options: TodoTransaction = {}): AlternateView {
    this.#begin(options);
    const component = this.#whole(options);
    component.replace('ATTENDEE', []);
    return this.#view('PUBLISH', component);
  }

  /**
   * The mail that carries a message of iTIP: text, and the task as an alternative; with `attach` also as a file.
   *
   * @throws as the method of that name does.
   */
  toMessage(method: TodoMessage, options: TodoMailOptions = {}): MailMessage {
    const view = this.#viewFor(method, options);
    const { organizer, attendees, summary } = this;
    const item = {
      ...{ organizer, attendees, summary, htmlDescription: undefined, contentClass: undefined },
      text: todoText(this, options.comment),
    };
    return new MailMessage(meetingFields(item, method, view, options));
  }

  #viewFor(method: TodoMessage, options: TodoMailOptions): AlternateView {
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
      case 'reply': {
        if (answer === undefined) {
          throw fieldError('answer', "is needed for 'reply': 'accepted', 'completed', …");
        }
        return this.reply(address(), answer, transaction);
      }
      default:
        method satisfies never;
        throw fieldError('method', "must be 'request', 'update', 'cancel', 'reply', 'counter', …");
    }
  }

  /** A copy for a message that tells all of it: PRIORITY and SUMMARY have to be there (RFC 5546 section 3.4). */
  #whole(options: TodoTransaction): Component {
    const copy = withStamp(this.item.component, options);
    for (const [name, value] of [
      ['SEQUENCE', '0'],
      ['PRIORITY', '0'],
      ['SUMMARY', ''],
    ] as const) {
      if (!copy.first(name)) copy.add(name, value);
    }
    return copy;
  }

  /** A task that is given begins at some time (RFC 5546 section 3.4.2): now, when nothing else is said. */
  #begin({ stamp = new Date() }: TodoTransaction): void {
    const { due, allDay, start } = this;
    const day = 86_400_000;
    const from = allDay ? new Date(Math.floor(stamp.getTime() / day) * day) : stamp;
    if (start || (due && due <= from)) return;
    const kind = allDay ? 'date' : 'utc';
    const clock = Math.floor(from.getTime() / 1000) * 1000;
    this.item.component.replace('DTSTART', [timeProperty('DTSTART', { clock, kind })]);
  }

  #brief(attendee: string, options: TodoTransaction): Component {
    const property = replyAttendee(this, attendee, undefined);
    return replyComponent(this.item.component, property, options);
  }

  #setAttendee(answered: ReturnType<typeof attendeeProperty>): void {
    const { component } = this.item;
    const { address, status, delegatedTo } = readAttendee(answered);
    const people = component.all('ATTENDEE');
    const at = people.findIndex((each) => isSame(readAttendee(each).address, address));
    const before = people[at];
    const changed = before
      ? { ...readAttendee(before), status, delegatedTo }
      : readAttendee(answered);
    people.splice(at < 0 ? people.length : at, at < 0 ? 0 : 1, attendeeProperty(changed));
    for (const delegate of delegatedTo) {
      if (people.some((each) => isSame(readAttendee(each).address, delegate))) continue;
      const [invited] = readAttendees(delegate, 'delegateTo', { delegatedFrom: [address] });
      if (invited) people.push(attendeeProperty(invited));
    }
    component.replace('ATTENDEE', people);
  }

  #view(method: string, component: Component): AlternateView {
    return calendarView({ method, components: [component], zones: this.item.zones });
  }
}
