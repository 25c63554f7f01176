// A calendar: a file, or what a mail carries, with its appointments, to-dos and free-busy times.
import { printable } from '../base/index.ts';
import {
  type CalendarProblem,
  Component,
  ProblemList,
  readComponents,
  unescapeText,
  ZoneTable,
} from '../icalendar/internal.ts';
import type { MailMessage } from '../message/index.ts';
import { Appointment } from './appointment.ts';
import { addZones, type CalendarMethod, calendarComponent, METHODS } from './calendar-text.ts';
import { checkComponent } from './check-calendar.ts';
import { FreeBusy } from './free-busy.ts';
import { calendarPart } from './from-message.ts';
import { fieldError, setText } from './item.ts';
import { Todo } from './todo.ts';

/** What a calendar is made from, all optional. */
export interface CalendarOptions {
  /** What iTIP does with it. Default: none, a file to keep. */
  readonly method?: CalendarMethod | undefined;
  /** Its name, which programs show (RFC 7986 NAME). */
  readonly name?: string | undefined;
  /** Appointments. */
  readonly appointments?: readonly Appointment[] | undefined;
  /** To-dos. */
  readonly todos?: readonly Todo[] | undefined;
  /** Free and busy times. */
  readonly freeBusy?: readonly FreeBusy[] | undefined;
}

/** A calendar (RFC 5545 VCALENDAR). Read and written again, it keeps what is not known here. */
export class Calendar {
  /** The appointments, in the order of the file. */
  readonly appointments: readonly Appointment[];
  /** The to-dos, in the order of the file. */
  readonly todos: readonly Todo[];
  /** The free and busy times, in the order of the file. */
  readonly freeBusy: readonly FreeBusy[];
  /** What is wrong in a calendar that was read. */
  readonly problems: readonly CalendarProblem[];
  readonly #roots: readonly Component[];
  readonly #zones: ZoneTable;

  /** @throws {@link InvalidMessageError} `MESSAGE_FIELD_INVALID`: a member has a value it can't have. */
  constructor(options?: CalendarOptions);
  /** @internal */
  constructor(roots: readonly Component[], problems: ProblemList);
  constructor(given: CalendarOptions | readonly Component[] = {}, found = new ProblemList()) {
    if (isRoots(given)) {
      this.#roots = given;
      this.#zones = new ZoneTable(given, found);
      const inside = (name: string): Component[] => given.flatMap((root) => root.inside(name));
      const events = inside('VEVENT');
      const [todos, freeBusy] = [inside('VTODO'), inside('VFREEBUSY')];
      for (const component of [...events, ...todos]) checkComponent(component, this.#zones, found);
      const zones = this.#zones;
      this.appointments = appointmentsOf(events, zones);
      this.todos = todos.map((component) => new Todo({ component, zones }));
      this.freeBusy = freeBusy.map((component) => new FreeBusy({ component, zones }));
      this.problems = found.list;
      return;
    }
    const { method, name, appointments = [], todos = [], freeBusy = [] } = given;
    if (method !== undefined && !METHODS.includes(method)) {
      throw fieldError(
        'method',
        `must be one of ${METHODS.join(', ')}, got '${printable(method, 40)}'`,
      );
    }
    this.appointments = [...appointments];
    this.todos = [...todos];
    this.freeBusy = [...freeBusy];
    this.problems = [];
    this.#zones = new ZoneTable();
    const root = calendarComponent({ method, components: [], zones: this.#zones });
    if (name !== undefined) setName(root, name);
    root.components.push(...[...todos, ...freeBusy].map(({ item }) => item.component));
    this.#roots = [root];
  }

  /**
   * Reads a calendar; bytes are UTF-8, or what can be told of them. Nothing malformed throws: see `problems`.
   *
   * @throws {@link LimitError} Over `limits.calendarBytes`, `calendarLines` or `calendarDepth`.
   */
  static parse(ics: string | Uint8Array): Calendar {
    const problems = new ProblemList();
    return new Calendar(readComponents(ics, problems), problems);
  }

  /**
   * The calendar that a message carries: an invitation, an answer, a cancellation; as an alternative, as its only part
   * or as an attachment. `undefined`: none.
   *
   * @throws {@link OptionError} The message is composed and holds files or streams.
   */
  static fromMessage(message: MailMessage): Calendar | undefined {
    const part = calendarPart(message);
    if (!part) return undefined;
    const calendar = Calendar.parse(part.content);
    const [root] = calendar.#roots;
    const { method } = part;
    if (root && !root.first('METHOD') && /^[A-Za-z-]+$/.test(method)) root.add('METHOD', method);
    return calendar;
  }

  /** What iTIP does with it, in upper case, such as `'REQUEST'`. */
  get method(): string | undefined {
    return this.#property('METHOD')?.trim().toUpperCase();
  }

  /** The program that wrote it. */
  get productId(): string | undefined {
    return this.#property('PRODID');
  }

  /** Its name, which programs show. */
  get name(): string | undefined {
    return this.#property('NAME') ?? this.#property('X-WR-CALNAME');
  }

  /** The file: lines end in CRLF and are folded at 75 octets; zones that are named in it are described. */
  toString(): string {
    const roots = this.#roots.map((root) => {
      const copy = new Component(root.name);
      copy.properties = root.properties;
      copy.components = [...root.components];
      return copy;
    });
    const places = new Map<Component, Component>();
    for (const [index, { components }] of this.#roots.entries()) {
      for (const component of components) places.set(component, roots[index] ?? component);
    }
    for (const appointment of this.appointments) {
      const { component, zones } = appointment.item;
      const target = places.get(component) ?? roots[0];
      for (const each of Appointment.componentsOf(appointment)) {
        if (!places.has(each)) target?.components.push(each);
      }
      if (target && zones !== this.#zones) addZones(target, zones);
    }
    for (const root of roots) addZones(root, this.#zones);
    return roots.join('');
  }

  #property(name: string): string | undefined {
    for (const root of this.#roots) {
      const value = root.value(name);
      if (value !== undefined) return unescapeText(value);
    }
    return undefined;
  }
}

const isRoots = (given: CalendarOptions | readonly Component[]): given is readonly Component[] =>
  Array.isArray(given);

function setName(root: Component, name: string): void {
  setText(root, 'NAME', name, 'name');
  // What programs read that do not know RFC 7986.
  setText(root, 'X-WR-CALNAME', name, 'name');
}

/** Appointments from their components: exceptions go to the one they belong to, or stand for themselves. */
function appointmentsOf(events: readonly Component[], zones: ZoneTable): Appointment[] {
  const masters = new Map<string, Component[]>();
  const series: { component: Component; exceptions: Component[] }[] = [];
  const isException = (component: Component): boolean =>
    component.first('RECURRENCE-ID') !== undefined;
  for (const component of events) {
    if (isException(component)) continue;
    const exceptions: Component[] = [];
    series.push({ component, exceptions });
    const uid = component.value('UID')?.trim();
    if (uid && !masters.has(uid)) masters.set(uid, exceptions);
  }
  for (const component of events) {
    if (!isException(component)) continue;
    const exceptions = masters.get(component.value('UID')?.trim() ?? '');
    if (exceptions) exceptions.push(component);
    else series.push({ component, exceptions: [] });
  }
  return series.map((each) => new Appointment({ ...each, zones }));
}
