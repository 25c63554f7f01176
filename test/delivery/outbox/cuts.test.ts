// A connection that ends after any octet, seen through the outbox: nothing is lost, and what may be doubled is told.
import { SmtpClient } from 'posthorn';
import { Outbox } from 'posthorn/delivery';
import { expect, test } from 'vitest';
import { type LedgerOptions, LedgerServer } from '../../support/ledger-server.ts';
import { letter } from '../support/outbox-kit.ts';

const keywords = ['PIPELINING', '8BITMIME'];
const to = ['bob@example.org', 'eve@example.org'];

/** Sends one message to a server of which the first connection is cut. */
async function through(
  outbox: Outbox,
  cut: LedgerOptions['cut'],
): Promise<{ server: LedgerServer; states: string[]; isMarked: boolean; isUnknown: boolean }> {
  const server = new LedgerServer({ keywords, ...(cut && { cut }) });
  const client = new SmtpClient({
    host: 'ledger.test',
    security: 'none',
    clientName: 'client.test',
    connect: server.connect,
  });
  const worker = outbox.work(client, {
    retry: { schedule: [1], jitter: 0 },
    circuit: { failures: 1000 },
  });
  const { id } = await outbox.enqueue({ ...letter, to });
  await expect
    .poll(async () => (await outbox.get(id))?.state, { interval: 4, timeout: 15_000 })
    .toMatch(/^(?:sent|unknown)$/);
  await worker.close();
  await client.close();
  const message = await outbox.get(id);
  return {
    server,
    states: message?.recipients.map(({ state }) => state) ?? [],
    isMarked: message?.attempts.some((one) => one.isPossibleDuplicate) ?? false,
    isUnknown: message?.attempts.some(({ delivered }) => delivered === 'unknown') ?? false,
  };
}

/** Octets at which to cut: everywhere now and then, and every one near the end, where it matters. */
function places(length: number): number[] {
  const all = Array.from({ length }, (_, i) => i + 1);
  return all.filter((place) => place > length - 40 || place % 23 === 0);
}

for (const delivery of ['at-least-once', 'at-most-once'] as const) {
  for (const side of ['read', 'said'] as const) {
    test(`cut after any octet that the server has ${side}, ${delivery}`, async () => {
      const outbox = await Outbox.open('sqlite::memory:', { delivery });
      const whole = await through(outbox, undefined);
      expect(whole.states).toEqual(['sent', 'sent']);
      const { lines, accepted } = whole.server;
      // The replies of the ledger are some 200 octets; what it reads is its lines, the content and the dot.
      const content = accepted[0]?.content.length ?? 0;
      const length = side === 'said' ? 200 : lines.join('\r\n').length + content + 7;
      const seen = { doubled: 0, unknown: 0, plain: 0 };
      for (const place of places(length)) {
        const { server, states, isMarked, isUnknown } = await through(outbox, { [side]: place });
        const count = server.accepted.length;
        const where = `cut after ${place} octets`;
        if (delivery === 'at-most-once') {
          expect(count, where).toBeLessThanOrEqual(1);
          expect(new Set(states).size, where).toBe(1);
          if (states[0] === 'sent') expect(count, where).toBe(1);
          else seen.unknown += 1;
        } else {
          expect(states, where).toEqual(['sent', 'sent']);
          expect(count, where).toBeGreaterThanOrEqual(1);
          if (count > 1) expect(isMarked, where).toBe(true);
          // Marked without a reason would be no mark.
          if (isMarked) expect(isUnknown, where).toBe(true);
          if (count > 1) seen.doubled += 1;
        }
        if (count === 1 && !isUnknown) seen.plain += 1;
      }
      expect(seen.plain).toBeGreaterThan(0);
      // What the server has said but not all of leaves the client without knowledge.
      if (side === 'said') expect(seen.doubled + seen.unknown).toBeGreaterThan(0);
      await outbox.close();
    }, 60_000);
  }
}
