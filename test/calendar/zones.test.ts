// The VTIMEZONE that we write says what the zone does: read back under another name, it gives the same offsets.
import ICAL from 'ical.js';
import { Appointment, Calendar } from 'posthorn/calendar';
import { expect, it } from 'vitest';

const ZONES = [
  'Europe/Paris',
  'Europe/Dublin',
  'America/New_York',
  'America/St_Johns',
  'America/Santiago',
  'America/Sao_Paulo',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Kolkata',
  'Asia/Jerusalem',
  'Asia/Tehran',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'Pacific/Apia',
  'UTC',
];

const written = (timeZone: string, start: string): string =>
  String(
    new Appointment({ start, timeZone, recurrence: 'FREQ=WEEKLY;BYDAY=SU,MO' }).publish().content,
  );

it.each(
  ZONES.map((zone, index) => [zone, index % 3 === 0 ? '2026-01-05T12:00' : '2005-06-05T12:00']),
)('%s from %s', (zone, start) => {
  const original = written(zone, start);
  const [by] = Calendar.parse(original).appointments;
  // A name that nobody knows: only the description counts.
  const renamed = original.replaceAll(zone, 'Somewhere').replace(/X-LIC-LOCATION.*\r\n/, '');
  const [described] = Calendar.parse(renamed).appointments;
  const list = (appointment: Appointment | undefined): string[] =>
    [...(appointment?.occurrences({ to: new Date('2036-01-01T00:00:00Z') }) ?? [])].map((each) =>
      each.start.toISOString(),
    );
  expect(list(by).length).toBeGreaterThan(900);
  expect(list(described)).toEqual(list(by));
});

it('ical.js reads the description as we do', () => {
  const text = written('America/New_York', '2026-01-05T12:00');
  const component = new ICAL.Component(ICAL.parse(text));
  const zone = new ICAL.Timezone(component.getFirstSubcomponent('vtimezone') as ICAL.Component);
  for (const [local, offset] of [
    ['2026-03-08T01:59:00', -5],
    ['2026-03-08T03:00:00', -4],
    ['2031-07-01T00:00:00', -4],
    ['2031-12-01T00:00:00', -5],
  ] as const) {
    expect(zone.utcOffset(ICAL.Time.fromDateTimeString(local)) / 3600).toBe(offset);
  }
});
