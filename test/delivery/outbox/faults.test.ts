// What goes wrong beneath the outbox: the disk, the file, another process with the lock; and what it makes of it.
import { copyFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryTransport } from 'posthorn';
import { Outbox } from 'posthorn/delivery';
import { describe, expect, test } from 'vitest';
import { OutboxError } from '../../../src/base/index.ts';
import { Teller } from '../../../src/delivery/outbox/outbox-events.ts';
import { type Driver, loadDriver } from '../../../src/delivery/outbox/sqlite/driver.ts';
import {
  openSqliteStore,
  type SqliteParts,
} from '../../../src/delivery/outbox/sqlite/open-sqlite-store.ts';
import type { OutboxStore } from '../../../src/delivery/outbox/store.ts';
import type { OutboxEvent, WorkOptions } from '../../../src/delivery/outbox/types.ts';
import { OutboxWorker } from '../../../src/delivery/outbox/worker/outbox-worker.ts';
import { letter, quick, ScriptedTransport, withOutbox } from '../support/outbox-kit.ts';
import { entryOf } from '../support/store-suite.ts';

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-faults-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const sqliteError = (code: string): Error => Object.assign(new Error('disk trouble'), { code });

/** A driver that fails where it is told. */
async function faultyParts(fault: (sql: string) => Error | undefined): Promise<SqliteParts> {
  const open = await loadDriver();
  const check = (sql: string): void => {
    const error = fault(sql);
    if (error) throw error;
  };
  return {
    open: (path) => {
      const driver = open(path);
      const faulty: Driver = {
        exec: (sql) => {
          check(sql);
          driver.exec(sql);
        },
        prepare: (sql) => {
          const statement = driver.prepare(sql);
          return {
            run: (...values) => {
              check(sql);
              return statement.run(...values);
            },
            all: (...values) => {
              check(sql);
              return statement.all(...values);
            },
          };
        },
        close: () => driver.close(),
      };
      return faulty;
    },
  };
}

