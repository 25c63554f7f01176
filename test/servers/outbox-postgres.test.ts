// The outbox in PostgreSQL: what every store has to do, and what only this one can.
import pg from 'pg';
import { afterAll } from 'vitest';
import { openPostgresStore } from '../../src/delivery/outbox/postgres/open-postgres-store.ts';
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
}
