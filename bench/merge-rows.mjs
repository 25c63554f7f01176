// A merge of many rows: the rate of each peer, and the memory all the way.
import { mergePeers } from './merge-peers.mjs';

const ROWS = 100_000;
// The others are slow: a share of the rows says the same.
const ROWS_OF_PEERS = 20_000;

export const mergeHead = [
  '',
  'rows',
  'rows/s',
  'CPU µs a row',
  'times',
  'memory at each tenth, MB',
];

/** The rows of the table. */
export async function mergeRows({ rounds, child, median }) {
  const names = Object.keys(mergePeers);
  const samples = new Map(names.map((name) => [name, []]));
  const count = (name) => (name === 'posthorn' ? ROWS : ROWS_OF_PEERS);
  for (let round = 0; round < Math.min(rounds, 3); round += 1) {
    for (const name of names) {
      samples.get(name).push(child('merge-child.mjs', name, String(count(name))));
      process.stderr.write('.');
    }
  }
  const cpu = (name) => median(samples.get(name).map(({ cpuUs }) => cpuUs));
  return names.map((name) => [
    name,
    count(name).toLocaleString('en'),
    median(samples.get(name).map(({ perSecond }) => perSecond)).toFixed(0),
    cpu(name).toFixed(1),
    name === 'posthorn' ? '' : `${(cpu(name) / cpu('posthorn')).toFixed(1)}×`,
    samples.get(name)[0].rssMb.join(' '),
  ]);
}
