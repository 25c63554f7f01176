// Generated rules, compared with ical.js: the kinds that ical.js 2.2.1 expands. With rules whose periods are often empty (BYMONTH
// beside a longer interval, the fifth Monday) it loops for ever, and for BYSETPOS and several hours or minutes it differs from the
// RFC; these are compared with python-dateutil in test/servers.
import fc from 'fast-check';
import ICAL from 'ical.js';
import { expect, it } from 'vitest';
import { event, names } from './support/events.ts';
import { rules, starts } from './support/rules.ts';

const COUNT = 15;

function peer(start: string, rule: string): string[] {
  const time = ICAL.Time.fromDateTimeString(
    start.replace(/^(....)(..)(..)T(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6'),
  );
  const iterator = ICAL.Recur.fromString(rule).iterator(time);
  const found: string[] = [];
  while (found.length < COUNT) {
    const next = iterator.next();
    if (!next) break;
    found.push(next.toICALString());
  }
  return found[0] === start ? found : [start, ...found].slice(0, COUNT);
}

const isShared = (rule: string): boolean =>
  /FREQ=(?:DAILY|WEEKLY|MONTHLY)/.test(rule) &&
  !/BYSETPOS|BYHOUR|BYMINUTE|BYMONTH=|BYMONTHDAY=[^;]*(?:-|29|30|31)|BYDAY=.*BYMONTHDAY|[-5](?:\d)?[A-Z]{2}/.test(
    rule,
  );

it('generated rules are expanded as by ical.js', () => {
  fc.assert(
    fc.property(starts, rules.filter(isShared), (start, rule) => {
      const ours = names(event(`DTSTART:${start}`, `RRULE:${rule}`), COUNT);
      fc.pre(ours.length === COUNT && Number(ours.at(-1)?.slice(0, 4)) < 2060);
      expect(ours).toEqual(peer(start, rule));
    }),
    { numRuns: 200 },
  );
});
