// What is wrong in a calendar that was read: a code for programs, a sentence for people, and where.
import { limits } from '../base/index.ts';

/** Every kind of problem that reading a calendar reports. */
export type CalendarProblemCode =
  /** A line is no property. */
  | 'LINE_UNREADABLE'
  /** A component is not closed, or is closed without being open. */
  | 'COMPONENT_UNBALANCED'
  /** Something stands outside a VCALENDAR. */
  | 'OUTSIDE_CALENDAR'
  /** The file is not in UTF-8. */
  | 'CHARSET_GUESSED'
  /** A property that has to be there is missing. */
  | 'PROPERTY_MISSING'
  /** A property that may be there once stands there more often; the first counts. */
  | 'PROPERTY_REPEATED'
  /** A date, time or duration can't be read. */
  | 'TIME_INVALID'
  /** A recurrence rule can't be read, or a part of it. */
  | 'RULE_INVALID'
  /** A time zone is not known and not described in the file; its times are taken as floating. */
  | 'ZONE_UNKNOWN'
  /** The end is before the start. */
  | 'END_BEFORE_START';

/** One thing that is wrong in a calendar that was read. */
export interface CalendarProblem {
  /** What is wrong, to switch on. */
  readonly code: CalendarProblemCode;
  /** What is wrong, in words, safe to print. */
  readonly message: string;
  /** The line of the file, from 1; of a property that is folded the first. `undefined`: it is about no single line. */
  readonly line: number | undefined;
}

/** Collects problems, up to `limits.problems`. */
export class ProblemList {
  /** What was found, in order. */
  readonly list: CalendarProblem[] = [];

  /** Adds one, unless there are very many. */
  add(code: CalendarProblemCode, message: string, line?: number): void {
    if (this.list.length < limits.problems) this.list.push({ code, message, line });
  }
}
