// The outbox in Redis: what every store has to do, and what only this one can.
import { Redis } from 'ioredis';
import { MemoryTransport } from 'posthorn';
import { Outbox } from 'posthorn/delivery';
import { afterAll, describe, expect, it } from 'vitest';
import { openRedisStore } from '../../src/delivery/outbox/redis/open-redis-store.ts';
import { errorOf } from '../client/kit.ts';
import { killSweep } from '../delivery/support/kill-sweep.ts';
import { stalledWorker } from '../delivery/support/stalled-worker.ts';
import { storeSuite } from '../delivery/support/store-suite.ts';
import { startPeer, stopPeers } from './support/peer.ts';

const peer = await startPeer('redis');
afterAll(stopPeers);

let count = 0;

if (peer) {
  const server = String(peer.REDIS_URL);
  storeSuite('Redis', async () => {
    count += 1;
    const prefix = `outbox${count}`;
    return {
      open: () => openRedisStore(`${server}?prefix=${prefix}`),
      remove: async () => {
        const redis = new Redis(server);
        const keys = await redis.keys(`{${prefix}}*`);
        if (keys.length > 0) await redis.unlink(...keys);
        redis.disconnect();
      },
    };
  });

  describe('opening an outbox in Redis', () => {
    it('refuses a server that forgets, unless that is accepted', async () => {
      const redis = new Redis(server);
      await redis.config('SET', 'appendfsync', 'everysec');
      try {
        expect(await errorOf(() => Outbox.open(server))).toMatchObject({
          name: 'OutboxError',
          code: 'OUTBOX_STORE_FAILED',
          message:
            "This Redis may lose messages that it said it has: 'appendfsync' is 'everysec'. Set appendonly yes, appendfsync always and maxmemory-policy noeviction, or add '?durability=any' to the URL to accept that",
        });
        const outbox = await Outbox.open(`${server}?durability=any&prefix=forgets`);
        expect((await outbox.stats()).total).toBe(0);
        await outbox.close();
      } finally {
        await redis.config('SET', 'appendfsync', 'always');
        redis.disconnect();
      }
    });

    it('tells what is wrong, and no password', async () => {
      const wrong = await errorOf(() => Outbox.open(server.replace('secret', 'hidden-word')));
      expect(wrong).toMatchObject({ code: 'OUTBOX_STORE_FAILED', retryable: false });
      expect(JSON.stringify(wrong)).not.toContain('hidden-word');
      expect(await errorOf(() => Outbox.open('redis://:hidden-word@127.0.0.1:1'))).toMatchObject({
        code: 'OUTBOX_STORE_FAILED',
        message: expect.stringMatching(
          /^Redis failed \(.*ECONNREFUSED.*\); the same call may succeed/,
        ),
        retryable: true,
      });
      for (const query of ['prefix=a:b', 'durability=much']) {
        expect(await errorOf(() => Outbox.open(`${server}?${query}`))).toMatchObject({
          code: 'OPTION_INVALID',
        });
      }
      await using outbox = await Outbox.open(`${server}?prefix=own`);
      const message = { from: 'a@example.com', to: 'b@example.com', text: 'x' };
      expect(await errorOf(() => outbox.enqueue(message, { transaction: {} }))).toMatchObject({
        code: 'OPTION_INVALID',
        message: "Option 'transaction' needs an outbox in PostgreSQL; this one is in redis",
      });
    });

    it('finds messages again whose job was lost', async () => {
      const url = `${server}?prefix=lost`;
      const redis = new Redis(server);
      const outbox = await Outbox.open(url);
      const { id } = await outbox.enqueue({
        from: 'a@example.com',
        to: 'b@example.com',
        text: 'x',
      });
      const jobs = await redis.keys('{lost}:outbox:*');
      expect(jobs.length).toBeGreaterThan(0);
      await redis.unlink(...jobs);
      // As if it had been due for long.
      await redis.zadd('{lost}:entries:due', Date.now() - 120_000, id);
      const worker = outbox.work(new MemoryTransport());
      await expect
        .poll(async () => (await outbox.get(id))?.state, { timeout: 10_000 })
        .toBe('sent');
      await worker.close();
      await outbox.close();
      redis.disconnect();
    });
  });

  describe('processes that are killed, on Redis', () => {
    const kills = Number(process.env.POSTHORN_KILLS ?? 70);
    for (const delivery of ['at-least-once', 'at-most-once'] as const) {
      it(`lose nothing, ${delivery}`, { timeout: 300_000 }, async () => {
        const url = `${server}?prefix=kills-${delivery}`;
        const report = await killSweep({ url, delivery, kills });
        console.info(`Redis, ${delivery}, ${kills} kills:`, report);
        expect(report.messages).toBeGreaterThan(0);
      });
    }

    it('are not heard when they were stopped for longer than their lease', async () => {
      await stalledWorker(`${server}?prefix=stalled`);
    });
  });
}
