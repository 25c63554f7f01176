// Forwarding a large stored message (row F1): files with CRLF and with bare LF, in clear and under TLS.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const PEERS = ['posthorn', 'posthorn, a stream', 'nodemailer', 'nodemailer, a stream'];
const MESSAGE_BYTES = 205_000_000;

/** The rows, as the medians of `rounds` samples that `child` takes. */
export async function forwardRows({ rounds, child, median }) {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'));
  try {
    const rows = [];
    for (const [end, name] of [
      ['\r\n', 'CRLF'],
      ['\n', 'bare LF'],
    ]) {
      const file = join(folder, `${name}.eml`);
      await writeMessage(file, end);
      for (const mode of ['plain', 'tls']) {
        const samples = await measure({ rounds, child, mode, file });
        rows.push(row(`${name}, ${mode}`, samples, median));
      }
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const forwardHead = [
  '205 MB',
  ...PEERS.map((peer) => `${peer}: wall ms, CPU ms, peak MB`),
  'wall, times Posthorn',
];

async function measure({ rounds, child, mode, file }) {
  const sink = fork(here('forward-sink.mjs'), [mode]);
  const { port } = await new Promise((resolve) => sink.once('message', resolve));
  const samples = new Map(PEERS.map((peer) => [peer, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const peer of PEERS) {
      samples.get(peer).push(child('forward-child.mjs', peer, String(port), mode, file));
    }
    process.stderr.write('.');
  }
  sink.disconnect();
  return samples;
}

function row(title, samples, median) {
  const of = (peer, key) => median(samples.get(peer).map((sample) => sample[key]));
  const cell = (peer) => {
    const [wall, cpu, peak, base] = ['wallMs', 'cpuMs', 'peakMb', 'baseMb'].map((key) =>
      of(peer, key).toFixed(0),
    );
    return `${wall}, ${cpu}, ${peak} (base ${base})`;
  };
  const ratio = (of('nodemailer', 'wallMs') / of('posthorn', 'wallMs')).toFixed(1);
  return [title, ...PEERS.map(cell), `${ratio}×`];
}

// Base64, as most large messages are; some lines begin with a dot, as some do.
async function writeMessage(path, end) {
  const line = `${'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0NTY3'.repeat(2).slice(0, 76)}${end}`;
  const block = Buffer.from(`${line.repeat(5000)}.${line}`);
  const file = await open(path, 'w');
  await file.write(`From: a@example.com${end}To: b@example.org${end}Subject: large${end}${end}`);
  for (let bytes = 0; bytes < MESSAGE_BYTES; bytes += block.length) await file.write(block);
  await file.close();
}
