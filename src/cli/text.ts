// Small forms of text that several verbs print.
import { printable } from '../base/index.ts';

/** Text of several lines made safe for a terminal; line ends and tabs stay, everything else as `printable` does. */
export function printableText(text: string): string {
  return text
    .split(/\r\n|\n/)
    .map((line) =>
      line
        .split('\t')
        .map((piece) => printable(piece, Number.POSITIVE_INFINITY))
        .join('\t'),
    )
    .join('\n');
}

/** Text in one line made safe for a terminal: tabs, as folded header fields have them, become spaces. */
export function printableLine(text: string, max?: number): string {
  return printable(text.replaceAll('\t', ' '), max);
}

// What JSON.stringify leaves as it is and a terminal may obey or reorder.
const UNSAFE_IN_JSON = /[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A value as JSON in one line with a line end, safe to print. */
export function jsonLine(value: unknown): string {
  const json = JSON.stringify(value).replace(
    UNSAFE_IN_JSON,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${json}\n`;
}

/** A count of octets as people read it: `812 B`, `1.2 KB`, `34 MB`; 1 KB is 1,000 octets. */
export function formatSize(octets: number): string {
  if (octets < 1000) return `${octets} B`;
  let value = octets;
  let unit = 'B';
  for (const next of ['KB', 'MB', 'GB', 'TB']) {
    // 999.5 and more would round to 1000 of this unit.
    if (value < 999.5) break;
    value /= 1000;
    unit = next;
  }
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${unit}`;
}

/** A span of time as people read it: `34 ms`, `1.2 s`. */
export function formatDuration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** `1 message`, `2 messages`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** A number as people read it: `1,234.5`. */
export function formatNumber(value: number, decimals = 0): string {
  return value.toLocaleString('en', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

/** A long span of time as people read it: `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatTimeLeft(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
