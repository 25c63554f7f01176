// Recurrence rules of every kind, for comparisons with other implementations.
import fc from 'fast-check';

const between = (least: number, most: number): fc.Arbitrary<number> =>
  fc.integer({ min: least, max: most }).filter((value) => value !== 0 || least === 0);
const list = (item: fc.Arbitrary<number | string>, most = 3): fc.Arbitrary<string> =>
  fc.uniqueArray(item, { minLength: 1, maxLength: most }).map((items) => items.join(','));
const weekday = fc.constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU');
const nthDay = fc.tuple(between(-5, 5), weekday).map(([nth, day]) => `${nth}${day}`);

/** A part of a rule, now and then. */
const part = (name: string, values: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: values.map((value) => `;${name}=${value}`) },
  );

const common = [
  part('BYMONTH', list(between(1, 12))),
  part('BYHOUR', list(between(0, 23))),
  part('BYMINUTE', list(between(0, 59), 2)),
  part('WKST', weekday),
];
const rule = (frequency: string, ...more: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc
    .tuple(between(1, 4), ...common, ...more)
    .map(([interval, ...parts]) => `FREQ=${frequency};INTERVAL=${interval}${parts.join('')}`);
const monthDays = part('BYMONTHDAY', list(between(-31, 31)));
const plainDays = part('BYDAY', list(weekday));

/** A rule; ordinals and plain days are not mixed, for others read that in their own ways. */
export const rules: fc.Arbitrary<string> = fc
  .oneof(
    rule('YEARLY', plainDays, monthDays),
    rule('YEARLY', part('BYDAY', list(nthDay))),
    rule('YEARLY', part('BYYEARDAY', list(between(-366, 366)))),
    rule(
      'YEARLY',
      list(between(-53, 53)).map((weeks) => `;BYWEEKNO=${weeks};BYDAY=MO,TH,SU`),
    ),
    rule('MONTHLY', plainDays, monthDays),
    rule('MONTHLY', part('BYDAY', list(nthDay))),
    rule('WEEKLY', plainDays),
    rule('DAILY', plainDays, monthDays),
    rule('HOURLY', plainDays),
    rule('MINUTELY'),
  )
  .chain((text) =>
    part('BYSETPOS', list(between(-3, 3), 2)).map((places) =>
      text.includes('BY') ? `${text}${places}` : text,
    ),
  );

/** A beginning, such as `20260302T101500`. */
export const starts: fc.Arbitrary<string> = fc
  .date({
    min: new Date('1997-01-01T00:00:00Z'),
    max: new Date('2030-12-28T00:00:00Z'),
    noInvalidDate: true,
  })
  .map((date) => `${date.toISOString().slice(0, 16).replace(/[-:]/g, '')}00`);
