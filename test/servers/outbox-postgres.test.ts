// The outbox in PostgreSQL: what every store has to do, and what only this one can.
import { Readable } from 'node:stream';
import pg from 'pg';
import { MemoryTransport } from 'posthorn';
import { Outbox } from 'posthorn/delivery';
import { afterAll, describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../src/delivery/outbox/postgres/open-postgres-store.ts';
import { errorOf } from '../client/kit.ts';
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

  describe('a message in the caller’s own transaction', () => {
    const message = { from: 'ann@example.com', to: 'bob@example.org', subject: 'Order', text: '7' };
    const pool = new pg.Pool({ connectionString: server, max: 3 });
    const url = `${server}?schema=transactions&connections=3`;
    afterAll(() => pool.end());

    async function inTransaction<T>(
      end: 'COMMIT' | 'ROLLBACK',
      work: (client: pg.PoolClient) => Promise<T>,
    ): Promise<T> {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        const result = await work(client);
        await client.query(end);
        return result;
      } finally {
        client.release();
      }
    }

    it('is there when it is committed, and never was when it is rolled back', async () => {
      await using outbox = await Outbox.open(url);
      const transport = new MemoryTransport();
      const worker = outbox.work(transport);
      const gone = await inTransaction('ROLLBACK', (transaction) =>
        outbox.enqueue(message, { transaction }),
      );
      const { id } = await inTransaction('COMMIT', async (transaction) => {
        const enqueued = await outbox.enqueue(message, { transaction, idempotencyKey: 'k' });
        expect(await outbox.get(enqueued.id)).toBeUndefined();
        return enqueued;
      });
      expect(await outbox.get(gone.id)).toBeUndefined();
      await expect
        .poll(async () => (await outbox.get(id))?.state, { timeout: 10_000 })
        .toBe('sent');
      await worker.close();
      expect(transport.messages).toHaveLength(1);
      const again = await inTransaction('COMMIT', (transaction) =>
        outbox.enqueue(message, { transaction, idempotencyKey: 'k' }),
      );
      expect(again).toMatchObject({ id, isNew: false });
    });

    it('leaves the transaction usable when it can’t be stored, large ones too', async () => {
      await using outbox = await Outbox.open(url);
      async function* breaking(): AsyncGenerator<Uint8Array> {
        yield Buffer.alloc(600_000, 'x');
        throw new Error('gone');
      }
      const large = await inTransaction('COMMIT', async (transaction) => {
        await transaction.query('CREATE TABLE orders (id int)');
        const attachments = [{ filename: 'a', content: Readable.from(breaking()) }];
        await expect(outbox.enqueue({ ...message, attachments }, { transaction })).rejects.toThrow(
          'gone',
        );
        await transaction.query('INSERT INTO orders VALUES (1)');
        const whole = [{ filename: 'a', content: Buffer.alloc(900_000, 'x') }];
        return await outbox.enqueue({ ...message, attachments: whole }, { transaction });
      });
      expect((await pool.query('SELECT * FROM orders')).rows).toEqual([{ id: 1 }]);
      let size = 0;
      for await (const piece of outbox.content(large.id)) size += piece.length;
      expect(size).toBe((await outbox.get(large.id))?.size);
      expect(
        (await pool.query('SELECT count(DISTINCT id)::int n FROM transactions.outbox_chunk')).rows,
      ).toEqual([{ n: 1 }]);
    });

    it('makes the commit wait for the disk', async () => {
      await using outbox = await Outbox.open(url);
      const shown = await inTransaction('COMMIT', async (transaction) => {
        await transaction.query('SET LOCAL synchronous_commit = off');
        await outbox.enqueue(message, { transaction });
        return (await transaction.query('SHOW synchronous_commit')).rows;
      });
      expect(shown).toEqual([{ synchronous_commit: 'on' }]);
    });

    it('refuses what is no transaction', async () => {
      await using outbox = await Outbox.open(url);
      const client = await pool.connect();
      const refusal = (transaction: unknown) =>
        errorOf(() => outbox.enqueue(message, { transaction }));
      expect(await refusal(client)).toMatchObject({
        code: 'OPTION_INVALID',
        message:
          "Option 'transaction' must be a client of pg after BEGIN; without it the message has a transaction of its own",
      });
      client.release();
      for (const transaction of [pool, {}, 'x']) {
        expect(await refusal(transaction)).toMatchObject({
          code: 'OPTION_INVALID',
          message: expect.stringContaining('const client = await pool.connect()'),
        });
      }
    });

    it('tells what is wrong with the server, and no password', async () => {
      const wrong = await errorOf(() => Outbox.open(server.replace('secret', 'hidden-word')));
      expect(wrong).toMatchObject({
        name: 'OutboxError',
        code: 'OUTBOX_STORE_FAILED',
        retryable: false,
      });
      expect(JSON.stringify(wrong)).not.toContain('hidden-word');
      const gone = await errorOf(() => Outbox.open('postgres://a:hidden-word@127.0.0.1:1/x'));
      expect(gone).toMatchObject({ code: 'OUTBOX_STORE_FAILED', retryable: true });
      expect(await errorOf(() => Outbox.open(`${server}?schema=A-b`))).toMatchObject({
        code: 'OPTION_INVALID',
      });
    });
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
