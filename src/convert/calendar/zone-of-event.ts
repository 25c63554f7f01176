// The rules of a time zone as Outlook holds them, for a zone of iCalendar.
import {
  type Component,
  readRule,
  readTime,
  windowsZoneName,
  writeZone,
  type Zone,
} from '../../icalendar/internal.ts';
import {
  type MapiProperties,
  PidLid,
  writeZoneDefinition,
  writeZoneStruct,
  type ZoneChange,
  type ZoneRule,
} from '../../mapi/index.ts';

/** Flags of a rule (MS-OXOCAL section 2.2.1.41.1): in force for the appointment, and for the ones that recur. */
const EFFECTIVE = 2;
const RECURRING = 1;
const FIRST_YEAR = 1601;

/** Writes the zone of an appointment: its definitions and, for one that recurs, the structure of older versions. */
export function setZone(properties: MapiProperties, zone: Zone, at: Date, recurs: boolean): void {
  const rule = ruleOf(zone, at);
  const keyName = windowsZoneName(zone.name) ?? zone.name;
  const definition = (flags: number): Uint8Array =>
    writeZoneDefinition({ keyName, rules: [{ ...rule, flags, year: FIRST_YEAR }] });
  properties
    .set(PidLid.AppointmentTimeZoneDefinitionStartDisplay, definition(EFFECTIVE))
    .set(PidLid.AppointmentTimeZoneDefinitionEndDisplay, definition(EFFECTIVE))
    .set(PidLid.TimeZoneDescription, describe(rule, zone.name));
  if (!recurs) return;
  properties
    .set(PidLid.AppointmentTimeZoneDefinitionRecur, definition(EFFECTIVE | RECURRING))
    .set(PidLid.TimeZoneStruct, writeZoneStruct(rule));
}

function describe({ bias }: ZoneRule, name: string): string {
  const minutes = Math.abs(bias);
  const two = (value: number): string => String(value).padStart(2, '0');
  const sign = bias > 0 ? '-' : '+';
  return `(UTC${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}) ${name}`;
}

const NEVER: ZoneChange = {
  year: 0,
  month: 0,
  dayOfWeek: 0,
  day: 0,
  hour: 0,
  minute: 0,
  second: 0,
  millisecond: 0,
};

/** The rule that a zone keeps to in the year of a time, found in the VTIMEZONE that is written for it. */
function ruleOf(zone: Zone, at: Date): ZoneRule {
  const year = Math.max(1970, at.getUTCFullYear());
  const { components } = writeZone(zone, zone.name, year);
  const summer = partOf(components, 'DAYLIGHT', year);
  const winter = partOf(components, 'STANDARD', year);
  const standardDate = winter && changeOf(winter);
  const daylightDate = summer && changeOf(summer);
  if (!summer || !winter || !standardDate || !daylightDate) {
    const bias = 0 - Math.round(zone.offsetAt(at.getTime()) / 60_000);
    return { bias, standardBias: 0, daylightBias: 0, standardDate: NEVER, daylightDate: NEVER };
  }
  const bias = 0 - offsetOf(winter);
  const daylightBias = 0 - offsetOf(summer) - bias;
  return { bias, standardBias: 0, daylightBias, standardDate, daylightDate };
}

/** TZOFFSETTO in minutes. */
function offsetOf(part: Component): number {
  const match = /^([+-])(\d\d)(\d\d)/.exec(part.value('TZOFFSETTO') ?? '');
  const minutes = Number(match?.[2] ?? 0) * 60 + Number(match?.[3] ?? 0);
  return match?.[1] === '-' ? -minutes : minutes;
}

/** The change of a year: its own, else the one that comes every year by then. */
function partOf(
  components: readonly Component[],
  name: string,
  year: number,
): Component | undefined {
  const parts = components.filter((part) => part.name === name);
  const begins = (part: Component): number => Number(part.value('DTSTART')?.slice(0, 4));
  const isYearly = (part: Component): boolean => part.first('RRULE') !== undefined;
  return (
    parts.find((part) => !isYearly(part) && begins(part) === year) ??
    parts.find((part) => isYearly(part) && begins(part) <= year)
  );
}

function changeOf(part: Component): ZoneChange | undefined {
  const start = readTime(part.value('DTSTART') ?? '');
  if (!start) return undefined;
  const at = new Date(start.clock);
  const rule = readRule(part.value('RRULE') ?? '', () => undefined);
  const nth = rule?.days[0]?.nth ?? 0;
  return {
    ...NEVER,
    month: at.getUTCMonth() + 1,
    dayOfWeek: at.getUTCDay(),
    day: nth === 0 ? placeOf(at) : nth < 0 ? 5 : Math.min(5, nth),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
  };
}

/** Which weekday of its month a date is; the last one is the fifth. */
function placeOf(at: Date): number {
  const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate();
  return at.getUTCDate() + 7 > last ? 5 : Math.ceil(at.getUTCDate() / 7);
}
