import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CappedLane } from '../../../src/client/pool/capped-lane.ts';
import {
  Pool,
  type PoolEvents,
  type PoolJob,
  type PoolLink,
} from '../../../src/client/pool/pool.ts';

class Job implements PoolJob {
  readonly name: string;
  readonly lane: unknown;
  error: unknown;

  constructor(name: string, lane: unknown = 'one') {
    this.name = name;
    this.lane = lane;
  }

  fail(error: unknown): void {
    this.error = error;
  }
}

class Link implements PoolLink<Job> {
  readonly jobs: Job[] = [];
  readonly served: string[] = [];
  readonly events: PoolEvents<Job>;
  readonly #room: number;
  isHeld = true;
  hasLeft = false;
  isWornOut = false;
  isBroken = false;
  pool: Pool<Job> | undefined;

  constructor(events: PoolEvents<Job>, room: number) {
    this.events = events;
    this.#room = room;
  }

  get load(): number {
    return this.jobs.length;
  }

  get hasRoom(): boolean {
    return !this.isBroken && !this.isWornOut && this.jobs.length < this.#room;
  }

  take(job: Job): void {
    this.jobs.push(job);
  }

  hold(isNeeded: boolean): void {
    this.isHeld = isNeeded;
  }

  async leave(): Promise<void> {
    this.hasLeft = true;
  }

  finish(): void {
    const job = this.jobs.shift();
    if (job) this.served.push(job.name);
    this.events.room(this);
  }

  break(isUnwelcome = false): void {
    this.isBroken = true;
    for (const job of this.jobs.splice(0).toReversed()) this.pool?.resubmit(job);
    this.events.gone(this, isUnwelcome);
  }
}

class World {
  readonly links: Link[] = [];
  attempts = 0;
  room = 1;
  refusal: Error | undefined;
  openMs = 0;

  pool(options: Partial<ConstructorParameters<typeof Pool<Job>>[0]> = {}): Pool<Job> {
    const pool = new Pool<Job>({
      max: 3,
      idleMs: 1_000,
      rate: undefined,
      open: async (events) => {
        this.attempts += 1;
        if (this.openMs > 0) await new Promise((resolve) => setTimeout(resolve, this.openMs));
        if (this.refusal) throw this.refusal;
        const link = new Link(events, this.room);
        link.pool = pool;
        this.links.push(link);
        return link;
      },
      ...options,
    });
    return pool;
  }

  get open(): Link[] {
    return this.links.filter(({ hasLeft }) => !hasLeft);
  }

  loads(): number[] {
    return this.links.map(({ load }) => load);
  }
}

const settle = async (): Promise<void> => {
  await vi.advanceTimersByTimeAsync(0);
};

const submit = (pool: Pool<Job>, count: number, lane?: unknown): Job[] => {
  const name = typeof lane === 'string' ? lane : '';
  const jobs = Array.from({ length: count }, (_, at) => new Job(`${name}${at}`, lane));
  for (const job of jobs) pool.submit(job);
  return jobs;
};

