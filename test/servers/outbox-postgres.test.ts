// The outbox in PostgreSQL: what every store has to do, and what only this one can.
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../src/delivery/outbox/postgres/open-postgres-store.ts';
import { killSweep } from '../delivery/support/kill-sweep.ts';
import { stalledWorker } from '../delivery/support/stalled-worker.ts';
import { storeSuite } from '../delivery/support/store-suite.ts';
import { startPeer, stopPeers } from './support/peer.ts';

const peer = await startPeer('postgres');
afterAll(stopPeers);

let count = 0;

if (peer) {
  const server = String(peer.POSTGRES_URL);
  storeSuite('PostgreSQL', async () => {
    count += 1;
    const schema = `outbox_${count}`;
    return {
      open: () => openPostgresStore(`${server}?schema=${schema}&connections=5`),
      remove: async () => {
        const client = new pg.Client(server);
        await client.connect();
        await client.query(`DROP SCHEMA "${schema}" CASCADE`);
        await client.end();
      },
    };
  });

  describe('processes that are killed, on PostgreSQL', () => {
    const kills = Number(process.env.POSTHORN_KILLS ?? 70);
    for (const delivery of ['at-least-once', 'at-most-once'] as const) {
      it(`lose nothing, ${delivery}`, { timeout: 300_000 }, async () => {
        const url = `${server}?schema=kills_${delivery.replaceAll('-', '_')}&connections=4`;
        const report = await killSweep({ url, delivery, kills });
        console.info(`PostgreSQL, ${delivery}, ${kills} kills:`, report);
        expect(report.messages).toBeGreaterThan(0);
      });
    }

    it('are not heard when they were stopped for longer than their lease', async () => {
      await stalledWorker(`${server}?schema=stalled&connections=4`);
    });
  });
}
