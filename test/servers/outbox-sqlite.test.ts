// The outbox in an SQLite file, for as long as it takes: hundreds of processes are killed.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { killSweep } from '../delivery/support/kill-sweep.ts';

const kills = Number(process.env.POSTHORN_KILLS ?? 200);

test.each(['at-least-once', 'at-most-once'] as const)(
  'hundreds of kills lose nothing (%s)',
  async (delivery) => {
    const folder = await mkdtemp(join(tmpdir(), 'posthorn-kill-'));
    try {
      const url = `sqlite:${join(folder, 'outbox.db')}`;
      const report = await killSweep({ url, delivery, kills, workers: 3 });
      console.log(`SQLite, ${delivery}, ${kills} kills:`, JSON.stringify(report));
      expect(report.delivered).toBeGreaterThan(0);
      // Otherwise none was killed at the moment that matters.
      expect(report.unknown + report.marked).toBeGreaterThan(0);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
  900_000,
);
