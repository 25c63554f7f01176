// The proof of the guarantee: processes that enqueue and work are killed again and again, at any moment.
import { setTimeout as sleep } from 'node:timers/promises';
import { SmtpClient } from 'posthorn';
import { Outbox, type OutboxMessage } from 'posthorn/delivery';
import { expect } from 'vitest';
import { startProcess, type Task } from './processes.ts';
import { type ReceivingServer, receivingServer } from './receiving-server.ts';

/** What is swept. */
export interface KillSweep {
  readonly url: string;
  readonly delivery: 'at-least-once' | 'at-most-once';
  /** How many processes are killed in all. */
  readonly kills: number;
  /** How many workers there are at a time. Default: 2. */
  readonly workers?: number;
}

/** What came of it. */
export interface SweepReport {
  readonly messages: number;
  readonly delivered: number;
  readonly unknown: number;
  readonly doubles: number;
  readonly marked: number;
}

const LEASE_MS = 400;
const LONGEST_LIFE_MS = 200;
const LONGEST_WAIT_MS = 3000;
const LONGEST_REPLY_MS = 40;
const SETTLE_MS = 60_000;
const BACKLOG = 40;

/** Sweeps, and checks what is promised. */
export async function killSweep(sweep: KillSweep): Promise<SweepReport> {
  const dots = new Dots();
  await using server = await receivingServer({
    beforeReply: () => {
      dots.tell();
      return sleep(Math.random() * LONGEST_REPLY_MS);
    },
  });
  await using outbox = await Outbox.open(sweep.url, { delivery: sweep.delivery });
  const promised = await killAround(sweep, outbox, server, dots);
  await using client = new SmtpClient({ host: '127.0.0.1', port: server.port, security: 'none' });
  const worker = outbox.work(client, { leaseMs: LEASE_MS, retry: { schedule: [20], jitter: 0 } });
  await expect
    .poll(
      async () => {
        // A message that ended one worker after the other has to wait; there are no more to end.
        for (const { id } of await outbox.list({ state: 'deferred' })) {
          await outbox.retry(id).catch(() => undefined);
        }
        const { queued, sending, deferred } = await outbox.stats();
        return queued + sending + deferred;
      },
      { timeout: SETTLE_MS, interval: 250 },
    )
    .toBe(0);
  await worker.close();
  return check(await outbox.list(), promised, server, sweep.delivery);
}

// When the server has a message and has not said so.
class Dots {
  readonly #waiting = new Set<() => void>();

  tell(): void {
    for (const go of this.#waiting) go();
    this.#waiting.clear();
  }

  async next(atMostMs: number): Promise<void> {
    const dot = new Promise<void>((resolve) => {
      this.#waiting.add(resolve);
    });
    await Promise.race([dot, sleep(atMostMs, undefined, { ref: false })]);
  }
}

/** Starts processes and kills them. Gives the ids that were promised. */
async function killAround(
  sweep: KillSweep,
  outbox: Outbox,
  server: ReceivingServer,
  dots: Dots,
): Promise<Set<string>> {
  const { url, delivery, workers = 2 } = sweep;
  const common = { url, delivery, port: server.port, leaseMs: LEASE_MS };
  const promised = new Set<string>();
  let left = sweep.kills;
  const lives = async (task: Task): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const { child, lines, ready, ended } = await startProcess(task);
      await Promise.race([ready, ended]);
      expect(child.exitCode, 'a process ended by itself').toBeNull();
      // At any moment, or at the worst: between the final dot and the reply.
      if (task.do === 'work' && Math.random() < 0.5) await dots.next(LONGEST_WAIT_MS);
      else await sleep(Math.random() * LONGEST_LIFE_MS);
      child.kill('SIGKILL');
      await ended;
      for (const line of lines) if (/^[0-9a-f-]{36}$/.test(line)) promised.add(line);
    }
  };
  await Promise.all([
    keepBusy(outbox, () => left > 0, promised),
    lives({ ...common, do: 'enqueue', label: 'enqueued' }),
    ...Array.from({ length: workers }, () => lives({ ...common, do: 'work' })),
  ]);
  return promised;
}

// A worker that is killed while it has nothing to do proves nothing.
async function keepBusy(
  outbox: Outbox,
  isWanted: () => boolean,
  promised: Set<string>,
): Promise<void> {
  for (let n = 0; isWanted(); n += 1) {
    const { queued } = await outbox.stats();
    if (queued > BACKLOG) await sleep(20);
    else {
      const fields = {
        from: 'ann@example.com',
        to: 'bob@example.org',
        subject: `kept ${n}`,
        text: '.',
      };
      promised.add((await outbox.enqueue(fields)).id);
    }
  }
}

function check(
  messages: readonly OutboxMessage[],
  promised: ReadonlySet<string>,
  server: ReceivingServer,
  delivery: KillSweep['delivery'],
): SweepReport {
  const known = new Set(messages.map(({ id }) => id));
  expect(
    [...promised].filter((id) => !known.has(id)),
    'promised and gone',
  ).toEqual([]);
  let delivered = 0;
  let unknown = 0;
  let doubles = 0;
  let marked = 0;
  for (const { id, messageId, recipients, attempts } of messages) {
    const isMarked = attempts.some(({ isPossibleDuplicate }) => isPossibleDuplicate);
    if (isMarked) marked += 1;
    for (const { address, state } of recipients) {
      const count = server.taken.get(`${messageId} ${address}`) ?? 0;
      if (count > 0) delivered += 1;
      if (state === 'unknown') unknown += 1;
      if (count > 1) doubles += 1;
      // Nothing is lost: who does not have it is known as somebody of whom nobody knows.
      if (state === 'sent') expect(count, `${id} to ${address}`).toBeGreaterThan(0);
      else expect(state, `${id} to ${address}`).toBe('unknown');
      if (delivery === 'at-most-once') expect(count, `${id} twice`).toBeLessThanOrEqual(1);
      else {
        expect(state).toBe('sent');
        if (count > 1) expect(isMarked, `${id} twice, and nobody says so`).toBe(true);
      }
    }
  }
  return { messages: messages.length, delivered, unknown, doubles, marked };
}
