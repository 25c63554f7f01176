// When an appointment of Outlook comes again (MS-OXOCAL section 2.2.1.44): the pattern of PidLidAppointmentRecur and
// PidLidTaskRecurrence as data. Every field is kept, so that what was read is written octet for octet.

/** The units a pattern repeats by (RecurFrequency). */
export const RecurFrequency = {
  daily: 0x200a,
  weekly: 0x200b,
  monthly: 0x200c,
  yearly: 0x200d,
} as const;

/** How days are found (PatternType). */
export const PatternType = {
  /** Every so many days. */
  day: 0x0000,
  /** Days of the week. */
  week: 0x0001,
  /** A day of the month; of a shorter month its last. */
  month: 0x0002,
  /** The nth weekday of a month. */
  monthNth: 0x0003,
  /** The last day of a month. */
  monthEnd: 0x0004,
  /** As `month`, in the Hijri calendar. */
  hijriMonth: 0x000a,
  /** As `monthNth`, in the Hijri calendar. */
  hijriMonthNth: 0x000b,
  /** As `monthEnd`, in the Hijri calendar. */
  hijriMonthEnd: 0x000c,
} as const;

/** How a pattern ends (EndType). */
export const RecurrenceEnd = {
  /** On a day. */
  date: 0x2021,
  /** After a number of occurrences. */
  count: 0x2022,
  /** Never. Some programs write 0xFFFFFFFF. */
  never: 0x2023,
} as const;

/** EndDate of a pattern that never ends. */
export const NEVER_ENDS = 0x5ae980df;

/** Bits of what an exception changes (OverrideFlags). */
export const Override = {
  subject: 0x0001,
  meetingType: 0x0002,
  reminderDelta: 0x0004,
  reminder: 0x0008,
  location: 0x0010,
  busyStatus: 0x0020,
  attachment: 0x0040,
  subType: 0x0080,
  color: 0x0100,
  /** The text is in the embedded message; no field here. */
  body: 0x0200,
} as const;

/** Days and rules (MS-OXOCAL section 2.2.1.44.1). Times are minutes since 1601 on the clocks of the recurrence's zone. */
export interface RecurrencePattern {
  /** The version that a reader has to know: 0x3004. */
  readerVersion: number;
  /** The version that wrote it: 0x3004. */
  writerVersion: number;
  /** A value of {@link RecurFrequency}. */
  recurFrequency: number;
  /** A value of {@link PatternType}. */
  patternType: number;
  /** The calendar; 0 is the usual one (Gregorian). */
  calendarType: number;
  /** The phase of a pattern that leaves out days, weeks or months. */
  firstDateTime: number;
  /** Minutes for days, else weeks or months: how often. */
  period: number;
  /** For tasks: whether the next one counts from when the last was done. */
  slidingFlag: number;
  /** The days of the week of the patterns `week` and `monthNth`: Sunday is 1, Saturday 64. */
  weekdays: number;
  /** The day of the month of the pattern `month`. */
  dayOfMonth: number;
  /** Which weekday of the month of `monthNth`: 1 to 4; 5 is the last. */
  nth: number;
  /** A value of {@link RecurrenceEnd}. */
  endType: number;
  /** How many times in all. */
  occurrenceCount: number;
  /** The day that weeks begin with, 0 is Sunday. */
  firstDayOfWeek: number;
  /** Days on which it does not take place as the pattern says: deleted ones, and those of exceptions. */
  deletedDates: number[];
  /** Days on which exceptions take place. */
  modifiedDates: number[];
  /** The first day. */
  startDate: number;
  /** The last day, or {@link NEVER_ENDS}. */
  endDate: number;
}

/** The pattern of an appointment with its exceptions (MS-OXOCAL section 2.2.1.44.5). */
export interface AppointmentRecurrence extends RecurrencePattern {
  /** The version that a reader has to know: 0x3006. */
  readerVersion2: number;
  /** The version that wrote it: 0x3008, or 0x3009 from Outlook 2007 on. */
  writerVersion2: number;
  /** When it begins, in minutes of the day. */
  startTimeOffset: number;
  /** When it ends, in minutes of the day of the beginning. */
  endTimeOffset: number;
  /** Occurrences that differ. */
  exceptions: AppointmentException[];
  /** Octets without a meaning so far. */
  reserved1: Uint8Array;
  /** Octets without a meaning so far. */
  reserved2: Uint8Array;
  /** Octets behind the end that some programs write. */
  rest: Uint8Array;
}

/** An occurrence that differs (ExceptionInfo and ExtendedException). What is `undefined` is as in the others. */
export interface AppointmentException {
  /** When it begins, in minutes since 1601. */
  start: number;
  /** When it ends. */
  end: number;
  /** When the pattern would have it begin. */
  originalStart: number;
  /** Bits of {@link Override}; written as what is there says. */
  overrideFlags: number;
  /** The subject. */
  subject?: string | undefined;
  /** State flags: PidLidAppointmentStateFlags. */
  meetingType?: number | undefined;
  /** Minutes before the beginning. */
  reminderDelta?: number | undefined;
  /** Whether to remind. */
  reminderSet?: number | undefined;
  /** The place. */
  location?: string | undefined;
  /** PidLidBusyStatus. */
  busyStatus?: number | undefined;
  /** Whether it has attachments of its own. */
  attachment?: number | undefined;
  /** Whether it is a whole day. */
  subType?: number | undefined;
  /** PidLidAppointmentColor. */
  color?: number | undefined;
  /** The subject in the code page of the message, as it was read. */
  ansiSubject?: Uint8Array | undefined;
  /** The place in the code page of the message, as it was read. */
  ansiLocation?: Uint8Array | undefined;
  /** What changed, and octets behind it (ChangeHighlight), as read; from writer version 0x3009 on. */
  changeHighlight?: Uint8Array | undefined;
  /** Octets without a meaning so far. */
  reserved1?: Uint8Array | undefined;
  /** Octets without a meaning so far. */
  reserved2?: Uint8Array | undefined;
}