describe('a disk that fails', () => {
  test.each([
    ['SQLITE_FULL', 'OUTBOX_STORE_FULL', 'There is no room in the outbox'],
    ['SQLITE_IOERR_FSYNC', 'OUTBOX_STORE_FAILED', "can't be read or written (disk trouble)"],
    ['SQLITE_IOERR_WRITE', 'OUTBOX_STORE_FAILED', "can't be read or written (disk trouble)"],
    ['SQLITE_CORRUPT', 'OUTBOX_DAMAGED', 'is damaged (disk trouble); nothing of it was deleted'],
  ])('at any step of a commit nothing is promised (%s)', async (code, ours, words) => {
    for (const at of ['BEGIN', 'INSERT INTO message', 'INSERT INTO content', 'tally', 'COMMIT']) {
      await inFolder(async (folder) => {
        let isBroken = false;
        const parts = await faultyParts((sql) =>
          isBroken && sql.includes(at) ? sqliteError(code) : undefined,
        );
        const url = `sqlite:${join(folder, 'outbox.db')}`;
        const store = await openSqliteStore(url, parts);
        const before = entryOf(store);
        await store.add(before);
        isBroken = true;
        const adding = [store.add(entryOf(store)), store.add(entryOf(store))];
        for (const one of await Promise.allSettled(adding)) {
          expect(one, at).toMatchObject({
            status: 'rejected',
            reason: { name: 'OutboxError', code: ours, message: expect.stringContaining(words) },
          });
        }
        isBroken = false;
        // It works again, and what was refused is not there.
        const after = entryOf(store);
        await store.add(after);
        const entries = await store.list({ limit: 10 });
        expect(entries.map(({ id }) => id)).toEqual([before.id, after.id]);
        expect((await store.count()).byState).toEqual(new Map([['queued', 2]]));
        await store.close();
      });
    }
  });

  test('of many steps in one commit, only those to blame fail', () =>
    inFolder(async (folder) => {
      const store = await openSqliteStore(`sqlite:${join(folder, 'outbox.db')}`);
      const entries = Array.from({ length: 5 }, () => entryOf(store));
      const [, , third] = entries;
      const broken = {
        ...entryOf(store),
        record: () => {
          throw sqliteError('SQLITE_TOOBIG');
        },
      };
      const results = await Promise.allSettled(
        entries.map((entry) => store.add(entry === third ? broken : entry)),
      );
      expect(results.map(({ status }) => status)).toEqual([
        'fulfilled',
        'fulfilled',
        'rejected',
        'fulfilled',
        'fulfilled',
      ]);
      expect(await store.list({ limit: 10 })).toHaveLength(4);
      expect((await store.count()).byState).toEqual(new Map([['queued', 4]]));
      await store.close();
    }));

  test('that is full refuses a message before it is promised, and lets those in it end', () =>
    inFolder(async (folder) => {
      let isFull = false;
      const { freeSpaceAt } = await import('../../../src/delivery/outbox/sqlite/free-space.ts');
      const real = freeSpaceAt(folder);
      const space = {
        check: () => {
          real.check();
          if (isFull) throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' });
        },
      };
      const url = `sqlite:${join(folder, 'outbox.db')}`;
      const store = await openSqliteStore(url, { space });
      await store.add(entryOf(store));
      isFull = true;
      await expect(store.add(entryOf(store))).rejects.toThrow();
      const [claim] = await store.claim({ worker: 'w', limit: 1, leaseMs: 1000, takesOver: true });
      if (!claim) return expect.unreachable();
      const sent = { state: 'sent', dueAt: undefined, settledAt: 1 } as const;
      expect(await store.settle(claim, sent)).toBe(true);
      await store.close();
    }));

  test('really full: SQLite says so, and what is there stays', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'outbox.db');
      const open = await loadDriver();
      const store = await openSqliteStore(`sqlite:${path}`, {
        open: (at) => {
          const driver = open(at);
          driver.exec('PRAGMA page_size = 8192; PRAGMA max_page_count = 40');
          return driver;
        },
      });
      const kept: string[] = [];
      let refusal: unknown;
      for (let i = 0; i < 100 && !refusal; i += 1) {
        const content = { chunks: [Buffer.alloc(10_000, 'x')] };
        await store.add(entryOf(store, { content })).then(
          ({ id }) => kept.push(id),
          (error: unknown) => {
            refusal = error;
          },
        );
      }
      expect(refusal).toMatchObject({ code: 'OUTBOX_STORE_FULL', retryable: true });
      expect(kept.length).toBeGreaterThan(2);
      expect((await store.list({ limit: 100 })).map(({ id }) => id)).toEqual(kept);
      await store.close();
    }));
});

test('a log that is torn at any place holds what was promised before it', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'outbox.db');
    const store = await openSqliteStore(`sqlite:${path}`);
    // How long the log was when each was promised.
    const promised: { readonly id: string; readonly logBytes: number }[] = [];
    for (let i = 0; i < 12; i += 1) {
      const content = { chunks: [Buffer.from(`message ${i} `.repeat(100))] };
      const { id } = await store.add(entryOf(store, { content, record: `${i}` }));
      promised.push({ id, logBytes: (await stat(`${path}-wal`)).size });
    }
    const whole = (await stat(`${path}-wal`)).size;
    const database = await readFile(path);
    const log = await readFile(`${path}-wal`);
    await store.close();
    for (let cut = whole; cut > 0; cut -= Math.ceil(whole / 60)) {
      const torn = join(folder, `torn-${cut}.db`);
      await writeFile(torn, database);
      await writeFile(`${torn}-wal`, log);
      await truncate(`${torn}-wal`, cut);
      const again = await openSqliteStore(`sqlite:${torn}`);
      const entries = await again.list({ limit: 100 });
      const safe = promised.filter(({ logBytes }) => logBytes <= cut).map(({ id }) => id);
      const ids = entries.map(({ id }) => id);
      expect(ids.slice(0, safe.length), `cut at ${cut} of ${whole}`).toEqual(safe);
      for (const { id, record } of entries) {
        let text = '';
        for await (const piece of again.content(id)) text += Buffer.from(piece).toString();
        expect(text).toBe(`message ${record} `.repeat(100));
      }
      await again.close();
      await rm(torn);
    }
  }));

