// A recurrence in words, which Outlook shows beside the time (PidLidRecurrencePattern).
import {
  type AppointmentRecurrence,
  PatternType,
  RecurFrequency,
  RecurrenceEnd,
} from '../../mapi/index.ts';
import { clockOfMinutes } from '../../mapi/internal.ts';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS =
  'January February March April May June July August September October November December'.split(
    ' ',
  );
const PLACES = ['', 'first', 'second', 'third', 'fourth', 'last'];
const WORKDAYS = 62;
const EVERY_DAY = 127;
const WEEKEND = 65;

/** `every Friday from 10:00 to 11:30, until 2026-04-24`. */
export function textOfRecurrence(recurrence: AppointmentRecurrence): string {
  const { startTimeOffset: from, endTimeOffset: to, endType } = recurrence;
  const isWholeDay = from === 0 && to > 0 && to % 1440 === 0;
  const times = isWholeDay ? '' : ` from ${timeOf(from)} to ${timeOf(to)}`;
  const ends =
    endType === RecurrenceEnd.date
      ? `, until ${dateOf(recurrence.endDate)}`
      : endType === RecurrenceEnd.count
        ? `, ${recurrence.occurrenceCount} times`
        : '';
  return `${daysOf(recurrence)}${times}${ends}`;
}

const two = (value: number): string => String(value).padStart(2, '0');
const timeOf = (minutes: number): string =>
  `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
const dateOf = (minutes: number): string =>
  new Date(clockOfMinutes(minutes)).toISOString().slice(0, 10);

function daysOf(recurrence: AppointmentRecurrence): string {
  const { patternType, period, weekdays, dayOfMonth, nth } = recurrence;
  if (patternType === PatternType.day) return `every ${units(Math.round(period / 1440), 'day')}`;
  const names = namesOf(weekdays);
  if (patternType === PatternType.week) {
    return period === 1 ? `every ${names}` : `every ${units(period, 'week')} on ${names}`;
  }
  const day =
    patternType === PatternType.monthNth
      ? `the ${PLACES[nth] ?? 'last'} ${names}`
      : dayOfMonth >= 31
        ? 'the last day'
        : `day ${dayOfMonth}`;
  if (recurrence.recurFrequency !== RecurFrequency.yearly) {
    return `${day} of every ${units(period, 'month')}`;
  }
  const month = MONTHS[new Date(clockOfMinutes(recurrence.startDate)).getUTCMonth()] ?? '';
  const years = Math.round(period / 12);
  return `${day} of ${month}${years > 1 ? ` every ${units(years, 'year')}` : ''}`;
}

const units = (count: number, unit: string): string => (count > 1 ? `${count} ${unit}s` : unit);

function namesOf(mask: number): string {
  if (mask === WORKDAYS) return 'weekday';
  if (mask === EVERY_DAY) return 'day';
  if (mask === WEEKEND) return 'weekend day';
  const names = DAYS.filter((_name, day) => (mask >> day) & 1);
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
