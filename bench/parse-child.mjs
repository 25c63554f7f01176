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

const read = (await parsePeers[peer]())[kind];
const cpu = process.cpuUsage();
let [messages, attachments, octets] = [0, 0, 0];
const add = ([count, size]) => {
  messages += 1;
  attachments += count;
  octets += size;
};
if (kind === 'eager' || kind === 'lazy') {
  const file = openSync(path, 'r');
  for (const message of messagesOf(file)) add(await read(message));
  closeSync(file);
} else add(await read(path));
const used = process.cpuUsage(cpu);
console.log(
  JSON.stringify({
    messages,
    attachments,
    octets,
    cpuUs: (used.user + used.system) / messages,
    peakMb: process.resourceUsage().maxRSS / 1024,
  }),
);
