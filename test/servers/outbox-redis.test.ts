// The outbox in Redis: what every store has to do, and what only this one can.
import { Redis } from 'ioredis';
import { afterAll, describe, expect, it } from 'vitest';
import { openRedisStore } from '../../src/delivery/outbox/redis/open-redis-store.ts';
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
