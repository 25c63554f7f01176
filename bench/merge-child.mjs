// One sample in a fresh process: node merge-child.mjs PEER ROWS → JSON on standard output. Makes a letter for each of
// ROWS rows, and looks at its memory at each tenth.
import { mergePeers, rowOf } from './merge-peers.mjs';

const [peer, count] = process.argv.slice(2);
const rows = Number(count);
const make = await mergePeers[peer]();
const tenth = Math.ceil(rows / 10);
const rssMb = [];
let octets = 0;
for (let n = 0; n < Math.min(rows, 2_000); n += 1) await make(rowOf(n));
const cpu = process.cpuUsage();
const started = performance.now();
for (let n = 0; n < rows; n += 1) {
  octets += (await make(rowOf(n))).length;
  if ((n + 1) % tenth === 0) rssMb.push(Math.round(process.memoryUsage.rss() / 1048576));
}
const seconds = (performance.now() - started) / 1000;
const used = process.cpuUsage(cpu);
console.log(
  JSON.stringify({
    cpuUs: (used.user + used.system) / rows,
    perSecond: rows / seconds,
    octets: octets / rows,
    rssMb,
  }),
);