let world: World;
beforeEach(() => {
  vi.useFakeTimers();
  world = new World();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('opening', () => {
  test('no job, no connection', async () => {
    world.pool();
    await settle();
    expect(world.attempts).toBe(0);
  });

  test('the first connection is tried alone; then as many as work needs, up to the most', async () => {
    world.openMs = 10;
    const pool = world.pool();
    submit(pool, 10);
    await vi.advanceTimersByTimeAsync(5);
    expect(world.attempts).toBe(1);
    await vi.advanceTimersByTimeAsync(30);
    expect(world.attempts).toBe(3);
    expect(world.loads()).toEqual([1, 1, 1]);
  });

  test('one job after the other needs one connection', async () => {
    const pool = world.pool();
    for (let round = 0; round < 5; round += 1) {
      submit(pool, 1);
      await settle();
      world.links[0]?.finish();
      await settle();
    }
    expect(world.attempts).toBe(1);
    expect(world.links[0]?.served).toHaveLength(5);
  });

  test('a failure ends every job that waits, after one attempt', async () => {
    world.refusal = new Error('wrong password');
    const pool = world.pool();
    const jobs = submit(pool, 10);
    await settle();
    expect(jobs.map(({ error }) => error)).toEqual(jobs.map(() => world.refusal));
    expect(world.attempts).toBe(1);
    world.refusal = undefined;
    const [later] = submit(pool, 1);
    await settle();
    expect(later?.error).toBeUndefined();
    expect(world.loads()).toEqual([1]);
  });

  test('a failure beside open connections fails nobody and is not repeated at once', async () => {
    const pool = world.pool();
    submit(pool, 1);
    await settle();
    world.refusal = new Error('too many connections');
    const jobs = submit(pool, 4);
    await settle();
    const attempts = world.attempts;
    expect(attempts).toBe(3);
    for (let turn = 0; turn < 5; turn += 1) {
      world.links[0]?.finish();
      await settle();
    }
    expect(world.attempts).toBe(attempts);
    expect(jobs.some(({ error }) => error !== undefined)).toBe(false);
    expect(world.links[0]?.served).toHaveLength(5);
  });

  test('it recovers: later one more connection is tried while work waits', async () => {
    const pool = world.pool();
    submit(pool, 1);
    await settle();
    world.refusal = new Error('too many connections');
    submit(pool, 9);
    await settle();
    world.refusal = undefined;
    expect(world.links).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(10_001);
    expect(world.links).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(10_001);
    expect(world.links).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(world.links).toHaveLength(3);
  });
});

describe('dispatch', () => {
  test('jobs ride along only where no connection can be opened', async () => {
    world.room = 2;
    const pool = world.pool();
    submit(pool, 3);
    await settle();
    expect(world.loads()).toEqual([1, 1, 1]);
    submit(pool, 2);
    await settle();
    expect(world.loads().toSorted()).toEqual([1, 2, 2]);
  });

  test('a job goes to the connection that has the least to do', async () => {
    world.room = 8;
    const pool = world.pool({ max: 2 });
    submit(pool, 2);
    await settle();
    submit(pool, 4);
    await settle();
    expect(world.loads()).toEqual([3, 3]);
    world.links[1]?.finish();
    world.links[1]?.finish();
    submit(pool, 1);
    expect(world.loads()).toEqual([3, 2]);
  });

  test('callers take turns: a short one is not held up by a long one', async () => {
    const pool = world.pool({ max: 1 });
    submit(pool, 100, 'bulk');
    submit(pool, 2, 'single');
    await settle();
    for (let turn = 0; turn < 5; turn += 1) world.links[0]?.finish();
    expect(world.links[0]?.served).toEqual(['bulk0', 'single0', 'bulk1', 'single1', 'bulk2']);
  });

  test('a job that nobody has begun can be taken back', async () => {
    const pool = world.pool({ max: 1 });
    const [first, second] = submit(pool, 2);
    await settle();
    expect(first && pool.withdraw(first)).toBe(false);
    expect(second && pool.withdraw(second)).toBe(true);
    world.links[0]?.finish();
    expect(world.links[0]?.served).toEqual(['0']);
    expect(world.links[0]?.load).toBe(0);
  });

  test('what a lost connection has not begun goes to another, before what came later', async () => {
    const pool = world.pool({ max: 1 });
    world.room = 2;
    submit(pool, 4);
    await settle();
    expect(world.loads()).toEqual([2]);
    world.links[0]?.break();
    await settle();
    world.links[1]?.finish();
    world.links[1]?.finish();
    expect(world.links[1]?.served).toEqual(['0', '1']);
  });

  test('a server that wants fewer connections gets fewer', async () => {
    const pool = world.pool();
    submit(pool, 9);
    await settle();
    world.links[2]?.break(true);
    await settle();
    expect(world.attempts).toBe(3);
    expect(world.loads()).toEqual([1, 1, 0]);
  });

  test('a connection that has done its share leaves, and another takes over', async () => {
    const pool = world.pool({ max: 1 });
    submit(pool, 2);
    await settle();
    const [link] = world.links;
    if (link) link.isWornOut = true;
    link?.finish();
    await settle();
    expect(link?.hasLeft).toBe(true);
    expect(world.loads()).toEqual([0, 1]);
  });
});

describe('a caller with a bound of its own', () => {
  test('below that of the pool leaves connections to the others', async () => {
    const pool = world.pool();
    const lane = new CappedLane(1);
    pool.join(lane);
    submit(pool, 5, lane);
    await settle();
    expect(world.loads()).toEqual([1]);
    submit(pool, 3, 'other');
    await settle();
    expect(world.loads()).toEqual([1, 1, 1]);
    world.links[0]?.finish();
    await settle();
    // It is free for both; the other caller is next in turn, so the first may go where it has come to rest.
    expect(world.loads()).toEqual([1, 1, 1]);
    for (let turn = 0; turn < 9; turn += 1) {
      for (const link of world.links) if (link.load > 0) link.finish();
      await settle();
    }
    expect(world.links.flatMap(({ served }) => served)).toHaveLength(8);
    expect(world.attempts).toBe(3);
  });

  test('rides along on its own connection only', async () => {
    world.room = 8;
    const pool = world.pool({ max: 2 });
    const lane = new CappedLane(1);
    pool.join(lane);
    submit(pool, 2, 'other');
    await settle();
    expect(world.loads()).toEqual([1, 1]);
    submit(pool, 4, lane);
    await settle();
    expect(world.loads().toSorted()).toEqual([1, 5]);
  });

  test('above that of the pool has more for the time', async () => {
    const pool = world.pool({ max: 1 });
    const lane = new CappedLane(3);
    pool.join(lane);
    submit(pool, 7, lane);
    await settle();
    expect(world.loads()).toEqual([1, 1, 1]);
    for (let turn = 0; turn < 2; turn += 1) for (const link of world.links) link.finish();
    world.links[0]?.finish();
    expect(world.loads()).toEqual([0, 0, 0]);
    pool.part(lane);
    expect(world.open).toHaveLength(1);
    submit(pool, 2);
    await settle();
    expect(world.attempts).toBe(3);
  });

  test('has its jobs back when it stops', async () => {
    const pool = world.pool({ max: 1 });
    submit(pool, 1, 'other');
    const lane = {};
    const jobs = submit(pool, 3, lane);
    await settle();
    expect(pool.withdrawAll(lane)).toEqual(jobs);
    expect(pool.withdrawAll(lane)).toEqual([]);
    world.links[0]?.finish();
    expect(world.links[0]?.served).toEqual(['other0']);
    expect(world.loads()).toEqual([0]);
  });
});

describe('rate', () => {
  test('two per second are two in any second, over all connections', async () => {
    const begun: number[] = [];
    const pool = world.pool({ max: 3, rate: { messages: 2, perMs: 1_000 } });
    const start = performance.now();
    submit(pool, 9);
    for (let ms = 0; ms < 5_000; ms += 50) {
      await vi.advanceTimersByTimeAsync(50);
      for (const link of world.links) {
        if (link.load === 0) continue;
        begun.push(performance.now() - start);
        link.finish();
      }
    }
    expect(begun).toHaveLength(9);
    for (let at = 2; at < begun.length; at += 1) {
      expect((begun[at] ?? 0) - (begun[at - 2] ?? 0)).toBeGreaterThanOrEqual(950);
    }
    expect(begun.at(-1)).toBeLessThan(4_500);
  });
});

describe('rest', () => {
  test('an idle connection does not keep the process alive, and is closed in time', async () => {
    const pool = world.pool();
    submit(pool, 1);
    await settle();
    expect(world.links[0]?.isHeld).toBe(true);
    world.links[0]?.finish();
    expect(world.links[0]?.isHeld).toBe(false);
    await vi.advanceTimersByTimeAsync(500);
    submit(pool, 1);
    expect(world.links[0]?.isHeld).toBe(true);
    world.links[0]?.finish();
    await vi.advanceTimersByTimeAsync(900);
    expect(world.links[0]?.hasLeft).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(world.links[0]?.hasLeft).toBe(true);
  });

  test('close waits for what is under way and what waits, then says goodbye', async () => {
    const pool = world.pool({ max: 1 });
    submit(pool, 2);
    await settle();
    let isClosed = false;
    const closing = pool.close().then(() => {
      isClosed = true;
    });
    expect(() => pool.enter()).toThrow(expect.objectContaining({ code: 'CLIENT_CLOSED' }));
    await settle();
    expect(isClosed).toBe(false);
    world.links[0]?.finish();
    await settle();
    expect(isClosed).toBe(false);
    world.links[0]?.finish();
    await closing;
    expect(world.links[0]?.served).toEqual(['0', '1']);
    expect(world.open).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
