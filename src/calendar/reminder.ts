// Reminders: VALARM (RFC 5545 section 3.6.6).
import {
  Component,
  escapeText,
  type Property,
  readDuration,
  readTime,
  unescapeText,
  writeDuration,
} from '../icalendar/internal.ts';
import { addressOf } from './attendee.ts';
import { fieldError, utcStamp } from './item.ts';

/** A reminder: when and how. */
export interface Reminder {
  /** Minutes before the beginning; negative after it. `undefined` with `at`. */
  readonly minutesBefore: number | undefined;
  /** What `minutesBefore` counts from. */
  readonly relatedTo: 'start' | 'end';
  /** The moment, when it is fixed. */
  readonly at: Date | undefined;
  /** How. */
  readonly action: 'display' | 'audio' | 'email';
  /** What is shown. */
  readonly description: string;
}

/** A reminder to write: `{ minutesBefore: 15 }`. */
export interface ReminderInput {
  /** Minutes before the beginning; negative after it. This or `at` is needed. */
  readonly minutesBefore?: number | undefined;
  /** What `minutesBefore` counts from. Default: `'start'`. */
  readonly relatedTo?: 'start' | 'end' | undefined;
  /** A fixed moment. */
  readonly at?: Date | undefined;
  /** How. Default: `'display'`. */
  readonly action?: 'display' | 'audio' | 'email' | undefined;
  /** What is shown. Default: the summary. */
  readonly description?: string | undefined;
}

/** The component of a reminder. */
export function reminderComponent(
  input: ReminderInput,
  member: string,
  summary: string,
  recipients: readonly Property[],
): Component {
  const { minutesBefore, at, action = 'display', relatedTo = 'start' } = input;
  const component = new Component('VALARM');
  if (!['display', 'audio', 'email'].includes(action)) {
    throw fieldError(`${member}.action`, "must be 'display', 'audio' or 'email'");
  }
  component.add('ACTION', action.toUpperCase());
  if (at instanceof Date && !Number.isNaN(at.getTime())) {
    component.add('TRIGGER', utcStamp(at), [['VALUE', ['DATE-TIME']]]);
  } else if (typeof minutesBefore === 'number' && Math.abs(minutesBefore) < 10_000_000) {
    const related = relatedTo === 'end' ? ([['RELATED', ['END']]] as const) : [];
    component.add('TRIGGER', writeDuration(-Math.round(minutesBefore * 60) * 1000), related);
  } else throw fieldError(member, 'needs minutesBefore, a number of minutes, or at, a Date');
  const description = escapeText((input.description ?? summary) || 'Reminder');
  if (action !== 'audio') component.add('DESCRIPTION', description);
  if (action === 'email') {
    component.add('SUMMARY', description);
    for (const { name, value } of recipients) {
      if (name === 'ATTENDEE') component.add('ATTENDEE', `mailto:${addressOf(value)}`);
    }
  }
  return component;
}

/** What a component of a calendar reminds of; `undefined` when its time can't be read. */
export function readReminder(component: Component): Reminder | undefined {
  const trigger = component.first('TRIGGER');
  if (!trigger) return undefined;
  const duration = readDuration(trigger.value);
  const time = duration === undefined ? readTime(trigger.value) : undefined;
  if (duration === undefined && !time) return undefined;
  const action = component.value('ACTION')?.toLowerCase();
  return {
    minutesBefore: duration === undefined ? undefined : 0 - duration / 60_000,
    relatedTo: trigger.parameter('RELATED')?.toUpperCase() === 'END' ? 'end' : 'start',
    at: time && new Date(time.clock),
    action: action === 'audio' || action === 'email' ? action : 'display',
    description: unescapeText(component.value('DESCRIPTION') ?? ''),
  };
}
