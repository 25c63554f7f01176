// What every store of the outbox has to do, whatever it is made of.
import { describe, expect, test } from 'vitest';
import { newEntryId } from '../../../src/delivery/outbox/entry-id.ts';
import type { Change, Claim, NewEntry, OutboxStore } from '../../../src/delivery/outbox/store.ts';

/** A store under test. */
export interface StoreUnderTest {
  /** Opens the same store again; each is closed by the test. */
  open(): Promise<OutboxStore>;
  /** Removes it. */
  remove(): Promise<void>;
}

const LEASE_MS = 60_000;
const everything = { limit: 100, leaseMs: LEASE_MS, takesOver: true };

/** An entry with the fields that a test cares about. */
export function entryOf(
  store: OutboxStore,
  fields: Partial<Omit<NewEntry, 'record'>> & { record?: string } = {},
): NewEntry {
  const now = store.now();
  const { record = '{"a":1}', ...rest } = fields;
  return {
    id: newEntryId(now),
    key: undefined,
    messageId: '<m@example.com>',
    priority: 0,
    dueAt: now - 1000,
    createdAt: now,
    content: { chunks: [Buffer.from('Subject: x\r\n\r\n'), Buffer.from('body\r\n')] },
    ...rest,
    record: () => record,
  };
}

async function added(
  store: OutboxStore,
  fields: Parameters<typeof entryOf>[1] = {},
): Promise<string> {
  const { id } = await store.add(entryOf(store, fields));
  return id;
}

async function bytesOf(store: OutboxStore, id: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of store.content(id)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString();
}

async function claimOne(store: OutboxStore, worker = 'w', leaseMs = LEASE_MS): Promise<Claim> {
  const [claim] = await store.claim({ ...everything, worker, leaseMs, limit: 1 });
  if (!claim) return expect.unreachable('there was nothing to claim');
  return claim;
}