describe('another process', () => {
  test('that recovers the log is waited for by those who read', () =>
    inFolder(async (folder) => {
      let left = 0;
      const parts = await faultyParts((sql) => {
        if (!sql.startsWith('SELECT id')) return undefined;
        left -= 1;
        return left >= 0 ? sqliteError('SQLITE_BUSY_RECOVERY') : undefined;
      });
      const store = await openSqliteStore(`sqlite:${join(folder, 'outbox.db')}`, parts);
      const { id } = await store.add(entryOf(store));
      left = 3;
      expect(await store.read(id)).toMatchObject({ id });
      await store.close();
    }));

  test('that has the lock for a while is waited for, and nothing else stands still', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'outbox.db');
      const store = await openSqliteStore(`sqlite:${path}`);
      const open = await loadDriver();
      const other = open(path);
      other.exec('BEGIN IMMEDIATE');
      let ticks = 0;
      const ticking = setInterval(() => {
        ticks += 1;
      }, 5);
      const adding = store.add(entryOf(store));
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await store.list({ limit: 10 })).toEqual([]);
      other.exec('COMMIT');
      await adding;
      clearInterval(ticking);
      expect(ticks).toBeGreaterThan(10);
      expect(await store.list({ limit: 10 })).toHaveLength(1);
      other.close();
      await store.close();
    }));
});

describe('a file that is none of ours', () => {
  test('is not touched', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'text.db');
      await writeFile(
        path,
        'This is no database at all, and long enough to be looked at.\n'.repeat(200),
      );
      await expect(Outbox.open(`sqlite:${path}`)).rejects.toMatchObject({
        code: 'OUTBOX_DAMAGED',
        message: expect.stringContaining('nothing of it was deleted'),
      });
      expect(await readFile(path, 'utf8')).toContain('no database at all');
    }));

  test('of another program is refused', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'other.db');
      const open = await loadDriver();
      const driver = open(path);
      driver.exec('CREATE TABLE message (id INTEGER)');
      driver.close();
      await expect(Outbox.open(`sqlite:${path}`)).rejects.toMatchObject({
        code: 'OUTBOX_STORE_FAILED',
        message: expect.stringContaining('give the outbox a file of its own'),
      });
    }));

  test('of a newer version is refused', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'outbox.db');
      await (await Outbox.open(`sqlite:${path}`)).close();
      const copy = join(folder, 'newer.db');
      await copyFile(path, copy);
      const open = await loadDriver();
      const driver = open(copy);
      driver.exec('PRAGMA user_version = 99');
      driver.close();
      await expect(Outbox.open(`sqlite:${copy}`)).rejects.toMatchObject({
        message: expect.stringContaining('made by a newer version of Posthorn'),
      });
    }));
});

test('the file is for nobody else to read', () =>
  withOutbox(async ({ outbox, path }) => {
    await outbox.enqueue(letter);
    for (const file of [path, `${path}-wal`]) {
      expect((await stat(file)).mode & 0o077, file).toBe(0);
    }
  }));

