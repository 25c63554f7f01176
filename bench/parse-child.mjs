// One sample in a fresh process: node parse-child.mjs KIND PEER FILE → JSON on standard output.
import { closeSync, openSync, readSync } from 'node:fs';
import { parsePeers } from './parse-peers.mjs';

const [kind, peer, path] = process.argv.slice(2);
const BLOCK = 8 << 20;

/** The messages of an mbox file, in memory of their own for every block that is read. */
function* messagesOf(file) {
  let rest = Buffer.alloc(0);
  for (;;) {
    const block = Buffer.allocUnsafe(rest.length + BLOCK);
    rest.copy(block);
    const got = readSync(file, block, rest.length, BLOCK, null);
    const bytes = block.subarray(0, rest.length + got);
    let start = 0;
    for (
      let next = bytes.indexOf('\nFrom ', 1);
      next !== -1;
      next = bytes.indexOf('\nFrom ', start)
    ) {
      yield bytes.subarray(bytes.indexOf(10, start) + 1, next);
      start = next + 1;
    }
    rest = bytes.subarray(start);
    if (got === 0) break;
  }
  yield rest.subarray(rest.indexOf(10) + 1, rest.length - 1);
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
