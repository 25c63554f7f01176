// One sample in a fresh process: node outlook-tnef-child.mjs PEER FILE TIMES → JSON on standard output.
import { readFileSync } from 'node:fs';
import { tnefPeers } from './outlook-tnef-peers.mjs';

const [peer, path, times] = process.argv.slice(2);
const read = await tnefPeers[peer]();
const bytes = readFileSync(path);
const count = Number(times);
let octets = 0;
// A peer writes a log to standard output, where the sample belongs.
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;
// A large file is read once, as by a command; a small one counts when all is compiled.
if (count > 1) for (let time = 0; time < count; time += 1) octets = await read(bytes);
const cpu = process.cpuUsage();
for (let time = 0; time < count; time += 1) octets = await read(bytes);
const used = process.cpuUsage(cpu);
process.stdout.write = write;
console.log(
  JSON.stringify({
    octets,
    cpuUs: (used.user + used.system) / count,
    peakMb: process.resourceUsage().maxRSS / 1024,
  }),
);