describe('a store that fails under a worker', () => {
  async function withFaults(
    faults: (store: OutboxStore) => Partial<OutboxStore>,
    work: (test: {
      readonly store: OutboxStore;
      readonly events: OutboxEvent[];
      start(transport: ScriptedTransport, options?: WorkOptions): OutboxWorker;
    }) => Promise<void>,
  ): Promise<void> {
    await inFolder(async (folder) => {
      const url = `sqlite:${join(folder, 'outbox.db')}`;
      const outbox = await Outbox.open(url);
      await outbox.enqueue(letter);
      await outbox.close();
      const store = await openSqliteStore(url);
      const changed = faults(store);
      const faulty = new Proxy(store, {
        get: (target, name) => {
          const value: unknown = Reflect.get(name in changed ? changed : target, name);
          return typeof value === 'function' && !(name in changed) ? value.bind(target) : value;
        },
      });
      const events: OutboxEvent[] = [];
      const start = (transport: ScriptedTransport, options: WorkOptions = quick): OutboxWorker =>
        new OutboxWorker(faulty, transport, options, {
          delivery: 'at-most-once',
          teller: new Teller((event) => events.push(event)),
          cleanUp: async () => 0,
          closed: () => undefined,
        });
      await work({ store, events, start });
      await store.close();
    });
  }
  const failure = async (): Promise<never> => {
    throw new OutboxError('OUTBOX_STORE_FAILED', 'disk trouble', { retryable: true });
  };

  test('when it can not mark, nothing is sent', () => {
    let left = 2;
    return withFaults(
      (store) => ({
        mark: (claim, note) => {
          left -= 1;
          return left >= 0 ? failure() : store.mark(claim, note);
        },
      }),
      async ({ store, start }) => {
        const transport = new ScriptedTransport();
        const worker = start(transport);
        await expect.poll(async () => (await store.count()).byState.get('sent')).toBe(1);
        await worker.close();
        // Twice it got as far as asking, and the third time through.
        expect(transport.given).toHaveLength(3);
        const [entry] = await store.list({ limit: 1 });
        const record = JSON.parse(entry?.record ?? '') as { attempts: { delivered: string }[] };
        expect(record.attempts.map(({ delivered }) => delivered)).toEqual(['no', 'no', 'yes']);
      },
    );
  });

  test('when it can not note what came of a message, it tries until it can, and sends it once', () => {
    let left = 3;
    return withFaults(
      (store) => ({
        settle: (claim, change) => {
          left -= 1;
          return left >= 0 ? failure() : store.settle(claim, change);
        },
      }),
      async ({ store, events, start }) => {
        const transport = new ScriptedTransport();
        const worker = start(transport);
        await expect.poll(async () => (await store.count()).byState.get('sent')).toBe(1);
        await worker.close();
        expect(transport.given).toHaveLength(1);
        expect(events.filter(({ type }) => type === 'store-failed')).toHaveLength(3);
      },
    );
  });

  test('when it can not be asked for messages, it is asked again', () => {
    let left = 3;
    return withFaults(
      (store) => ({
        claim: (request) => {
          left -= 1;
          return left >= 0 ? failure() : store.claim(request);
        },
      }),
      async ({ store, start }) => {
        const worker = start(new ScriptedTransport());
        await expect.poll(async () => (await store.count()).byState.get('sent')).toBe(1);
        await worker.close();
      },
    );
  });

  test('when its leases can not be renewed, nothing is sent any more', () =>
    withFaults(
      () => ({ renew: failure }),
      async ({ start }) => {
        let refusal: unknown;
        const transport = new ScriptedTransport(async ({ options, to }) => {
          await new Promise((resolve) => setTimeout(resolve, 250));
          await options.beforeFinal?.({ recipients: to, accepted: [] }).catch((error: unknown) => {
            refusal = error;
            throw error;
          });
          return undefined;
        });
        const worker = start(transport, { ...quick, leaseMs: 150 });
        await expect.poll(() => refusal).toMatchObject({ code: 'OUTBOX_LEASE_LOST' });
        await worker.close();
      },
    ));
});

test('a clock that jumps does not take messages from those who have them', () =>
  inFolder(async (folder) => {
    let ahead = 0;
    const now = (): number => Date.now() + ahead;
    const store = await openSqliteStore(`sqlite:${join(folder, 'outbox.db')}`, { now });
    const first = await Outbox.open(`sqlite:${join(folder, 'outbox.db')}`);
    await first.enqueue(letter);
    const [claim] = await store.claim({ worker: 'slow', limit: 1, leaseMs: 2000, takesOver: true });
    const events: OutboxEvent[] = [];
    const transport = new MemoryTransport();
    const worker = new OutboxWorker(
      store,
      transport,
      { leaseMs: 600 },
      {
        delivery: 'at-least-once',
        teller: new Teller((event) => events.push(event)),
        cleanUp: async () => 0,
        closed: () => undefined,
      },
    );
    ahead = 3_600_000;
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(events).toMatchObject([{ type: 'clock-jump' }]);
    expect(transport.messages).toHaveLength(0);
    if (!claim) return expect.unreachable();
    const sent = { state: 'sent', dueAt: undefined, settledAt: now() } as const;
    expect(await store.settle(claim, sent)).toBe(true);
    await worker.close();
    await first.close();
    await store.close();
  }));
