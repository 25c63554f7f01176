// The guarantee of the SQLite outbox under kill -9, with few kills; `npm run test:servers` has hundreds.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { killSweep } from '../support/kill-sweep.ts';

test.each(['at-least-once', 'at-most-once'] as const)(
  'processes that are killed lose nothing, and say what they may have doubled (%s)',
  async (delivery) => {
    const folder = await mkdtemp(join(tmpdir(), 'posthorn-kill-'));
    try {
      const url = `sqlite:${join(folder, 'outbox.db')}`;
      const report = await killSweep({ url, delivery, kills: 10 });
      expect(report.messages).toBeGreaterThan(0);
      expect(report.delivered).toBeGreaterThan(0);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
  60_000,
);
