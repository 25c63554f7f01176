// One sample in a fresh process: node parse-child.mjs KIND PEER FILE → JSON on standard output.
import { closeSync, openSync, readSync } from 'node:fs';
import { parsePeers } from './parse-peers.mjs';

const [kind, peer, path] = process.argv.slice(2);
const BLOCK = 8 << 20;

/** The messages of an mbox file, in memory that is written over when the next one is asked for. */
function* messagesOf(file) {
  const memory = Buffer.allocUnsafe(2 * BLOCK);
  let kept = 0;
  for (let got = -1; got !== 0; ) {
    got = readSync(file, memory, kept, BLOCK, null);
    const bytes = memory.subarray(0, kept + got);
    let start = 0;
    let next = bytes.indexOf('\nFrom ', 1);
    while (next !== -1) {
      yield bytes.subarray(bytes.indexOf(10, start) + 1, next);
      start = next + 1;
      next = bytes.indexOf('\nFrom ', start);
    }
    kept = bytes.length - start;
    bytes.copy(memory, 0, start);
  }
  yield memory.subarray(memory.indexOf(10) + 1, kept - 1);
}

const WARM_UP_MESSAGES = 2000;
const read = (await parsePeers[peer]())[kind];
const isMbox = kind === 'eager' || kind === 'lazy';
const total = { messages: 0, attachments: 0, octets: 0 };
async function readAll(most) {
  Object.assign(total, { messages: 0, attachments: 0, octets: 0 });
  const file = openSync(path, 'r');
  for (const message of isMbox ? messagesOf(file) : [path]) {
    const [attachments, octets] = await read(message);
    total.messages += 1;
    total.attachments += attachments;
    total.octets += octets;
    if (total.messages === most) break;
  }
  closeSync(file);
}

// A large file is read once, as by a command; of many messages only those count that come when all is compiled.
if (isMbox) await readAll(WARM_UP_MESSAGES);
const cpu = process.cpuUsage();
await readAll();
const used = process.cpuUsage(cpu);
console.log(
  JSON.stringify({
    ...total,
    cpuUs: (used.user + used.system) / total.messages,
    peakMb: process.resourceUsage().maxRSS / 1024,
  }),
);
