// One sample in a fresh process: node forward-child.mjs PEER PORT plain|tls FILE → a large stored message is forwarded.
import { createReadStream, readFileSync } from 'node:fs';

const [peer, port, mode, file] = process.argv.slice(2);
const isTls = mode === 'tls';
const tls = {
  ca: readFileSync(new URL('../test/fixtures/tls/ca.pem', import.meta.url)),
  servername: 'localhost',
};
const from = 'ann@example.com';
const to = ['bob@example.org'];

const ours = async (content) => {
  const { SmtpClient } = await import('../dist/index.js');
  const security = isTls ? 'implicit' : 'none';
  const client = new SmtpClient({ host: '127.0.0.1', port: Number(port), security, tls });
  return (small) => client.forward(from, to, small ?? content());
};
const nodemailer = async (raw) => {
  const { default: mailer } = await import('nodemailer');
  const transport = mailer.createTransport({
    host: '127.0.0.1',
    port: Number(port),
    secure: isTls,
    ignoreTLS: !isTls,
    tls,
  });
  return (small) => transport.sendMail({ envelope: { from, to }, raw: small ?? raw() });
};
const forwarders = {
  posthorn: () => ours(() => file),
  'posthorn, a stream': () => ours(() => createReadStream(file)),
  nodemailer: () => nodemailer(() => ({ path: file })),
  'nodemailer, a stream': () =>
    nodemailer(() => createReadStream(file, { highWaterMark: 1_048_576 })),
};
const forward = await forwarders[peer]();
// The base is a process that has sent a small message: everything is loaded, nothing is under way.
await forward(Buffer.from('Subject: small\r\n\r\nfirst\r\n'));
const baseMb = process.resourceUsage().maxRSS / 1024;
const cpu = process.cpuUsage();
const started = performance.now();
await forward();
const wallMs = performance.now() - started;
const used = process.cpuUsage(cpu);
console.log(
  JSON.stringify({
    wallMs,
    cpuMs: (used.user + used.system) / 1000,
    baseMb,
    peakMb: process.resourceUsage().maxRSS / 1024,
  }),
);
process.exit(0);
