// Queues that keep what they are given (row Q1): the outbox on each of its stores, and bare BullMQ and pg-boss beside it.
// PostgreSQL and Redis are started from Debian's packages where they are installed, and write to disk before they answer.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const kit = fileURLToPath(new URL('../test/servers/kit/', import.meta.url));
const BASE = '28000';

export const queueHead = [
  'row',
  'queue',
  'put in one after the other, a second',
  'by 100 callers at once',
  'taken, sent, completed, 50 in hand',
];

/** The rows of the table. */
export function queueRows({ rounds, child, median }) {
  const state = mkdtempSync(join(tmpdir(), 'posthorn-bench-'));
  try {
    const postgres = started('postgres', state)?.POSTGRES_URL;
    const redis = started('redis', state)?.REDIS_URL;
    const cases = [
      ['Q1', 'Posthorn, SQLite', 'outbox', (n) => `sqlite:${join(state, `${n}.db`)}`, 10_000],
      ...(postgres
        ? [
            ['', 'Posthorn, PostgreSQL', 'outbox', (n) => `${postgres}?schema=bench_${n}`, 3000],
            ['', 'pg-boss alone', 'pg-boss', () => postgres, 3000],
          ]
        : []),
      ...(redis
        ? [
            ['', 'Posthorn, Redis', 'outbox', (n) => `${redis}?prefix=bench${n}`, 3000],
            ['', 'BullMQ alone', 'bullmq', () => redis, 3000],
          ]
        : []),
    ];
    return cases.map(([row, title, who, url, count]) => {
      const samples = [];
      for (let round = 0; round < rounds; round += 1) {
        samples.push(child('queue-child.mjs', who, url(round), String(count)));
        process.stderr.write('.');
      }
      const of = (key) =>
        Math.round(median(samples.map((sample) => sample[key]))).toLocaleString('en');
      return [row, title, of('single'), of('many'), of('drained')];
    });
  } finally {
    for (const name of ['postgres', 'redis']) spawnSync(join(kit, `${name}.sh`), ['stop', state]);
    rmSync(state, { recursive: true, force: true });
  }
}

function started(name, state) {
  const { status, stdout, stderr } = spawnSync(join(kit, `${name}.sh`), ['start', state, BASE], {
    encoding: 'utf8',
  });
  if (status === 0) {
    const pairs = stdout
      .trim()
      .split('\n')
      .map((line) => line.split('='));
    return Object.fromEntries(pairs);
  }
  process.stderr.write(`\nno rows for ${name}: ${stderr.trim()}\n`);
  return undefined;
}
