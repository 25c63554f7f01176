// Reads PidLidAppointmentRecur and PidLidTaskRecurrence (MS-OXOCAL section 2.2.1.44).
import { decodeAnsi, WESTERN } from '../property/code-page.ts';
import { ByteReader } from './byte-reader.ts';
import {
  type AppointmentException,
  type AppointmentRecurrence,
  Override,
  PatternType,
  type RecurrencePattern,
} from './recurrence-pattern.ts';

const FORMAT = 'recurrence pattern';

/**
 * The recurrence of an appointment (PidLidAppointmentRecur).
 *
 * @param codePage The one of the message, for exceptions that have their subject only in it. Default: 1252.
 * @throws {@link FormatError} `FORMAT_INVALID`: it is cut short or no such pattern.
 */
export function readAppointmentRecurrence(
  octets: Uint8Array,
  codePage: number = WESTERN,
): AppointmentRecurrence {
  const reader = new ByteReader(octets, FORMAT);
  const pattern = readPattern(reader);
  const readerVersion2 = reader.u32();
  const writerVersion2 = reader.u32();
  const startTimeOffset = reader.u32();
  const endTimeOffset = reader.u32();
  const exceptions: AppointmentException[] = [];
  const count = reader.count(reader.u16(), 14);
  for (let index = 0; index < count; index++) exceptions.push(readException(reader, codePage));
  let reserved1: Uint8Array = new Uint8Array(0);
  let reserved2: Uint8Array = new Uint8Array(0);
  // Some programs end here.
  if (reader.left >= 4) {
    reserved1 = reader.bytes(reader.u32());
    for (const exception of exceptions) readExtended(reader, exception, writerVersion2);
    reserved2 = reader.bytes(reader.u32());
  }
  return {
    ...pattern,
    readerVersion2,
    writerVersion2,
    startTimeOffset,
    endTimeOffset,
    exceptions,
    reserved1,
    reserved2,
    rest: reader.bytes(reader.left),
  };
}

/**
 * The recurrence of a task (PidLidTaskRecurrence), which is the pattern alone.
 *
 * @throws {@link FormatError} `FORMAT_INVALID`: it is cut short or no such pattern.
 */
export function readTaskRecurrence(octets: Uint8Array): RecurrencePattern {
  return readPattern(new ByteReader(octets, FORMAT));
}

function readPattern(reader: ByteReader): RecurrencePattern {
  const pattern: RecurrencePattern = {
    readerVersion: reader.u16(),
    writerVersion: reader.u16(),
    recurFrequency: reader.u16(),
    patternType: reader.u16(),
    calendarType: reader.u16(),
    firstDateTime: reader.u32(),
    period: reader.u32(),
    slidingFlag: reader.u32(),
    weekdays: 0,
    dayOfMonth: 0,
    nth: 0,
    endType: 0,
    occurrenceCount: 0,
    firstDayOfWeek: 0,
    deletedDates: [],
    modifiedDates: [],
    startDate: 0,
    endDate: 0,
  };
  switch (pattern.patternType) {
    case PatternType.day:
      break;
    case PatternType.week:
      pattern.weekdays = reader.u32();
      break;
    case PatternType.monthNth:
    case PatternType.hijriMonthNth:
      pattern.weekdays = reader.u32();
      pattern.nth = reader.u32();
      break;
    default:
      pattern.dayOfMonth = reader.u32();
  }
  pattern.endType = reader.u32();
  pattern.occurrenceCount = reader.u32();
  pattern.firstDayOfWeek = reader.u32();
  pattern.deletedDates = readDates(reader);
  pattern.modifiedDates = readDates(reader);
  pattern.startDate = reader.u32();
  pattern.endDate = reader.u32();
  return pattern;
}

function readDates(reader: ByteReader): number[] {
  const count = reader.count(reader.u32(), 4);
  return Array.from({ length: count }, () => reader.u32());
}

function readException(reader: ByteReader, codePage: number): AppointmentException {
  const exception: AppointmentException = {
    start: reader.u32(),
    end: reader.u32(),
    originalStart: reader.u32(),
    overrideFlags: reader.u16(),
  };
  const has = (bit: number): boolean => (exception.overrideFlags & bit) !== 0;
  if (has(Override.subject)) {
    exception.ansiSubject = readAnsi(reader);
    exception.subject = decodeAnsi(exception.ansiSubject, codePage);
  }
  if (has(Override.meetingType)) exception.meetingType = reader.u32();
  if (has(Override.reminderDelta)) exception.reminderDelta = reader.u32();
  if (has(Override.reminder)) exception.reminderSet = reader.u32();
  if (has(Override.location)) {
    exception.ansiLocation = readAnsi(reader);
    exception.location = decodeAnsi(exception.ansiLocation, codePage);
  }
  if (has(Override.busyStatus)) exception.busyStatus = reader.u32();
  if (has(Override.attachment)) exception.attachment = reader.u32();
  if (has(Override.subType)) exception.subType = reader.u32();
  if (has(Override.color)) exception.color = reader.u32();
  return exception;
}

/** The length and one more, the length, the text. */
function readAnsi(reader: ByteReader): Uint8Array {
  reader.u16();
  return reader.bytes(reader.u16());
}

/** The version from which on exceptions tell what changed. */
export const WITH_HIGHLIGHT = 0x3009;

function readExtended(
  reader: ByteReader,
  exception: AppointmentException,
  writerVersion: number,
): void {
  if (writerVersion >= WITH_HIGHLIGHT) exception.changeHighlight = reader.bytes(reader.u32());
  exception.reserved1 = reader.bytes(reader.u32());
  const hasSubject = (exception.overrideFlags & Override.subject) !== 0;
  const hasLocation = (exception.overrideFlags & Override.location) !== 0;
  if (!hasSubject && !hasLocation) return;
  // The same three times again.
  reader.bytes(12);
  if (hasSubject) exception.subject = reader.text(reader.u16());
  if (hasLocation) exception.location = reader.text(reader.u16());
  exception.reserved2 = reader.bytes(reader.u32());
}
