// Names of zones: IANA's, Windows', and what programs make of them.
import { ianaZone } from './iana-zone.ts';
import { windowsZoneRows } from './windows-zones.data.ts';
import type { Zone } from './zone.ts';

let tables: { toIana: Map<string, string>; toWindows: Map<string, string> } | undefined;

function windowsTables(): { toIana: Map<string, string>; toWindows: Map<string, string> } {
  if (tables) return tables;
  const toIana = new Map<string, string>();
  const toWindows = new Map<string, string>();
  for (const row of windowsZoneRows) {
    const [windows = '', zones = ''] = row.split('|');
    for (const [index, zone] of zones.split(' ').entries()) {
      if (index === 0) toIana.set(windows.toLowerCase(), zone);
      if (index === 0 || !toWindows.has(zone.toLowerCase())) {
        toWindows.set(zone.toLowerCase(), windows);
      }
    }
  }
  // What today's names of IANA are in CLDR, whose names never change.
  for (const [today, before] of RENAMED) {
    const windows = toWindows.get(before.toLowerCase());
    if (windows) toWindows.set(today.toLowerCase(), windows);
  }
  tables = { toIana, toWindows };
  return tables;
}

const RENAMED: readonly (readonly [string, string])[] = [
  ['Asia/Kolkata', 'Asia/Calcutta'],
  ['Asia/Kathmandu', 'Asia/Katmandu'],
  ['Asia/Yangon', 'Asia/Rangoon'],
  ['Asia/Ho_Chi_Minh', 'Asia/Saigon'],
  ['America/Argentina/Buenos_Aires', 'America/Buenos_Aires'],
  ['America/Indiana/Indianapolis', 'America/Indianapolis'],
  ['Atlantic/Faroe', 'Atlantic/Faeroe'],
  ['Europe/Kyiv', 'Europe/Kiev'],
  ['America/Nuuk', 'America/Godthab'],
  ['UTC', 'Etc/UTC'],
];

/** The Windows name of an IANA zone, such as `'W. Europe Standard Time'`; `undefined` when Windows has none. */
export function windowsZoneName(iana: string): string | undefined {
  return windowsTables().toWindows.get(iana.toLowerCase());
}

/**
 * The IANA zone that a name stands for: itself, a Windows name, or an IANA name behind a path as Mozilla's and
 * freeassociation's programs write it.
 */
export function namedZone(name: string): Zone | undefined {
  const plain = name.trim().replace(/^"+|"+$/g, '');
  const direct = ianaZone(plain);
  if (direct) return direct;
  const windows = windowsTables().toIana.get(plain.toLowerCase());
  if (windows) return ianaZone(windows);
  const steps = plain.slice(0, 300).split('/');
  for (const count of [3, 2]) {
    if (steps.length <= count) continue;
    const zone = ianaZone(steps.slice(-count).join('/'));
    if (zone) return zone;
  }
  return undefined;
}
