// The options of a worker, checked, with what holds where they say nothing.
import { hostname } from 'node:os';
import { OptionError } from '../../../base/index.ts';
import { checkNames, type KnownNames } from '../../../message/internal.ts';
import type { OutboxMessage, WorkOptions } from '../types.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const LONGEST_NAME = 200;

/** When a message is tried again. */
export interface RetrySettings {
  readonly schedule: readonly number[];
  readonly jitter: number;
  readonly maxAgeMs: number;
}

/** What a worker goes by. */
export interface WorkSettings {
  readonly concurrency: number;
  readonly retry: RetrySettings;
  readonly classify: WorkOptions['classify'];
  readonly destination: ((message: OutboxMessage) => string) | undefined;
  readonly circuit: { readonly failures: number; readonly openMs: number };
  readonly leaseMs: number;
  readonly name: string;
  readonly pauseMs: number;
  readonly maxRetryAfterMs: number;
  readonly signal: AbortSignal | undefined;
}

// RFC 5321 section 4.5.4.1: at least 30 minutes between attempts, as a rule, and more often in the beginning.
const SCHEDULE = [1, 5, 15, 30, 60, 120, 240].map((minutes) => minutes * MINUTE_MS);

const known: KnownNames = {
  of: 'a worker',
  names: new Set<keyof WorkOptions>([
    'concurrency',
    'retry',
    'classify',
    'destination',
    'circuit',
    'leaseMs',
    'name',
    'pauseMs',
    'maxRetryAfterMs',
    'signal',
  ]),
  habits: new Map([
    ['attempts', 'write retry: { schedule: [60_000, 300_000], maxAgeMs }'],
    ['backoff', 'write retry: { schedule: [60_000, 300_000] }'],
    ['delivery', 'give it to Outbox.open or to enqueue'],
  ]),
};

const knownRetry: KnownNames = {
  of: 'retry',
  names: new Set<keyof NonNullable<WorkOptions['retry']>>(['schedule', 'jitter', 'maxAgeMs']),
  habits: new Map([['maxAge', 'write maxAgeMs']]),
};

let workers = 0;

/** The settings that options stand for. Throws an `OptionError` that names what is wrong. */
export function workSettings(options: WorkOptions): WorkSettings {
  checkNames(options, known);
  const { retry = {}, circuit = {}, classify, destination, signal, name } = options;
  checkNames(retry, knownRetry);
  const { schedule = SCHEDULE, jitter = 0.2, maxAgeMs = 120 * HOUR_MS } = retry;
  if (!Array.isArray(schedule) || schedule.length === 0 || !schedule.every(isWait)) {
    throw wrong('retry.schedule', 'a list of milliseconds, each from 0');
  }
  if (!(jitter >= 0 && jitter <= 1)) throw wrong('retry.jitter', 'a number from 0 to 1');
  if (!(maxAgeMs >= 0)) throw wrong('retry.maxAgeMs', 'milliseconds from 0');
  for (const [key, value] of Object.entries({ classify, destination })) {
    if (value !== undefined && typeof value !== 'function') throw wrong(key, 'a function');
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw wrong('signal', 'an AbortSignal');
  }
  if (name !== undefined && (typeof name !== 'string' || !name || name.length > LONGEST_NAME)) {
    throw wrong('name', `a string of 1 to ${LONGEST_NAME} characters`);
  }
  workers += 1;
  return {
    concurrency: whole(options.concurrency ?? 5, 'concurrency', 1),
    retry: { schedule, jitter, maxAgeMs },
    classify,
    destination,
    circuit: {
      failures: whole(circuit.failures ?? 5, 'circuit.failures', 1),
      openMs: whole(circuit.openMs ?? 30_000, 'circuit.openMs', 1),
    },
    leaseMs: whole(options.leaseMs ?? MINUTE_MS, 'leaseMs', 100),
    name: name ?? `${hostname()}:${process.pid}:${workers}`,
    pauseMs: whole(options.pauseMs ?? 5 * MINUTE_MS, 'pauseMs', 1),
    maxRetryAfterMs: whole(options.maxRetryAfterMs ?? HOUR_MS, 'maxRetryAfterMs', 0),
    signal,
  };
}

function isWait(ms: unknown): boolean {
  return typeof ms === 'number' && Number.isFinite(ms) && ms >= 0;
}

function whole(value: number, option: string, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw wrong(option, `a whole number from ${least}`);
}

const wrong = (option: string, expected: string): OptionError =>
  new OptionError(option, `Option '${option}' must be ${expected}`);
