// The meaning of the outbox against a reference model: random claims, attempts, crashes and wishes; what each recipient got,
// and what is said of it, must fit.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type {
  DeliveryMode,
  StoredAttempt,
  StoredRecord,
} from '../../../src/delivery/outbox/record.ts';
import {
  afterAttempt,
  changeOf,
  dueAtOf,
  type Fate,
  isOpen,
  stateOf,
  takeUp,
} from '../../../src/delivery/outbox/states.ts';
import type { Interruption } from '../../../src/delivery/outbox/store.ts';
import { cancelled, dropped, resent, retried } from '../../../src/delivery/outbox/wishes.ts';

const RECIPIENTS = 3;
const START = 1_000_000;

function newRecord(): StoredRecord {
  return {
    version: 1,
    messageId: '<m@example.com>',
    from: 'a@example.com',
    size: 1,
    crc: 1,
    enqueuedAt: START,
    recipients: Array.from({ length: RECIPIENTS }, (_, i) => ({
      address: `r${i}@example.org`,
      state: 'queued',
      failures: 0,
    })),
    attempts: [],
  };
}

const attemptWith = (
  fates: readonly Fate[],
  delivered: StoredAttempt['delivered'],
  isPossibleDuplicate: boolean,
): StoredAttempt => ({
  at: 0,
  durationMs: 0,
  worker: 'w',
  transport: 't',
  delivered,
  ...(isPossibleDuplicate && { isPossibleDuplicate: true }),
  results: fates.map(({ recipient, state }) => ({ recipient, state })),
});

/** What the world knows, and nobody tells the record. */
class World {
  record: StoredRecord = newRecord();
  now: number = START;
  readonly delivery: DeliveryMode;
  // How often each recipient has the message.
  readonly got: number[] = Array.from({ length: RECIPIENTS }, () => 0);
  // Said by a person to be sent again, or to be given up, though nobody knew.
  readonly risked = new Set<number>();
  interruption: Interruption | undefined;

  constructor(delivery: DeliveryMode) {
    this.delivery = delivery;
  }

  claim(): ReturnType<typeof takeUp> {
    const taken = takeUp(this.record, this.interruption, {
      now: this.now,
      delivery: this.delivery,
      slackMs: 0,
    });
    this.interruption = undefined;
    this.record = taken.record;
    return taken;
  }

  deliver(place: number): void {
    expect(this.record.recipients[place]?.state, 'who has it gets it again').not.toBe('sent');
    this.got[place] = (this.got[place] ?? 0) + 1;
  }
}

const outcome = fc.constantFrom('sent', 'deferred', 'failed', 'unknown-got', 'unknown-lost');
type Outcome = 'sent' | 'deferred' | 'failed' | 'unknown-got' | 'unknown-lost';

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('attempt' as const),
      outcomes: fc.array(outcome, { minLength: RECIPIENTS, maxLength: RECIPIENTS }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('crash' as const),
      at: fc.constantFrom('before-mark', 'after-mark', 'second-transaction'),
      got: fc.array(fc.boolean(), { minLength: RECIPIENTS, maxLength: RECIPIENTS }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.integer({ min: 0, max: 5000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'retry' as const,
        'cancel' as const,
        'resend' as const,
        'drop' as const,
      ),
    }),
  },
);

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function run(world: World, one: Step): void {
  if (one.kind === 'wait') world.now += one.ms;
  else if (one.kind === 'attempt') attempt(world, one.outcomes as Outcome[]);
  else if (one.kind === 'crash') crash(world, one.at, one.got);
  else if (world.interruption === undefined) wish(world, one.kind);
}

function attempt(world: World, outcomes: readonly Outcome[]): void {
  const { open, isPossibleDuplicate } = world.claim();
  if (open.length === 0) return;
  const fates = open.map((place): Fate => {
    const what = outcomes[place] ?? 'sent';
    if (what === 'sent' || what === 'unknown-got') world.deliver(place);
    if (what === 'sent') return { recipient: place, state: 'sent' };
    if (what === 'failed') return { recipient: place, state: 'failed', isCounted: true };
    const isLeft = what !== 'deferred' && world.delivery === 'at-most-once';
    if (isLeft) return { recipient: place, state: 'unknown' };
    return { recipient: place, state: 'deferred', retryAt: world.now + 1000, isCounted: true };
  });
  const isUnknown = open.some((place) => outcomes[place]?.startsWith('unknown'));
  world.record = afterAttempt(
    world.record,
    attemptWith(fates, isUnknown ? 'unknown' : 'yes', isPossibleDuplicate),
    fates,
    world.now,
  );
}

function crash(world: World, at: string, got: readonly boolean[]): void {
  const { open } = world.claim();
  if (open.length === 0) return;
  const claimedAt = world.now;
  world.now += 100;
  const lost = { worker: 'dead', claimedAt };
  if (at === 'before-mark') {
    world.interruption = { ...lost, mark: undefined };
    return;
  }
  const [first, ...rest] = open;
  if (at === 'second-transaction' && first !== undefined && rest.length > 0) {
    world.deliver(first);
    for (const place of rest) if (got[place]) world.deliver(place);
    world.interruption = { ...lost, mark: JSON.stringify({ recipients: rest, accepted: [first] }) };
    return;
  }
  for (const place of open) if (got[place]) world.deliver(place);
  world.interruption = { ...lost, mark: '{}' };
}

