// Writes PidLidAppointmentRecur and PidLidTaskRecurrence (MS-OXOCAL section 2.2.1.44).
import { latin1Bytes } from '../../base/internal.ts';
import { ByteWriter } from './byte-writer.ts';
import { WITH_HIGHLIGHT } from './read-recurrence.ts';
import {
  type AppointmentException,
  type AppointmentRecurrence,
  Override,
  PatternType,
  type RecurrencePattern,
} from './recurrence-pattern.ts';

/** The recurrence of an appointment as PidLidAppointmentRecur holds it. */
export function writeAppointmentRecurrence(recurrence: AppointmentRecurrence): Uint8Array {
  const writer = new ByteWriter();
  writePattern(writer, recurrence);
  writer
    .u32(recurrence.readerVersion2)
    .u32(recurrence.writerVersion2)
    .u32(recurrence.startTimeOffset)
    .u32(recurrence.endTimeOffset)
    .u16(recurrence.exceptions.length);
  for (const exception of recurrence.exceptions) writeException(writer, exception);
  writeBlock(writer, recurrence.reserved1);
  for (const exception of recurrence.exceptions) {
    writeExtended(writer, exception, recurrence.writerVersion2);
  }
  writeBlock(writer, recurrence.reserved2);
  return writer.bytes(recurrence.rest).end();
}

/** The recurrence of a task as PidLidTaskRecurrence holds it. */
export function writeTaskRecurrence(pattern: RecurrencePattern): Uint8Array {
  const writer = new ByteWriter();
  writePattern(writer, pattern);
  return writer.end();
}

function writePattern(writer: ByteWriter, pattern: RecurrencePattern): void {
  writer
    .u16(pattern.readerVersion)
    .u16(pattern.writerVersion)
    .u16(pattern.recurFrequency)
    .u16(pattern.patternType)
    .u16(pattern.calendarType)
    .u32(pattern.firstDateTime)
    .u32(pattern.period)
    .u32(pattern.slidingFlag);
  switch (pattern.patternType) {
    case PatternType.day:
      break;
    case PatternType.week:
      writer.u32(pattern.weekdays);
      break;
    case PatternType.monthNth:
    case PatternType.hijriMonthNth:
      writer.u32(pattern.weekdays).u32(pattern.nth);
      break;
    default:
      writer.u32(pattern.dayOfMonth);
  }
  writer.u32(pattern.endType).u32(pattern.occurrenceCount).u32(pattern.firstDayOfWeek);
  for (const dates of [pattern.deletedDates, pattern.modifiedDates]) {
    writer.u32(dates.length);
    for (const date of dates) writer.u32(date);
  }
  writer.u32(pattern.startDate).u32(pattern.endDate);
}

/** The bits of what an exception has; those without a field stay as they are. */
function flagsOf(exception: AppointmentException): number {
  let flags = exception.overrideFlags & ~FIELDS;
  for (const [name, bit] of Object.entries(FIELD_BITS)) {
    if (exception[name as keyof typeof FIELD_BITS] !== undefined) flags |= bit;
  }
  return flags;
}

const FIELD_BITS = {
  subject: Override.subject,
  meetingType: Override.meetingType,
  reminderDelta: Override.reminderDelta,
  reminderSet: Override.reminder,
  location: Override.location,
  busyStatus: Override.busyStatus,
  attachment: Override.attachment,
  subType: Override.subType,
  color: Override.color,
} as const;
const FIELDS: number = Object.values(FIELD_BITS).reduce((all: number, bit) => all | bit, 0);

function writeException(writer: ByteWriter, exception: AppointmentException): void {
  const { subject, location } = exception;
  writer.u32(exception.start).u32(exception.end).u32(exception.originalStart);
  writer.u16(flagsOf(exception));
  if (subject !== undefined) writeAnsi(writer, exception.ansiSubject ?? narrow(subject));
  writeNumbers(writer, [exception.meetingType, exception.reminderDelta, exception.reminderSet]);
  if (location !== undefined) writeAnsi(writer, exception.ansiLocation ?? narrow(location));
  writeNumbers(writer, [
    exception.busyStatus,
    exception.attachment,
    exception.subType,
    exception.color,
  ]);
}

function writeNumbers(writer: ByteWriter, values: readonly (number | undefined)[]): void {
  for (const value of values) if (value !== undefined) writer.u32(value);
}

function writeAnsi(writer: ByteWriter, text: Uint8Array): void {
  writer
    .u16(text.length + 1)
    .u16(text.length)
    .bytes(text);
}

/** More letters than a length of 16 bits can tell, and than a subject has. */
const MOST_UNITS = 8192;

/** What readers of the old kind see; the whole text stands in the extension. */
const narrow = (text: string): Uint8Array =>
  latin1Bytes(text.slice(0, MOST_UNITS).replace(/[^\x20-\x7e]/g, '?'));

function writeBlock(writer: ByteWriter, block: Uint8Array): void {
  writer.u32(block.length).bytes(block);
}

const NOTHING: Uint8Array = new Uint8Array(0);
const NO_CHANGE: Uint8Array = new Uint8Array(4);

function writeExtended(
  writer: ByteWriter,
  exception: AppointmentException,
  writerVersion: number,
): void {
  const { subject, location } = exception;
  if (writerVersion >= WITH_HIGHLIGHT) writeBlock(writer, exception.changeHighlight ?? NO_CHANGE);
  writeBlock(writer, exception.reserved1 ?? NOTHING);
  if (subject === undefined && location === undefined) return;
  writer.u32(exception.start).u32(exception.end).u32(exception.originalStart);
  for (const text of [subject, location]) {
    if (text === undefined) continue;
    const whole = text.slice(0, MOST_UNITS);
    writer.u16(whole.length).text(whole);
  }
  writeBlock(writer, exception.reserved2 ?? NOTHING);
}
