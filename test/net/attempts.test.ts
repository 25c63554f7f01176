// Several addresses of one host: Node drops an attempt after 250 ms by default, too soon for a distant server.
import { connect } from 'node:net';
import { expect, it, vi } from 'vitest';
import { Deadline, tcpDial } from '../../src/net/internal.ts';

vi.mock('node:net', async (original) => {
  const net = await original<typeof import('node:net')>();
  return { ...net, connect: vi.fn(net.connect) };
});
vi.mock('node:dns/promises', () => ({
  lookup: async () => [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ],
}));

it.each([
  [10_000, 3_500],
  [4_000, 2_000],
  [100, 250],
])('of %i ms in all, one attempt may take %i ms', async (connectMs, attemptMs) => {
  const dial = tcpDial({ localAddress: undefined, timeoutsMs: { dns: 1000, connect: connectMs } });
  // Nothing listens there.
  await dial({ host: 'two.test', port: 1 }, new Deadline()).catch(() => undefined);
  expect(vi.mocked(connect).mock.lastCall?.[0]).toMatchObject({
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: attemptMs,
  });
});
