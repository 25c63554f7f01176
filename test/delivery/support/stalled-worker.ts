// A worker that is stopped for longer than its lease, and goes on when another has taken over.
import { SmtpClient } from 'posthorn';
import { Outbox } from 'posthorn/delivery';
import { expect } from 'vitest';
import { startProcess } from './processes.ts';
import { receivingServer } from './receiving-server.ts';

/** Stops a worker after the final dot, lets another finish, and checks that the first is not heard any more. */
export async function stalledWorker(url: string): Promise<void> {
  let held: (() => void) | undefined;
  await using server = await receivingServer({
    // The first message is answered late, all others at once.
    beforeReply: () =>
      held
        ? undefined
        : new Promise<void>((resolve) => {
            held = resolve;
          }),
  });
  await using outbox = await Outbox.open(url);
  const { id } = await outbox.enqueue({
    from: 'ann@example.com',
    to: 'bob@example.org',
    subject: 'stalled',
    text: 'Hi',
  });
  const task = { do: 'work', url, delivery: 'at-least-once', port: server.port } as const;
  const stalled = await startProcess({ ...task, leaseMs: 600, concurrency: 1 });
  await expect.poll(() => held, { timeout: 20_000 }).toBeDefined();
  stalled.child.kill('SIGSTOP');
  await using client = new SmtpClient({ host: '127.0.0.1', port: server.port, security: 'none' });
  const second = outbox.work(client, { name: 'second', leaseMs: 600 });
  const stateOf = async (): Promise<string | undefined> => (await outbox.get(id))?.state;
  await expect.poll(stateOf, { timeout: 20_000 }).toBe('sent');
  stalled.child.kill('SIGCONT');
  held?.();
  await expect.poll(() => stalled.lines, { timeout: 20_000 }).toContain('lease-lost');
  stalled.child.kill('SIGKILL');
  await stalled.ended;
  await second.close();
  const message = await outbox.get(id);
  expect(message).toMatchObject({ state: 'sent', recipients: [{ state: 'sent' }] });
  // The one that was interrupted is on record, and the second is marked.
  expect(message?.attempts.map(({ isPossibleDuplicate }) => isPossibleDuplicate)).toEqual([
    false,
    true,
  ]);
  expect(message?.attempts[0]).toMatchObject({ code: 'OUTBOX_INTERRUPTED', delivered: 'unknown' });
  expect(message?.attempts[1]).toMatchObject({ worker: 'second', delivered: 'yes' });
  expect(server.taken.get(`${message?.messageId} bob@example.org`)).toBe(2);
}
