// One sample in a fresh process: node outlook-msg-child.mjs read PEER FOLDER html|text or write PEER KIND → JSON.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mails } from './outlook-msg-mails.mjs';
import { readers, writers } from './outlook-msg-peers.mjs';

const [verb, peer, what, body] = process.argv.slice(2);
const WARM_MS = 400;
const MEASURED_MS = 500;

async function reading() {
  const read = await readers[peer]();
  const files = readdirSync(what).map((name) => readFileSync(join(what, name)));
  return () => files.reduce((sum, bytes) => sum + read(bytes, body === 'html'), 0);
}

async function writing() {
  const write = await writers[peer]();
  const mail = mails[what].make();
  return () => write(mail);
}

const once = verb === 'read' ? await reading() : await writing();

/** Does it over and over for a time; how often that was. */
async function repeat(ms) {
  const end = performance.now() + ms;
  let times = 0;
  for (; times === 0 || performance.now() < end; times += 1) octets = await once();
  return times;
}

let octets = 0;
// What counts is code that is compiled.
await repeat(WARM_MS);
const cpu = process.cpuUsage();
const times = await repeat(MEASURED_MS);
const used = process.cpuUsage(cpu);
console.log(
  JSON.stringify({
    octets,
    cpuUs: (used.user + used.system) / times,
    peakMb: process.resourceUsage().maxRSS / 1024,
  }),
);