const sent = (store: OutboxStore, record?: string): Change => ({
  state: 'sent',
  dueAt: undefined,
  settledAt: store.now(),
  ...(record !== undefined && { record }),
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The tests of a store. `make` gives a new, empty one each time. */
export function storeSuite(name: string, make: () => Promise<StoreUnderTest>): void {
  async function withStore(
    work: (store: OutboxStore, reopen: () => Promise<OutboxStore>) => Promise<void>,
  ): Promise<void> {
    const home = await make();
    const open: OutboxStore[] = [];
    const opened = async (): Promise<OutboxStore> => {
      const store = await home.open();
      open.push(store);
      return store;
    };
    try {
      await work(await opened(), opened);
    } finally {
      for (const store of open) await store.close();
      await home.remove();
    }
  }

  describe(`the ${name} store`, () => {
    test('keeps what it is given, and gives it back', () =>
      withStore(async (store) => {
        const entry = entryOf(store, { priority: 3, messageId: '<one@example.com>' });
        expect(await store.add(entry)).toEqual({ id: entry.id, isNew: true });
        expect(await store.read(entry.id)).toMatchObject({
          id: entry.id,
          key: undefined,
          priority: 3,
          state: 'queued',
          dueAt: entry.dueAt,
          createdAt: entry.createdAt,
          settledAt: undefined,
          record: '{"a":1}',
          lease: undefined,
        });
        expect(await bytesOf(store, entry.id)).toBe('Subject: x\r\n\r\nbody\r\n');
        expect(await store.read(newEntryId())).toBeUndefined();
        expect(await bytesOf(store, newEntryId())).toBe('');
      }));

    test('is still there when it is opened again', () =>
      withStore(async (store, reopen) => {
        const id = await added(store);
        const again = await reopen();
        expect(await again.read(id)).toMatchObject({ id, state: 'queued' });
        expect(await bytesOf(again, id)).toContain('body');
      }));

    test('of two entries with a key, the first stays', () =>
      withStore(async (store) => {
        const first = await added(store, { key: 'order 7', record: '1' });
        const second = await store.add(entryOf(store, { key: 'order 7', record: '2' }));
        expect(second).toEqual({ id: first, isNew: false });
        const many = await Promise.all(
          Array.from({ length: 20 }, () => store.add(entryOf(store, { key: 'order 8' }))),
        );
        expect(many.filter(({ isNew }) => isNew)).toHaveLength(1);
        expect(new Set(many.map(({ id }) => id)).size).toBe(1);
        expect(await store.list({ limit: 10 })).toHaveLength(2);
        expect(await store.list({ limit: 10, key: 'order 7' })).toMatchObject([
          { id: first, record: '1', key: 'order 7' },
        ]);
      }));

    test('content that comes as a stream is never held whole', () =>
      withStore(async (store) => {
        const size = 3 * 1024 * 1024 + 17;
        const digits = Buffer.alloc(size, '0123456789');
        async function* chunks(): AsyncGenerator<Uint8Array> {
          // Memory that is written over, as some sources do.
          const memory = Buffer.alloc(100_000);
          for (let at = 0; at < size; at += memory.length) {
            const end = Math.min(size, at + memory.length);
            digits.copy(memory, 0, at, end);
            yield memory.subarray(0, end - at);
            memory.fill(0);
          }
        }
        const id = await added(store, { content: { chunks: chunks() } });
        let longest = 0;
        let total = 0;
        const pieces: Uint8Array[] = [];
        for await (const piece of store.content(id)) {
          longest = Math.max(longest, piece.length);
          total += piece.length;
          pieces.push(Buffer.from(piece));
        }
        expect(total).toBe(size);
        expect(longest).toBeLessThanOrEqual(1_048_576);
        expect(Buffer.concat(pieces).equals(digits)).toBe(true);
        const claim = await claimOne(store);
        expect(claim.content).toBeUndefined();
      }));

    test('of a stream that fails nothing is left', () =>
      withStore(async (store) => {
        async function* chunks(): AsyncGenerator<Uint8Array> {
          yield Buffer.alloc(600_000);
          throw new Error('the source failed');
        }
        await expect(store.add(entryOf(store, { content: { chunks: chunks() } }))).rejects.toThrow(
          'the source failed',
        );
        expect(await store.list({ limit: 10 })).toEqual([]);
        expect((await store.count()).byState.size).toBe(0);
      }));

    test('a stream with a key that is taken leaves the first', () =>
      withStore(async (store) => {
        const first = await added(store, { key: 'k' });
        async function* chunks(): AsyncGenerator<Uint8Array> {
          yield Buffer.alloc(600_000);
        }
        const again = await store.add(entryOf(store, { key: 'k', content: { chunks: chunks() } }));
        expect(again).toEqual({ id: first, isNew: false });
        expect(await bytesOf(store, first)).toContain('body');
      }));

    test('empty content is content', () =>
      withStore(async (store) => {
        const id = await added(store, { content: { chunks: [] } });
        expect(await bytesOf(store, id)).toBe('');
        expect((await claimOne(store)).id).toBe(id);
      }));

    test('hands out what is due: the highest priority first, then the longest due', () =>
      withStore(async (store) => {
        const now = store.now();
        const later = await added(store, { dueAt: now + 60_000, priority: 9 });
        const low = await added(store, { dueAt: now - 9000, priority: -4 });
        const young = await added(store, { dueAt: now - 1000 });
        const old = await added(store, { dueAt: now - 5000 });
        const high = await added(store, { dueAt: now - 1, priority: 4 });
        const claims = await store.claim({ ...everything, worker: 'w' });
        expect(claims.map(({ id }) => id)).toEqual([high, old, young, low]);
        expect(claims[0]).toMatchObject({
          priority: 4,
          record: '{"a":1}',
          interruption: undefined,
        });
        expect(Buffer.from(claims[0]?.content ?? []).toString()).toContain('body');
        expect(await store.claim({ ...everything, worker: 'w' })).toEqual([]);
        expect(await store.read(later)).toMatchObject({ state: 'queued', lease: undefined });
        expect(await store.read(high)).toMatchObject({
          state: 'sending',
          lease: { worker: 'w', mark: undefined },
        });
      }));

    test('hands out as many as are asked for', () =>
      withStore(async (store) => {
        for (let i = 0; i < 7; i += 1) await added(store);
        expect(await store.claim({ ...everything, worker: 'w', limit: 3 })).toHaveLength(3);
        expect(await store.claim({ ...everything, worker: 'w', limit: 30 })).toHaveLength(4);
      }));

    test('gives each entry to one worker, however many ask at once', () =>
      withStore(async (store, reopen) => {
        const stores = [store, await reopen(), await reopen()];
        const ids = await Promise.all(Array.from({ length: 60 }, () => added(store)));
        const seen: string[] = [];
        await Promise.all(
          stores.flatMap((one, index) =>
            Array.from({ length: 4 }, async () => {
              for (let dry = 0; dry < 3; ) {
                const claims = await one.claim({ ...everything, worker: `${index}`, limit: 3 });
                if (claims.length === 0) dry += 1;
                seen.push(...claims.map(({ id }) => id));
              }
            }),
          ),
        );
        expect(seen.sort()).toEqual(ids.sort());
      }));

    test('settles what was claimed, once', () =>
      withStore(async (store) => {
        const id = await added(store);
        const claim = await claimOne(store);
        expect(await store.settle(claim, sent(store, '"done"'))).toBe(true);
        expect(await store.settle(claim, sent(store, '"again"'))).toBe(false);
        expect(await store.mark(claim, '{}')).toBe(false);
        expect(await store.renew([claim], LEASE_MS)).toEqual([claim]);
        const entry = await store.read(id);
        expect(entry).toMatchObject({ state: 'sent', record: '"done"', dueAt: undefined });
        expect(entry?.lease).toBeUndefined();
        expect(entry?.version).toBeGreaterThan(claim.version);
        expect(await store.claim({ ...everything, worker: 'w' })).toEqual([]);
        expect(await store.nextDueAt()).toBeUndefined();
      }));

    test('what is deferred is handed out when it is due again, with its last record', () =>
      withStore(async (store) => {
        await added(store);
        const claim = await claimOne(store);
        const dueAt = store.now() + 300;
        const deferred: Change = { state: 'deferred', dueAt, settledAt: undefined, record: '"d"' };
        expect(await store.settle(claim, deferred)).toBe(true);
        expect(await store.nextDueAt()).toBe(dueAt);
        expect(await store.claim({ ...everything, worker: 'w' })).toEqual([]);
        await expect
          .poll(() => store.claim({ ...everything, worker: 'w' }), { timeout: 10_000 })
          .toMatchObject([{ id: claim.id, record: '"d"', interruption: undefined }]);
      }));

    test('a record that is left out stays', () =>
      withStore(async (store) => {
        const id = await added(store, { record: '"kept"' });
        const claim = await claimOne(store);
        await store.settle(claim, sent(store));
        expect(await store.read(id)).toMatchObject({ record: '"kept"', state: 'sent' });
      }));

    test('a lease that runs out passes on; whoever had it is not heard any more', () =>
      withStore(async (store) => {
        await added(store);
        const stalled = await claimOne(store, 'stalled', 150);
        expect(await store.claim({ ...everything, worker: 'second' })).toEqual([]);
        await pause(250);
        // Not while nobody may be taken over.
        const shy = { ...everything, worker: 'second', takesOver: false };
        expect(await store.claim(shy)).toEqual([]);
        const second = await claimOne(store, 'second');
        expect(second).toMatchObject({ id: stalled.id });
        expect(second.version).toBeGreaterThan(stalled.version);
        expect(second.interruption).toEqual({
          worker: 'stalled',
          claimedAt: stalled.claimedAt,
          mark: undefined,
        });
        expect(await store.mark(stalled, '{}')).toBe(false);
        expect(await store.renew([stalled, second], LEASE_MS)).toEqual([stalled]);
        expect(await store.settle(stalled, sent(store))).toBe(false);
        expect(await store.settle(second, sent(store))).toBe(true);
      }));

    test('a mark is told to whoever takes over', () =>
      withStore(async (store) => {
        const id = await added(store);
        const first = await claimOne(store, 'first', 150);
        expect(await store.mark(first, '{"recipients":[0]}')).toBe(true);
        expect(await store.mark(first, '{"recipients":[0,1]}')).toBe(true);
        expect((await store.read(id))?.lease?.mark).toBe('{"recipients":[0,1]}');
        await pause(250);
        const second = await claimOne(store, 'second', 150);
        expect(second.interruption?.mark).toBe('{"recipients":[0,1]}');
        // The second ended before it had noted what the first left behind: that is not forgotten.
        await pause(250);
        const third = await claimOne(store, 'third');
        expect(third.interruption).toMatchObject({
          worker: 'second',
          mark: '{"recipients":[0,1]}',
        });
        const settled = { state: 'deferred', dueAt: store.now(), settledAt: undefined } as const;
        expect(await store.settle(third, settled)).toBe(true);
        const fourth = await claimOne(store, 'fourth', 150);
        expect(fourth.interruption).toBeUndefined();
        await pause(250);
        const fifth = await claimOne(store, 'fifth');
        expect(fifth.interruption).toMatchObject({ worker: 'fourth', mark: undefined });
      }));

    test('a lease that is renewed stays', () =>
      withStore(async (store) => {
        await added(store);
        const claim = await claimOne(store, 'w', 300);
        for (let i = 0; i < 3; i += 1) {
          await pause(150);
          expect(await store.renew([claim], 300)).toEqual([]);
          expect(await store.claim({ ...everything, worker: 'other' })).toEqual([]);
        }
        expect(await store.settle(claim, sent(store))).toBe(true);
      }));

    test('a change applies to an entry as it was read, and takes it away from its worker', () =>
      withStore(async (store) => {
        const id = await added(store);
        const read = await store.read(id);
        if (!read) return expect.unreachable();
        const claim = await claimOne(store);
        expect(await store.change(read, sent(store))).toBe(false);
        const leased = await store.read(id);
        if (!leased) return expect.unreachable();
        const cancel: Change = { state: 'failed', dueAt: undefined, settledAt: 1, record: '"c"' };
        expect(await store.change(leased, cancel)).toBe(true);
        expect(await store.mark(claim, '{}')).toBe(false);
        expect(await store.settle(claim, sent(store))).toBe(false);
        expect(await store.read(id)).toMatchObject({
          state: 'failed',
          record: '"c"',
          settledAt: 1,
          lease: undefined,
        });
      }));

    test('a change loses against a mark', () =>
      withStore(async (store) => {
        const id = await added(store);
        const claim = await claimOne(store);
        const leased = await store.read(id);
        if (!leased) return expect.unreachable();
        expect(await store.mark(claim, '{}')).toBe(true);
        expect(await store.change(leased, sent(store))).toBe(false);
        expect(await store.settle(claim, sent(store))).toBe(true);
      }));

    test('a settled entry can be made due again', () =>
      withStore(async (store) => {
        const id = await added(store);
        await store.settle(await claimOne(store), sent(store));
        const entry = await store.read(id);
        if (!entry) return expect.unreachable();
        const again: Change = { state: 'queued', dueAt: store.now(), settledAt: undefined };
        expect(await store.change(entry, again)).toBe(true);
        expect((await claimOne(store)).id).toBe(id);
      }));

    test('lists by state, key and Message-ID, page by page', () =>
      withStore(async (store) => {
        const ids: string[] = [];
        for (let i = 0; i < 5; i += 1) {
          ids.push(await added(store, { messageId: `<${i % 2}@example.com>` }));
        }
        const claim = await claimOne(store);
        await store.settle(claim, sent(store));
        const idsOf = async (query: Parameters<OutboxStore['list']>[0]): Promise<string[]> =>
          (await store.list(query)).map(({ id }) => id);
        expect(await idsOf({ limit: 10 })).toEqual(ids);
        expect(await idsOf({ limit: 2 })).toEqual(ids.slice(0, 2));
        expect(await idsOf({ limit: 2, after: ids[1] ?? '' })).toEqual(ids.slice(2, 4));
        expect(await idsOf({ limit: 9, states: ['sent'] })).toEqual([claim.id]);
        expect(await idsOf({ limit: 9, states: ['sent', 'queued'] })).toEqual(ids);
        expect(await idsOf({ limit: 9, states: ['queued'] })).toEqual(ids.slice(1));
        expect(await idsOf({ limit: 9, states: ['queued', 'sending', 'deferred'] })).toEqual(
          ids.slice(1),
        );
        expect(await idsOf({ limit: 9, states: ['failed', 'damaged', 'deferred'] })).toEqual([]);
        expect(await idsOf({ limit: 9, states: ['queued'], messageId: '<1@example.com>' })).toEqual(
          [ids[1], ids[3]],
        );
        expect(await idsOf({ limit: 9, states: ['unknown'] })).toEqual([]);
        expect(await idsOf({ limit: 9, messageId: '<1@example.com>' })).toEqual([ids[1], ids[3]]);
        const { byState, oldestDueAt } = await store.count();
        expect([...byState].sort()).toEqual([
          ['queued', 4],
          ['sent', 1],
        ]);
        expect(oldestDueAt).toBeLessThanOrEqual(store.now());
      }));

    test('removes what was settled long enough ago, with its content', () =>
      withStore(async (store) => {
        const old = await added(store, { key: 'old' });
        await store.settle(await claimOne(store), sent(store));
        const waiting = await added(store);
        const prune = { states: ['sent'], limit: 10 } as const;
        expect(await store.prune({ ...prune, settledBefore: store.now() - 60_000 })).toBe(0);
        expect(await store.prune({ ...prune, settledBefore: store.now() + 60_000 })).toBe(1);
        expect(await store.read(old)).toBeUndefined();
        expect(await bytesOf(store, old)).toBe('');
        expect(await store.read(waiting)).toBeDefined();
        expect(await store.add(entryOf(store, { key: 'old' }))).toMatchObject({ isNew: true });
      }));

    test('removes no more at once than it is asked to', () =>
      withStore(async (store) => {
        for (let i = 0; i < 5; i += 1) await added(store);
        for (const claim of await store.claim({ ...everything, worker: 'w' })) {
          await store.settle(claim, sent(store));
        }
        const request = { states: ['sent', 'failed'], limit: 3 } as const;
        const settledBefore = store.now() + 60_000;
        expect(await store.prune({ ...request, settledBefore })).toBe(3);
        expect(await store.prune({ ...request, settledBefore })).toBe(2);
        expect(await store.list({ limit: 9 })).toEqual([]);
      }));

    test('tells when there may be work, whoever added it', () =>
      withStore(async (store, reopen) => {
        let told = 0;
        const stop = store.watch(() => {
          told += 1;
        });
        const other = await reopen();
        await pause(150);
        told = 0;
        await added(other);
        await expect.poll(() => told, { timeout: 10_000 }).toBeGreaterThan(0);
        stop();
      }));

    test('many steps at once are all done', () =>
      withStore(async (store) => {
        await Promise.all(Array.from({ length: 300 }, () => added(store)));
        const claims = await store.claim({ ...everything, worker: 'w', limit: 1000 });
        expect(claims).toHaveLength(300);
        const marked = await Promise.all(claims.map((claim) => store.mark(claim, '{}')));
        expect(marked.every(Boolean)).toBe(true);
        const done = await Promise.all(claims.map((claim) => store.settle(claim, sent(store))));
        expect(done.every(Boolean)).toBe(true);
        expect((await store.count()).byState).toEqual(new Map([['sent', 300]]));
      }));
  });
}
