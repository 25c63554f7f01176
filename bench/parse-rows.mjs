// Reading mail (rows P1 to P3): many mixed messages, and one with a large attachment.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeLarge, writeMbox } from './mail-corpus.mjs';
import { parsePeers } from './parse-peers.mjs';

const PEERS = Object.keys(parsePeers);
const LARGE_BYTES = 50 << 20;

export const parseHead = ['row', 'how far', ...PEERS];

// What Posthorn does, and what it is compared with: a peer that is not lazy or can't stream does all there is to do.
const KINDS = [
  { row: 'P1', title: 'everything decoded, µs a message', ours: 'eager', theirs: 'eager' },
  { row: 'P2', title: 'headers and structure, µs a message', ours: 'lazy', theirs: 'eager' },
  { row: 'P3', title: '50 MB attachment, decoded, ms', ours: 'file', theirs: 'file' },
  { row: 'P3', title: '50 MB attachment, streamed out, ms', ours: 'streamed', theirs: 'file' },
];

/** The tables of CPU time and of memory, as the medians of `rounds` samples that `child` takes. */
export async function parseRows({ rounds, child, median }) {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'));
  try {
    const messages = Math.min(10_000, 2000 * rounds);
    const mbox = join(folder, 'mail.mbox');
    const large = join(folder, 'large.eml');
    const megabytes = Math.round(writeMbox(mbox, messages) / 1e6);
    writeLarge(large, LARGE_BYTES);
    const isMbox = (kind) => kind === 'eager' || kind === 'lazy';
    const samples = new Map();
    const take = (kind, peer) => {
      const key = `${kind} ${peer}`;
      const sample = child('parse-child.mjs', kind, peer, isMbox(kind) ? mbox : large);
      samples.set(key, [...(samples.get(key) ?? []), sample]);
    };
    for (let round = 0; round < rounds; round += 1) {
      for (const kind of ['eager', 'file']) for (const peer of PEERS) take(kind, peer);
      for (const kind of ['lazy', 'streamed']) take(kind, 'posthorn');
      process.stderr.write('.');
    }
    const of = (kind, peer, key) =>
      median(samples.get(`${kind} ${peer}`).map((sample) => sample[key]));
    const cells = (kind, key, write) =>
      PEERS.map((peer) => {
        const own = of(kind.ours, 'posthorn', key);
        if (peer === 'posthorn') return write(own, kind);
        const value = of(kind.theirs, peer, key);
        return `${write(value, kind)} (${(value / own).toFixed(1)}×)`;
      });
    const cpu = (value, { ours }) => (value / (isMbox(ours) ? 1 : 1000)).toFixed(0);
    return {
      title: `Reading ${messages} mixed messages (${megabytes} MB) or a large one, CPU (times Posthorn)`,
      cpu: KINDS.map((kind) => [kind.row, kind.title, ...cells(kind, 'cpuUs', cpu)]),
      memory: KINDS.map((kind) => [
        kind.row,
        kind.title.replace(/,[^,]*$/, ''),
        ...cells(kind, 'peakMb', (value) => value.toFixed(0)),
      ]),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