function wish(world: World, kind: 'retry' | 'cancel' | 'resend' | 'drop'): void {
  const { record, now } = world;
  if (kind !== 'retry') {
    const changes = { cancel: cancelled, resend: resent, drop: dropped };
    if (kind === 'resend' || kind === 'drop') {
      for (const [place, { state }] of record.recipients.entries()) {
        if (state === 'unknown') world.risked.add(place);
      }
    }
    world.record = changes[kind](record, now) ?? record;
    return;
  }
  for (const [place, { isDropped }] of record.recipients.entries()) {
    if (isDropped) world.risked.add(place);
  }
  world.record = retried(record, now) ?? record;
}

function check(world: World): void {
  const { record, got, delivery, risked } = world;
  expect(record.recipients).toHaveLength(RECIPIENTS);
  const isOpenAnywhere = record.recipients.some(isOpen);
  expect(dueAtOf(record) !== undefined).toBe(isOpenAnywhere);
  const change = changeOf(record, '', world.now);
  expect(change.settledAt === undefined).toBe(isOpenAnywhere);
  expect(record.recipients.map(({ state }) => state)).toContain(stateOf(record));
  for (const [place, recipient] of record.recipients.entries()) {
    const times = got[place] ?? 0;
    // What is said to be sent has arrived.
    if (recipient.state === 'sent') expect(times).toBeGreaterThan(0);
    const mine = record.attempts.filter(({ results }) =>
      results.some((result) => result.recipient === place),
    );
    const mayHaveArrived = mine.some(({ delivered }) => delivered === 'unknown');
    const isPending = world.interruption !== undefined;
    // Whoever has it without being known to is known as somebody of whom nobody knows.
    if (times > 0 && recipient.state !== 'sent' && !isPending) expect(mayHaveArrived).toBe(true);
    if (times <= 1) continue;
    if (delivery === 'at-most-once') expect(risked.has(place), 'doubled by itself').toBe(true);
    // A double is told of, at the latest when its attempt is.
    if (!isPending) expect(mayHaveArrived).toBe(true);
    if (recipient.state === 'sent' && !isPending) {
      expect(
        mine.some(({ isPossibleDuplicate }) => isPossibleDuplicate) ||
          mine.filter(({ delivered }) => delivered === 'unknown').length >= times - 1,
      ).toBe(true);
    }
  }
}

describe.each(['at-least-once', 'at-most-once'] as const)('%s', (delivery) => {
  test('whatever happens, nobody who has it gets it again unknowingly, and nobody is forgotten', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const world = new World(delivery);
        for (const one of steps) {
          run(world, one);
          check(world);
        }
        // In the end everybody gets it who still may.
        for (let i = 0; i < 3; i += 1) {
          world.now += 10_000;
          attempt(world, ['sent', 'sent', 'sent']);
          check(world);
        }
        expect(world.record.recipients.some(isOpen)).toBe(false);
      }),
      { numRuns: 150 },
    );
  });
});

test('a first attempt and the last hundred are kept', () => {
  let record = newRecord();
  for (let i = 0; i < 150; i += 1) {
    const fates: Fate[] = [{ recipient: 0, state: 'deferred', retryAt: i }];
    record = afterAttempt(record, { ...attemptWith(fates, 'no', false), at: i }, fates, i);
  }
  expect(record.attempts).toHaveLength(101);
  expect(record.forgottenAttempts).toBe(49);
  expect(record.attempts[0]?.at).toBe(0);
  expect(record.attempts.at(-1)?.at).toBe(149);
});

test('a note that can not be read leaves nobody out', () => {
  const rules = { now: START + 1, delivery: 'at-most-once', slackMs: 0 } as const;
  const lost = { worker: 'dead', claimedAt: START, mark: '{"recip' };
  const { record, open } = takeUp(newRecord(), lost, rules);
  expect(open).toEqual([]);
  expect(record.recipients.map(({ state }) => state)).toEqual(['unknown', 'unknown', 'unknown']);
  expect(record.attempts).toMatchObject([
    { code: 'OUTBOX_INTERRUPTED', delivered: 'unknown', worker: 'dead', stage: 'final-reply' },
  ]);
});

test('a worker that died before the mark costs nothing', () => {
  const rules = { now: START + 1, delivery: 'at-most-once', slackMs: 0 } as const;
  const lost = { worker: 'dead', claimedAt: START, mark: undefined };
  const { record, open, isPossibleDuplicate } = takeUp(newRecord(), lost, rules);
  expect(open).toEqual([0, 1, 2]);
  expect(isPossibleDuplicate).toBe(false);
  expect(record.attempts).toMatchObject([{ code: 'OUTBOX_INTERRUPTED', delivered: 'no' }]);
  expect(record.recipients.every(({ failures }) => failures === 0)).toBe(true);
});
