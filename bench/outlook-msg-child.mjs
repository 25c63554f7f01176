// One sample in a fresh process: node outlook-msg-child.mjs read PEER FOLDER html|text TIMES or write PEER KIND TIMES → JSON.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mails } from './outlook-msg-mails.mjs';
import { readers, writers } from './outlook-msg-peers.mjs';

const [verb, peer, what, ...rest] = process.argv.slice(2);
const times = Number(rest.at(-1));

async function reading() {
  const read = await readers[peer]();
  const files = readdirSync(what).map((name) => readFileSync(join(what, name)));
  return () => files.reduce((sum, bytes) => sum + read(bytes, rest[0] === 'html'), 0);
}

async function writing() {
  const write = await writers[peer]();
  const mail = mails[what].make();
  return () => write(mail);
}

const once = verb === 'read' ? await reading() : await writing();
let octets = 0;
// What counts is code that is compiled.
for (let time = 0; time < times; time += 1) octets = await once();
const cpu = process.cpuUsage();
for (let time = 0; time < times; time += 1) octets = await once();
const used = process.cpuUsage(cpu);
console.log(
  JSON.stringify({
    octets,
    cpuUs: (used.user + used.system) / times,
    peakMb: process.resourceUsage().maxRSS / 1024,
  }),
);
