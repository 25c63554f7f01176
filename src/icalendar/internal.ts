/**
 * iCalendar as data (RFC 5545): content lines, components, times, zones, recurrence. Takes and gives text; what a
 * meeting is, the room above knows. @module
 */
export { Component } from './component.ts';
export type { Parameter } from './content-line.ts';
export { Property } from './content-line.ts';
export type { CalendarProblem, CalendarProblemCode } from './problem.ts';
export { ProblemList } from './problem.ts';
export { readComponents } from './read-components.ts';
export type { Window } from './recurrence/recurrence-set.ts';
export { recurrenceSet, rulesOf, timeOf, timesOf } from './recurrence/recurrence-set.ts';
export { readRule, writeRule } from './recurrence/rule.ts';
export { escapeText, splitTexts, unescapeText } from './text-value.ts';
export type { CalendarTime, TimeKind } from './time/calendar-time.ts';
export { DAY, readTime, wallClock, writeTime } from './time/calendar-time.ts';
export { readDuration, writeDuration } from './time/duration.ts';
export { writeZone } from './zones/write-zone.ts';
export type { Zone } from './zones/zone.ts';
export { instantOf, utc } from './zones/zone.ts';
export { namedZone, windowsZoneName } from './zones/zone-names.ts';
export { ZoneTable } from './zones/zone-table.ts';
