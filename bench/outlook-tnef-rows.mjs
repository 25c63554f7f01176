// Reading TNEF (row O5): a usual winmail.dat, and one with a large attachment.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tnefPeers } from './outlook-tnef-peers.mjs';

const PEERS = Object.keys(tnefPeers);
const KINDS = [
  { title: 'HTML and three files of 30 KB, µs', files: 3, octets: 30_000, times: 30, per: 1 },
  { title: 'a file of 10 MB, ms', files: 1, octets: 10_000_000, times: 1, per: 1000 },
];

export const tnefHead = ['row', 'what', ...PEERS];

/** The rows of CPU time and of memory, as the medians of `rounds` samples that `child` takes. */
export async function tnefRows({ rounds, child, median }) {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'));
  const rows = { cpu: [], memory: [] };
  try {
    for (const [index, kind] of KINDS.entries()) {
      const path = join(folder, `${index}.dat`);
      writeFileSync(path, await winmail(kind));
      const samples = new Map(PEERS.map((peer) => [peer, []]));
      for (let round = 0; round < rounds; round += 1) {
        for (const peer of PEERS) {
          samples.get(peer).push(child('outlook-tnef-child.mjs', peer, path, String(kind.times)));
        }
        process.stderr.write('.');
      }
      const octets = new Set([...samples.values()].flat().map((sample) => sample.octets));
      if (octets.size > 1) throw new Error(`not the same content: ${[...octets]}`);
      const of = (peer, key) => median(samples.get(peer).map((sample) => sample[key]));
      const cells = (key, per) =>
        PEERS.map((peer) => {
          const value = of(peer, key);
          const times = (value / of('posthorn', key)).toFixed(1);
          return `${(value / per).toFixed(0)}${peer === 'posthorn' ? '' : ` (${times}×)`}`;
        });
      rows.cpu.push(['O5', kind.title, ...cells('cpuUs', kind.per)]);
      rows.memory.push(['O5', kind.title.replace(/,[^,]*$/, ''), ...cells('peakMb', 1)]);
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function winmail({ files, octets }) {
  const { MapiAttachment, MapiMessage, PidTag, writeTnef } = await import('../dist/outlook.js');
  const message = new MapiMessage();
  message.messageClass = 'IPM.Note';
  message.subject = 'The figures of March';
  message.properties.set(PidTag.Html, Buffer.from(`<p>${'Lorem ipsum dolor '.repeat(500)}</p>`));
  for (let file = 0; file < files; file += 1) {
    const content = Buffer.alloc(octets, `figures ${file} `);
    message.attachments.push(MapiAttachment.file(`figures-${file}.csv`, content));
  }
  return writeTnef(message, { key: 1 });
}
