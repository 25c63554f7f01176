// One sample in a fresh process: node pool-child.mjs PEER PORT WORKLOAD CONNECTIONS COUNT plain|tls
// Every message is composed anew, as a program that sends letters does; up to 64 for each connection are under way.
import { createReadStream, readFileSync } from 'node:fs';
import { sendWorkloads } from './workloads.mjs';

const [peer, port, workload, connections, count, mode] = process.argv.slice(2);
const fields = sendWorkloads[workload]();
const ca = readFileSync(new URL('../test/fixtures/tls/ca.pem', import.meta.url));
const isTls = mode === 'tls';
const address = { host: '127.0.0.1', port: Number(port) };

const peers = {
  posthorn: async (chunking) => {
    const { SmtpClient } = await import('../dist/index.js');
    const client = new SmtpClient({
      ...address,
      security: isTls ? 'implicit' : 'none',
      connections: Number(connections),
      ...(chunking && { chunking }),
      ...(isTls && { tls: { ca, servername: 'localhost' } }),
    });
    return { send: () => client.send(fields), close: () => client.close() };
  },
  eager: async () => peers.posthorn('eager'),
  nodemailer: async () => {
    const { default: nodemailer } = await import('nodemailer');
    const transport = nodemailer.createTransport({
      ...address,
      pool: true,
      maxConnections: Number(connections),
      maxMessages: Infinity,
      secure: isTls,
      ignoreTLS: !isTls,
      ...(isTls && { tls: { ca, servername: 'localhost' } }),
    });
    return { send: () => transport.sendMail(fields), close: () => transport.close() };
  },
  emailjs: async () => {
    const { SMTPClient } = await import('emailjs');
    const clients = Array.from(
      { length: Number(connections) },
      () => new SMTPClient({ ...address, ssl: false, tls: false }),
    );
    const { attachments = [], html, ...rest } = fields;
    const attachment = [
      ...(html ? [{ data: html, alternative: true }] : []),
      ...attachments.map((part) => ({ name: part.filename, stream: createReadStream(part.path) })),
    ];
    let next = 0;
    return {
      send: () => clients[next++ % clients.length].sendAsync({ ...rest, attachment }),
      close: () => {
        for (const client of clients) client.smtp.close();
      },
    };
  },
};

const { send, close } = await peers[peer]();
async function run(total) {
  let begun = 0;
  const worker = async () => {
    while (begun < total) {
      begun += 1;
      await send();
    }
  };
  await Promise.all(Array.from({ length: Math.min(total, 64 * Number(connections)) }, worker));
}

await run(Math.ceil(Number(count) / 4));
const cpu = process.cpuUsage();
const started = performance.now();
await run(Number(count));
const seconds = (performance.now() - started) / 1000;
const used = process.cpuUsage(cpu);
console.log(
  JSON.stringify({
    cpuUs: (used.user + used.system) / Number(count),
    perSecond: Number(count) / seconds,
    peakMb: process.resourceUsage().maxRSS / 1024,
  }),
);
await close();
process.exit(0);
