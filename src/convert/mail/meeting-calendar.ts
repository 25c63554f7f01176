// The calendar that a meeting message came with. It is kept, hidden, beside the properties made of it: as long as these
// are as they were, it says more than they can.

import { PosthornError } from '../../base/index.ts';
import { MapiMessage, PidLid, type PropertyTag } from '../../mapi/index.ts';
import { applyCalendar } from '../calendar/calendar-item.ts';

/** Whether items of a class are meeting messages. */
export function isMeetingClass(messageClass: string): boolean {
  return /^IPM\.Schedule\.Meeting(?:\.|$)/i.test(messageClass);
}

/** What somebody would change in a meeting. */
const FACTS: readonly PropertyTag[] = [
  PidLid.GlobalObjectId,
  PidLid.AppointmentSequence,
  PidLid.AppointmentStartWhole,
  PidLid.AppointmentEndWhole,
  PidLid.AppointmentSubType,
  PidLid.AppointmentRecur,
  PidLid.Location,
];

/** Whether the item is the meeting message that a calendar is. */
export function isMeetingOf(item: MapiMessage, calendar: Uint8Array): boolean {
  if (!isMeetingClass(item.messageClass)) return false;
  const made = new MapiMessage();
  try {
    if (!applyCalendar(made, calendar)) return false;
  } catch (error) {
    if (error instanceof PosthornError) return false;
    throw error;
  }
  return (
    made.messageClass.toLowerCase() === item.messageClass.toLowerCase() &&
    FACTS.every((tag) => isSame(made.properties.get(tag), item.properties.get(tag)))
  );
}

function isSame(one: unknown, other: unknown): boolean {
  if (one instanceof Uint8Array && other instanceof Uint8Array) {
    return one.length === other.length && one.every((octet, at) => octet === other[at]);
  }
  return one === other;
}
