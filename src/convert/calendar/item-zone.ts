// The time zone of an appointment: by the name that Windows has for it, else by the rules that the item describes it with.
import { namedZone, type Zone } from '../../icalendar/internal.ts';
import {
  type DatedZoneRule,
  PidLid,
  type PropertyTag,
  readZoneDefinition,
  readZoneStruct,
  type ZoneChange,
  type ZoneDefinition,
} from '../../mapi/index.ts';
import type { ItemView } from './item-view.ts';

const MINUTE = 60_000;

/** The zone whose clocks an appointment is told in; `undefined` when the item names none. */
export function zoneOfItem(view: ItemView): Zone | undefined {
  const definition =
    definitionOf(view, PidLid.AppointmentTimeZoneDefinitionRecur) ??
    definitionOf(view, PidLid.AppointmentTimeZoneDefinitionStartDisplay) ??
    definitionOf(view, PidLid.AppointmentTimeZoneDefinitionEndDisplay);
  if (definition) {
    const named = definition.keyName === '' ? undefined : namedZone(definition.keyName);
    if (named) return named;
    const { rules, keyName } = definition;
    if (rules.length > 0) return describedBy(keyName || descriptionOf(view), rules);
  }
  const struct = octetsOf(view, PidLid.TimeZoneStruct, readZoneStruct);
  if (!struct) return undefined;
  return describedBy(descriptionOf(view), [{ flags: 0, year: 1601, ...struct }]);
}

const descriptionOf = (view: ItemView): string =>
  view.get(PidLid.TimeZoneDescription)?.replace(/[\0-\x1f\x7f"]/g, '') || 'Customized Time Zone';

const definitionOf = (view: ItemView, tag: PropertyTag<0x0102>): ZoneDefinition | undefined =>
  octetsOf(view, tag, readZoneDefinition);

/** What octets say; damaged ones say nothing. */
function octetsOf<T>(
  view: ItemView,
  tag: PropertyTag<0x0102>,
  read: (octets: Uint8Array) => T,
): T | undefined {
  const octets = view.get(tag);
  if (!octets) return undefined;
  try {
    return read(octets);
  } catch {
    return undefined;
  }
}

/** A zone by its rules, each in force from its year on. */
function describedBy(name: string, rules: readonly DatedZoneRule[]): Zone {
  const ordered = [...rules].sort((a, b) => a.year - b.year);
  return {
    name,
    isKnown: false,
    offsetAt(instant) {
      const standard = -((ordered[0]?.bias ?? 0) * MINUTE);
      const year = new Date(instant + standard).getUTCFullYear();
      const rule = ordered.findLast((each) => each.year <= year) ?? ordered[0];
      return rule ? offsetBy(rule, instant, year) : 0;
    },
  };
}

function offsetBy(rule: DatedZoneRule, instant: number, year: number): number {
  const standard = -(rule.bias + rule.standardBias) * MINUTE;
  const daylight = -(rule.bias + rule.daylightBias) * MINUTE;
  const { standardDate, daylightDate } = rule;
  if (standardDate.month === 0 || daylightDate.month === 0) return standard;
  const summer = clockOf(daylightDate, year) - standard;
  const winter = clockOf(standardDate, year) - daylight;
  const isSummer =
    summer < winter ? instant >= summer && instant < winter : instant >= summer || instant < winter;
  return isSummer ? daylight : standard;
}

/** When clocks change in a year: on a date, or on a weekday of a month. */
function clockOf(change: ZoneChange, year: number): number {
  const { month, dayOfWeek, day, hour, minute, second } = change;
  const time = (hour * 60 + minute) * MINUTE + second * 1000;
  if (change.year > 0) return Date.UTC(year, month - 1, day) + time;
  const first = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  let date = 1 + ((dayOfWeek - first + 7) % 7) + (Math.max(1, day) - 1) * 7;
  while (date > days) date -= 7;
  return Date.UTC(year, month - 1, date) + time;
}
