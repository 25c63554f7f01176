// How long to wait until the next attempt. No clock here.
import type { RetrySettings } from './work-settings.ts';

// Waits after failures that are not the message's: short at first, because they often pass soon.
const UNCOUNTED_FIRST_MS = 5000;
const MOST_DOUBLINGS = 12;

/** A number from 0 to 1, as `Math.random` gives. */
export type Chance = () => number;

/** The wait after this many failures, from 1. */
export function backOff(
  failures: number,
  { schedule, jitter }: RetrySettings,
  chance: Chance,
): number {
  const wait = schedule[Math.min(failures, schedule.length) - 1] ?? 0;
  return varied(wait, jitter, chance);
}

/** The wait after this many attempts in a row, from 1, that failed for no fault of the message. */
export function uncountedBackOff(
  streak: number,
  { schedule, jitter }: RetrySettings,
  chance: Chance,
): number {
  const longest = schedule.at(-1) ?? 0;
  const wait =
    Math.min(UNCOUNTED_FIRST_MS, schedule[0] ?? 0) * 2 ** Math.min(streak - 1, MOST_DOUBLINGS);
  return varied(Math.min(wait, longest), jitter, chance);
}

/** The wait, somewhat longer or shorter, so that what failed together does not come back together. */
function varied(ms: number, jitter: number, chance: Chance): number {
  return Math.round(ms * (1 + jitter * (2 * chance() - 1)));
}
