// A million messages through bulkSend, in constant memory, each with its outcome. Fails when one is lost.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const CONNECTIONS = 5;
const MOST_MB = 150;

export const millionHead = [
  'chunking',
  'messages',
  'sent = accepted',
  'messages/s',
  'CPU µs a message',
  'memory at each tenth, MB',
  'peak MB',
];

/** The rows of the table. */
export async function millionRows(count) {
  const rows = [];
  for (const chunking of ['auto', 'eager']) {
    // A server without CHUNKING is spoken to in the strict way.
    const only = chunking === 'eager' ? '' : 'PIPELINING,8BITMIME';
    const sink = fork(here('pool-sink.mjs'), ['plain', '0', only]);
    const [{ port }] = await once(sink, 'message');
    const args = [port, count, CONNECTIONS, chunking].map(String);
    const child = spawn(process.execPath, [here('million-child.mjs'), ...args]);
    const [told, wrong] = await Promise.all([text(child.stdout), text(child.stderr)]);
    if (told === '') throw new Error(wrong);
    const result = JSON.parse(told);
    sink.send('count');
    const [{ accepted }] = await once(sink, 'message');
    sink.disconnect();
    const isWhole = result.sent === count && accepted === count && result.once;
    process.stderr.write(`${chunking}: accepted ${accepted}, ${told}`);
    if (!isWhole || result.peakMb > MOST_MB) throw new Error('lost, or too much memory');
    rows.push([
      chunking === 'eager' ? "'eager'" : 'none',
      count.toLocaleString('en'),
      'yes',
      result.perSecond.toFixed(0),
      result.cpuUs.toFixed(1),
      result.rssMb.join(' '),
      result.peakMb.toFixed(0),
    ]);
  }
  return rows;
}
