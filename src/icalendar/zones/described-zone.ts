// A zone as a file describes it: VTIMEZONE (RFC 5545 section 3.6.5).
import { limits } from '../../base/index.ts';
import type { Component } from '../component.ts';
import { expandRule } from '../recurrence/expand-rule.ts';
import { readRule } from '../recurrence/rule.ts';
import { readTime, type WallClock, wallClock } from '../time/calendar-time.ts';
import type { Zone } from './zone.ts';

/** The milliseconds of `+0100`, `-053000`; `undefined` when it is no offset. */
function readOffset(value: string): number | undefined {
  const match = /^([+-]?)(\d\d):?(\d\d)(?::?(\d\d))?$/.exec(value.trim());
  if (!match) return undefined;
  const [, sign, hours, minutes, seconds] = match;
  const total = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds ?? 0)) * 1000;
  return sign === '-' ? -total : total;
}

/** A change of offset. */
interface Onset {
  readonly instant: number;
  readonly offset: number;
  readonly before: number;
}

/** Beyond this the last rules are not followed: clocks of the next century are nobody's to know. */
const LAST: WallClock = wallClock(2150, 1, 1);

/** The zone that a VTIMEZONE describes; `undefined` when nothing of it can be read. */
export function describedZone(component: Component, name: string): Zone | undefined {
  const onsets: Onset[] = [];
  for (const part of component.components) {
    if (part.name !== 'STANDARD' && part.name !== 'DAYLIGHT') continue;
    readObservance(part, onsets);
    if (onsets.length > limits.zoneOnsets) break;
  }
  if (onsets.length === 0) return undefined;
  onsets.sort((a, b) => a.instant - b.instant);
  return {
    name,
    isKnown: false,
    offsetAt(instant) {
      let low = 0;
      let high = onsets.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((onsets[middle]?.instant ?? 0) <= instant) low = middle + 1;
        else high = middle;
      }
      return low === 0 ? (onsets[0]?.before ?? 0) : (onsets[low - 1]?.offset ?? 0);
    },
  };
}

function readObservance(part: Component, onsets: Onset[]): void {
  const start = readTime(part.value('DTSTART') ?? '');
  const offset = readOffset(part.value('TZOFFSETTO') ?? '');
  if (!start || offset === undefined) return;
  const before = readOffset(part.value('TZOFFSETFROM') ?? '') ?? offset;
  const add = (clock: WallClock): void => {
    if (onsets.length <= limits.zoneOnsets) {
      onsets.push({ instant: clock - before, offset, before });
    }
  };
  const rule = readRule(part.value('RRULE') ?? '', () => undefined);
  if (rule) {
    const { until } = rule;
    const last = until ? until.clock + (until.kind === 'utc' ? before : 0) : LAST;
    for (const clock of expandRule(rule, start.clock, Math.min(last, LAST), false)) {
      if (onsets.length > limits.zoneOnsets) return;
      add(clock);
    }
  } else add(start.clock);
  for (const property of part.all('RDATE')) {
    for (const value of property.value.split(',')) {
      const time = readTime(value.split('/')[0] ?? '');
      if (time) add(time.kind === 'utc' ? time.clock + before : time.clock);
    }
  }
}
