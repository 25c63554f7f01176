import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type RaceRules, race } from '../../src/smtp/race.ts';

/** What a runner does: arrives or fails after so many milliseconds, with a sign of life before. */
interface Course {
  readonly name: string;
  readonly ms: number;
  readonly fails?: true;
  readonly stops?: true;
  readonly signAt?: number;
  readonly claims?: true;
}

interface Record {
  readonly started: string[];
  readonly aborted: string[];
  readonly late: string[];
  readonly failed: string[];
}

function rules(record: Record, changes: object = {}): RaceRules<Course, string> {
  return {
    go: async ({ name, ms, fails, signAt, claims }, signal, signs) => {
      record.started.push(name);
      signal.addEventListener('abort', () => record.aborted.push(name));
      if (signAt !== undefined) {
        await sleep(signAt);
        if (claims) signs.claim();
        else signs.alive();
      }
      await sleep(ms - (signAt ?? 0));
      if (fails) throw new Error(name);
      return name;
    },
    headStartMs: { beforeFirstSign: 20, afterwards: 60 },
    graceMs: 40,
    onFailure: ({ name, stops }) => {
      record.failed.push(name);
      return stops ? 'stop' : 'go on';
    },
    onLate: (name) => record.late.push(name),
    ...changes,
  };
}

const fresh = (): Record => ({ started: [], aborted: [], late: [], failed: [] });

describe('a race', () => {
  it('starts one only when the first arrives in time', async () => {
    const record = fresh();
    const ways = [
      { name: 'a', ms: 5 },
      { name: 'b', ms: 1 },
    ];
    expect((await race(ways, rules(record)))?.arrival).toBe('a');
    await sleep(30);
    expect(record.started).toEqual(['a']);
  });

  it('starts the next when nobody gives a sign, and gives up those that lose', async () => {
    const record = fresh();
    const ways = [
      { name: 'a', ms: 500 },
      { name: 'b', ms: 5 },
      { name: 'c', ms: 5 },
    ];
    expect((await race(ways, rules(record)))?.arrival).toBe('b');
    expect(record).toMatchObject({ started: ['a', 'b'], aborted: ['a'], failed: [] });
  });

  it('starts the next at once when one fails', async () => {
    const record = fresh();
    const startedAt = performance.now();
    const ways = ['a', 'b', 'c'].map((name) => ({ name, ms: 1, fails: true as const }));
    const slow = { headStartMs: { beforeFirstSign: 5000, afterwards: 5000 } };
    expect(await race([...ways, { name: 'd', ms: 1 }], rules(record, slow))).toMatchObject({
      way: { name: 'd' },
    });
    expect(performance.now() - startedAt).toBeLessThan(3000);
    expect(record.failed).toEqual(['a', 'b', 'c']);
  });

  it('waits longer for one that lives', async () => {
    const record = fresh();
    const ways = [
      { name: 'a', ms: 60, signAt: 10 },
      { name: 'b', ms: 1 },
    ];
    expect((await race(ways, rules(record)))?.arrival).toBe('a');
    expect(record.started).toEqual(['a']);
  });

  it('prefers a better one that lives and arrives within the grace time', async () => {
    const ways = [
      { name: 'a', ms: 110, signAt: 10 },
      { name: 'b', ms: 5 },
    ];
    const record = fresh();
    expect((await race(ways, rules(record)))?.arrival).toBe('a');
    expect(record).toMatchObject({ started: ['a', 'b'], late: ['b'] });
    const tooLate = [{ name: 'a', ms: 300, signAt: 10 }, ...ways.slice(1)];
    expect((await race(tooLate, rules(fresh())))?.arrival).toBe('b');
  });

  it('does not wait for a better one that gave no sign', async () => {
    const record = fresh();
    const startedAt = performance.now();
    const ways = [
      { name: 'a', ms: 3000 },
      { name: 'b', ms: 5 },
    ];
    expect((await race(ways, rules(record, { graceMs: 5000 })))?.arrival).toBe('b');
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  it('ends with the failure that says so', async () => {
    const record = fresh();
    const ways = [
      { name: 'a', ms: 40, fails: true as const, stops: true as const },
      { name: 'b', ms: 500 },
    ];
    await expect(race(ways, rules(record))).rejects.toThrow('a');
    expect(record.aborted).toEqual(['b']);
  });

  it('ends without a winner when all fail', async () => {
    const record = fresh();
    const ways = ['a', 'b'].map((name) => ({ name, ms: 30, fails: true as const }));
    expect(await race(ways, rules(record))).toBeUndefined();
    expect(record.failed).toEqual(['a', 'b']);
    expect(await race([], rules(record))).toBeUndefined();
  });

  it('is over for the others when one claims it, whatever comes of that', async () => {
    const record = fresh();
    const ways = [
      { name: 'a', ms: 500 },
      { name: 'b', ms: 40, signAt: 10, claims: true as const, fails: true as const },
      { name: 'c', ms: 1 },
    ];
    expect(await race(ways, rules(record))).toBeUndefined();
    expect(record).toMatchObject({ started: ['a', 'b'], aborted: ['a'], failed: ['b'] });
  });
});
