// Workers of an SQLite outbox that are stopped for longer than their lease, in processes of their own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SmtpClient } from 'posthorn';
import { Outbox } from 'posthorn/delivery';
import { expect, test } from 'vitest';
import { letter } from '../support/outbox-kit.ts';
import { startProcess } from '../support/processes.ts';
import { receivingServer } from '../support/receiving-server.ts';
import { stalledWorker } from '../support/stalled-worker.ts';

async function inFolder(work: (url: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-stalled-'));
  try {
    await work(`sqlite:${join(folder, 'outbox.db')}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test(
  'after the final dot: it is not heard any more, and the double is marked',
  () => inFolder(stalledWorker),
  60_000,
);

test(
  'before the final dot: it does not write it, and nothing is doubled',
  () =>
    inFolder(async (url) => {
      let goOn: (() => void) | undefined;
      await using server = await receivingServer({
        // The first waits for leave to send its content, all others get it at once.
        beforeData: () =>
          goOn
            ? undefined
            : new Promise<void>((resolve) => {
                goOn = resolve;
              }),
      });
      await using outbox = await Outbox.open(url);
      const { id, messageId } = await outbox.enqueue(letter);
      const task = { do: 'work', url, delivery: 'at-least-once', port: server.port } as const;
      const stalled = await startProcess({ ...task, leaseMs: 600, concurrency: 1 });
      await expect.poll(() => goOn, { timeout: 20_000 }).toBeDefined();
      stalled.child.kill('SIGSTOP');
      await using client = new SmtpClient({
        host: '127.0.0.1',
        port: server.port,
        security: 'none',
      });
      const second = outbox.work(client, { name: 'second', leaseMs: 600 });
      const stateOf = async (): Promise<string | undefined> => (await outbox.get(id))?.state;
      await expect.poll(stateOf, { timeout: 20_000 }).toBe('sent');
      stalled.child.kill('SIGCONT');
      goOn?.();
      await expect.poll(() => stalled.lines, { timeout: 20_000 }).toContain('lease-lost');
      stalled.child.kill('SIGKILL');
      await stalled.ended;
      await second.close();
      expect(server.taken.get(`${messageId} bob@example.org`)).toBe(1);
      const message = await outbox.get(id);
      expect(
        message?.attempts.map(({ worker, delivered, isPossibleDuplicate }) => ({
          isSecond: worker === 'second',
          delivered,
          isPossibleDuplicate,
        })),
      ).toEqual([
        { isSecond: false, delivered: 'no', isPossibleDuplicate: false },
        { isSecond: true, delivered: 'yes', isPossibleDuplicate: false },
      ]);
    }),
  60_000,
);
