// The outbox in Redis: what every store has to do, and what only this one can.
import { Redis } from 'ioredis';
import { afterAll } from 'vitest';
import { openRedisStore } from '../../src/delivery/outbox/redis/open-redis-store.ts';
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
}
