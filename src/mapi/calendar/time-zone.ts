// Time zones as appointments hold them: PidLidTimeZoneStruct (MS-OXOCAL section 2.2.1.39) and the definitions of
// PidLidAppointmentTimeZoneDefinition… (section 2.2.1.41).
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

/** When clocks change (SYSTEMTIME, MS-DTYP section 2.3.13). Month 0: they don't. */
export interface ZoneChange {
  /** 0: every year, on the weekday that `day` counts. Otherwise a date. */
  readonly year: number;
  /** From 1; 0 for no change. */
  readonly month: number;
  /** From 0 for Sunday. */
  readonly dayOfWeek: number;
  /** Of every year: which one in the month, 5 for the last. Otherwise the day of the month. */
  readonly day: number;
  /** On the clock that is changed. */
  readonly hour: number;
  /** Minutes. */
  readonly minute: number;
  /** Seconds. */
  readonly second: number;
  /** Milliseconds. */
  readonly millisecond: number;
}

/** How far clocks are off, and when they change. */
export interface ZoneRule {
  /** Minutes to add to the zone's clock for UTC. */
  readonly bias: number;
  /** Minutes more in winter: 0 in most. */
  readonly standardBias: number;
  /** Minutes more in summer: -60 in most. */
  readonly daylightBias: number;
  /** When winter begins. */
  readonly standardDate: ZoneChange;
  /** When summer begins. */
  readonly daylightDate: ZoneChange;
}

/** A rule of a definition. */
export interface DatedZoneRule extends ZoneRule {
  /** 1: for recurring appointments; 2: the one that was in force for the times of the appointment. */
  readonly flags: number;
  /** From which year on. */
  readonly year: number;
  /** The fourteen octets behind the year; Outlook writes the rest of a SYSTEMTIME there. Default: the first of January. */
  readonly unused?: Uint8Array | undefined;
}

/** A zone with the rules of its years. */
export interface ZoneDefinition {
  /** The name that Windows has for it, such as `W. Europe Standard Time`; `''` when there is none. */
  readonly keyName: string;
  /** The rules, by year. */
  readonly rules: readonly DatedZoneRule[];
}

const FORMAT = 'time zone';
const RULE_BYTES = 66;
/** What follows the size of a rule: its octets without the head. */
const RULE_BODY = 0x3e;
const UNUSED_BYTES = 14;
const FIRST_OF_JANUARY: Uint8Array = Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0);

/** Reads PidLidTimeZoneStruct. @throws {@link FormatError} It is cut short. */
export function readZoneStruct(octets: Uint8Array): ZoneRule {
  const reader = new ByteReader(octets, FORMAT);
  const [bias, standardBias, daylightBias] = [reader.i32(), reader.i32(), reader.i32()];
  reader.u16();
  const standardDate = readChange(reader);
  reader.u16();
  return { bias, standardBias, daylightBias, standardDate, daylightDate: readChange(reader) };
}

/** Writes PidLidTimeZoneStruct. */
export function writeZoneStruct(rule: ZoneRule): Uint8Array {
  const writer = new ByteWriter();
  writer.i32(rule.bias).i32(rule.standardBias).i32(rule.daylightBias);
  writeChange(writer.u16(rule.standardDate.year), rule.standardDate);
  writeChange(writer.u16(rule.daylightDate.year), rule.daylightDate);
  return writer.end();
}

/** Reads a time zone definition. @throws {@link FormatError} It is cut short. */
export function readZoneDefinition(octets: Uint8Array): ZoneDefinition {
  const reader = new ByteReader(octets, FORMAT);
  reader.u16();
  const size = reader.u16();
  const body = reader.offset + size;
  reader.u16();
  const keyName = reader.text(reader.u16());
  const count = reader.u16();
  // What later versions may add to the head is passed over.
  if (body > reader.offset) reader.bytes(body - reader.offset);
  reader.count(count, RULE_BYTES);
  const rules = Array.from({ length: count }, () => readRule(reader));
  return { keyName, rules };
}

/** Writes a time zone definition. */
export function writeZoneDefinition({ keyName, rules }: ZoneDefinition): Uint8Array {
  const writer = new ByteWriter();
  writer.u8(2).u8(1);
  writer.u16(6 + 2 * keyName.length).u16(2);
  writer.u16(keyName.length).text(keyName).u16(rules.length);
  for (const rule of rules) {
    writer.u8(2).u8(1).u16(RULE_BODY).u16(rule.flags).u16(rule.year);
    writer.bytes(rule.unused ?? FIRST_OF_JANUARY);
    writer.i32(rule.bias).i32(rule.standardBias).i32(rule.daylightBias);
    writeChange(writer, rule.standardDate);
    writeChange(writer, rule.daylightDate);
  }
  return writer.end();
}

function readRule(reader: ByteReader): DatedZoneRule {
  reader.u16();
  const end = reader.u16() + reader.offset;
  const [flags, year] = [reader.u16(), reader.u16()];
  const unused = reader.bytes(UNUSED_BYTES);
  const [bias, standardBias, daylightBias] = [reader.i32(), reader.i32(), reader.i32()];
  const [standardDate, daylightDate] = [readChange(reader), readChange(reader)];
  if (end > reader.offset) reader.bytes(end - reader.offset);
  return { flags, year, unused, bias, standardBias, daylightBias, standardDate, daylightDate };
}

function readChange(reader: ByteReader): ZoneChange {
  const [year, month, dayOfWeek, day] = [reader.u16(), reader.u16(), reader.u16(), reader.u16()];
  const [hour, minute, second] = [reader.u16(), reader.u16(), reader.u16()];
  return { year, month, dayOfWeek, day, hour, minute, second, millisecond: reader.u16() };
}

function writeChange(writer: ByteWriter, change: ZoneChange): void {
  writer.u16(change.year).u16(change.month).u16(change.dayOfWeek).u16(change.day);
  writer.u16(change.hour).u16(change.minute).u16(change.second).u16(change.millisecond);
}
