// A million generated messages through bulkSend: node million-child.mjs PORT COUNT CONNECTIONS auto|eager
// Counts the outcomes of each, and looks at its memory all the way.
import { SmtpClient } from '../dist/index.js';

const [port, count, connections, chunking] = process.argv.slice(2);
const total = Number(count);
const text = 'The quick brown fox jumps over the lazy dog. '.repeat(20);
const outcomes = new Uint8Array(total);
const rssMb = [];
let settled = 0;

function* letters() {
  for (let n = 0; n < total; n += 1) {
    yield {
      from: 'Ann Smith <ann@example.com>',
      to: `bob${n}@example.org`,
      subject: `Order ${n}`,
      text,
    };
  }
}

const client = new SmtpClient({
  host: '127.0.0.1',
  port: Number(port),
  security: 'none',
  connections: Number(connections),
  chunking,
});
const cpu = process.cpuUsage();
const report = await client.bulkSend(letters(), {
  total,
  onOutcome: ({ index }) => {
    outcomes[index] += 1;
    settled += 1;
    if (settled % Math.ceil(total / 10) === 0) {
      rssMb.push(Math.round(process.memoryUsage.rss() / 2 ** 20));
    }
  },
});
await client.close();
const used = process.cpuUsage(cpu);
const { sent, failed, notAttempted, durationMs, error } = report;
console.log(
  JSON.stringify({
    ...{ sent, failed, notAttempted, error: error?.message },
    once: outcomes.every((times) => times === 1),
    perSecond: total / (durationMs / 1000),
    cpuUs: (used.user + used.system) / total,
    peakMb: process.resourceUsage().maxRSS / 1024,
    rssMb,
  }),
);
