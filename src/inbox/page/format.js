// Numbers, times and names as a person reads them.

const DAY_MS = 86_400_000;
const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const dayAndYear = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });
const medium = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

/**
 * As short as a list wants it: `now`, `5 min`, `14:03`, `Mon`, `3 Mar`.
 * @param {Date} date
 * @param {Date} [now]
 */
export function shortTime(date, now = new Date()) {
  const age = now.getTime() - date.getTime();
  if (age >= 0 && age < 60_000) return 'now';
  if (age >= 0 && age < 3_600_000) return `${Math.floor(age / 60_000)} min`;
  if (date.toDateString() === now.toDateString()) return time.format(date);
  if (age >= 0 && age < 6 * DAY_MS) return weekday.format(date);
  return date.getFullYear() === now.getFullYear() ? day.format(date) : dayAndYear.format(date);
}

/**
 * Date and time, the seconds and the zone with them.
 * @param {Date} date
 */
export function exactTime(date) {
  return exact.format(date);
}

/**
 * Date and time.
 * @param {Date} date
 */
export function mediumTime(date) {
  return medium.format(date);
}

/**
 * `5 minutes ago`.
 * @param {Date} date
 * @param {Date} [now]
 */
export function timeAgo(date, now = new Date()) {
  const seconds = Math.round((date.getTime() - now.getTime()) / 1000);
  /** @type {[Intl.RelativeTimeFormatUnit, number][]} */
  const units = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ];
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return Math.abs(seconds) < 10 ? 'just now' : relative.format(seconds, 'second');
}

/**
 * Octets: `312 B`, `4.1 kB`, `12 MB`.
 * @param {number} bytes
 */
export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/**
 * `1 message`, `3 messages`.
 * @param {number} count
 * @param {string} noun
 */
export function plural(count, noun) {
  return `${count.toLocaleString()} ${noun}${count === 1 ? '' : 's'}`;
}

/** @typedef {{ readonly name: string, readonly address: string }} Mailbox */

/**
 * How a mailbox is called for short.
 * @param {Mailbox | undefined} mailbox
 * @param {string} [fallback]
 */
export function nameOf(mailbox, fallback = '') {
  return mailbox?.name.trim() || mailbox?.address || fallback || 'No sender';
}

/**
 * One or two letters for a mailbox; one in scripts without capitals, where two would be a word.
 * @param {string} name
 */
export function initials(name) {
  const words = name
    .replace(/@.*/, '')
    .split(/[^\p{L}\p{N}]+/u)
    .map((word) => [...word][0] ?? '')
    .filter(Boolean);
  const first = words[0] ?? '';
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  return /[\p{Lu}\p{Ll}\p{N}]/u.test(first) ? `${first}${last}`.toLocaleUpperCase() : first;
}

/**
 * A colour for a mailbox: always the same one.
 * @param {string} address
 */
export function hueOf(address) {
  let hash = 7;
  for (const char of address.toLowerCase())
    hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 65_521;
  return hash % 360;
}
