// How many connections a client may use, and how fast.
import { OptionError } from '../base/index.ts';
import { checkNames, type KnownNames } from '../message/internal.ts';
import type { Rate } from './pool/rate-limit.ts';

/** How many connections a client opens, and what it asks of them. */
export interface ConnectionOptions {
  /** The most connections open at once. Default: `5`. */
  readonly max?: number;
  /** After how many messages a connection is closed and another opened. Default: `Infinity`. */
  readonly maxMessages?: number;
  /** How many messages may begin in a stretch of time, over all connections. Default: no bound. */
  readonly rate?: Rate;
}

/** The same with its defaults. */
export interface ConnectionBounds {
  readonly max: number;
  readonly maxMessages: number;
  readonly rate: Rate | undefined;
}

const known: KnownNames = {
  of: 'connections',
  names: new Set<keyof ConnectionOptions>(['max', 'maxMessages', 'rate']),
  habits: new Map([
    ['maxConnections', 'write max'],
    ['rateLimit', 'write rate: { messages, perMs }'],
  ]),
};

const rateNames: KnownNames = {
  of: 'connections.rate',
  names: new Set<keyof Rate>(['messages', 'perMs']),
  habits: new Map([['perSecond', 'write { messages, perMs: 1000 }']]),
};

// A ring of the last beginnings is kept for it.
const MOST_IN_RATE = 1_000_000;
const MOST_CONNECTIONS = 1_000;
const DEFAULT_MAX = 5;

/** Checks and completes option `connections`; a number is `max`. Throws an `OptionError`. */
export function readConnections(given: number | ConnectionOptions | undefined): ConnectionBounds {
  const options = typeof given === 'number' ? { max: given } : (given ?? {});
  if (typeof options !== 'object') throw wrong('connections', 'a number or an object');
  checkNames(options, known);
  const { max = DEFAULT_MAX, maxMessages = Infinity, rate } = options;
  checkConnections(max, 'connections.max');
  if (maxMessages !== Infinity && !isWhole(maxMessages, Number.MAX_SAFE_INTEGER)) {
    throw wrong('connections.maxMessages', 'a whole number above 0, or Infinity');
  }
  if (rate !== undefined) checkRate(rate);
  return { max, maxMessages, rate };
}

/** Throws an `OptionError` for a number of connections that can't be. */
export function checkConnections(max: number, option: string): void {
  if (!isWhole(max, MOST_CONNECTIONS)) {
    throw wrong(option, `a whole number from 1 to ${MOST_CONNECTIONS}`);
  }
}

function checkRate(rate: Rate): void {
  if (typeof rate !== 'object' || rate === null) {
    throw wrong('connections.rate', 'an object such as { messages: 2, perMs: 1000 }');
  }
  checkNames(rate, rateNames);
  if (!isWhole(rate.messages, MOST_IN_RATE)) {
    throw wrong('connections.rate.messages', `a whole number from 1 to ${MOST_IN_RATE}`);
  }
  if (!(rate.perMs > 0 && rate.perMs < Infinity)) {
    throw wrong('connections.rate.perMs', 'a number of milliseconds above 0');
  }
}

function isWhole(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= most;
}

const wrong = (option: string, expected: string): OptionError =>
  new OptionError(option, `Option '${option}' must be ${expected}`);
