// A worker that took over a message and ended before it could note what it found.
import { MemoryTransport } from 'posthorn';
import { Outbox } from 'posthorn/delivery';
import { expect, test } from 'vitest';
import { openStore } from '../../../src/delivery/outbox/open-store.ts';
import { letter, quick, withOutbox } from '../support/outbox-kit.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

for (const delivery of ['at-least-once', 'at-most-once'] as const) {
  test(`what the first left behind is not forgotten, ${delivery}`, () =>
    withOutbox(
      async ({ outbox, url }) => {
        const { id } = await outbox.enqueue(letter);
        const store = await openStore(url);
        const request = { limit: 1, leaseMs: 100, takesOver: true };
        const [first] = await store.claim({ ...request, worker: 'first' });
        expect(first && (await store.mark(first, '{}'))).toBe(true);
        await pause(150);
        const [second] = await store.claim({ ...request, worker: 'second' });
        expect(second?.interruption?.mark).toBe('{}');
        await pause(150);
        await store.close();
        const transport = new MemoryTransport();
        const again = await Outbox.open(url, { delivery });
        const worker = again.work(transport, quick);
        await worker.idle();
        await expect
          .poll(async () => (await again.get(id))?.state)
          .toBe(delivery === 'at-most-once' ? 'unknown' : 'sent');
        const message = await again.get(id);
        await again.close();
        expect(transport.messages).toHaveLength(delivery === 'at-most-once' ? 0 : 1);
        const [lost, sent] = message?.attempts ?? [];
        expect(lost).toMatchObject({ worker: 'second', delivered: 'unknown' });
        if (delivery === 'at-least-once') expect(sent?.isPossibleDuplicate).toBe(true);
      },
      { delivery },
    ));
}
