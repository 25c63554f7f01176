// Sending many messages over a pool of connections (rows S1 to S6), and what the practical limit in C does.
import { fork, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

// Row, workload, connections, plain or TLS, round trip in ms, messages of a sample, who takes part.
const all = ['posthorn', 'eager', 'nodemailer'];
const CASES = [
  ['S1', 'text-1k', 5, 'plain', 0, 16_000, [...all, 'emailjs', 'smtp-source']],
  ['S1', 'text-1k', 5, 'tls', 0, 16_000, all],
  ['', 'text-1k', 1, 'plain', 0, 8_000, all],
  ['', 'text-1k', 20, 'plain', 0, 16_000, all],
  ['S2', 'html-10k', 5, 'plain', 0, 8_000, all],
  ['S3', 'utf8-10k', 5, 'plain', 0, 8_000, all],
  ['S4', 'attachment-100k', 5, 'plain', 0, 3_000, all],
  ['S5', 'attachment-10m', 1, 'plain', 0, 40, ['posthorn', 'nodemailer']],
  ['S5', 'attachment-10m', 1, 'tls', 0, 40, ['posthorn', 'nodemailer']],
  ['S6', 'text-1k', 1, 'plain', 20, 300, all],
  ['S6', 'text-1k', 20, 'plain', 20, 6_000, all],
];
// A peer that takes many times as long need not send as many for its figure.
const SHARE = { nodemailer: 0.15, emailjs: 0.02 };

export const poolHead = [
  'row',
  'message, connections',
  'who',
  'messages/s',
  'CPU µs a message',
  'peak MB',
  'times nodemailer: messages/s, CPU',
];

/** The rows of the table. */
export async function poolRows(rounds) {
  const rows = [];
  for (const [row, workload, connections, mode, delayMs, count, peers] of CASES) {
    const sink = fork(here('pool-sink.mjs'), [mode, String(delayMs)]);
    const { port } = await new Promise((resolve) => sink.once('message', resolve));
    const samples = new Map(peers.map((peer) => [peer, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const peer of peers) {
        const sample = measure(peer, port, workload, connections, mode, delayMs, count);
        if (sample) samples.get(peer).push(sample);
      }
      process.stderr.write('.');
    }
    sink.disconnect();
    const of = (peer, key) => median(samples.get(peer).map((sample) => sample[key]));
    const title = `${workload}, ${connections}, ${mode}${delayMs > 0 ? `, ${delayMs} ms away` : ''}`;
    for (const peer of peers.filter((name) => samples.get(name).length > 0)) {
      const ratio = (key, isInverse) => {
        const value = of(peer, key) / of('nodemailer', key);
        return `${shown(isInverse ? 1 / value : value, 1)}×`;
      };
      rows.push([
        row,
        title,
        peer === 'eager' ? "posthorn, chunking: 'eager'" : peer,
        of(peer, 'perSecond').toFixed(0),
        shown(of(peer, 'cpuUs'), 1),
        shown(of(peer, 'peakMb'), 0),
        peer === 'nodemailer' ? '' : `${ratio('perSecond', false)}, ${ratio('cpuUs', true)}`,
      ]);
    }
  }
  return rows;
}

const shown = (value, digits) => (Number.isNaN(value) ? '–' : value.toFixed(digits));

function measure(peer, port, workload, connections, mode, delayMs, count) {
  if (peer === 'smtp-source') return smtpSource(port, connections, count);
  const share = delayMs > 0 ? Math.min(1, (SHARE[peer] ?? 1) * 4) : (SHARE[peer] ?? 1);
  const total = Math.max(10, Math.round(count * share));
  const args = [peer, port, workload, connections, total, mode].map(String);
  const done = spawnSync(process.execPath, [here('pool-child.mjs'), ...args], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${peer} ${workload}: ${done.stderr}`);
  return JSON.parse(done.stdout);
}

// Postfix's load generator in C, where it is installed: no MIME, no pipelining.
function smtpSource(port, connections, count) {
  const started = performance.now();
  const args = [
    '-s',
    connections,
    '-m',
    count,
    '-l',
    1000,
    '-f',
    'ann@example.com',
    '-t',
    'bob@example.org',
  ];
  const done = spawnSync('smtp-source', [...args.map(String), `127.0.0.1:${port}`]);
  if (done.error || done.status !== 0) return undefined;
  return { perSecond: count / ((performance.now() - started) / 1000), cpuUs: NaN, peakMb: NaN };
}
