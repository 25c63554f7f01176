// One sample in a fresh process: node send-child.mjs PEER PORT COUNT plain|tls → a fresh connection for each message.
import { readFileSync } from 'node:fs';

const [peer, port, count, mode] = process.argv.slice(2);
const isTls = mode === 'tls';
const tls = {
  ca: readFileSync(new URL('../test/fixtures/tls/ca.pem', import.meta.url)),
  servername: 'localhost',
};
const message = {
  from: 'ann@example.com',
  to: 'bob@example.org',
  subject: 'Your order',
  text: 'The quick brown fox jumps over the lazy dog. '.repeat(20),
};

const senders = {
  posthorn: async () => {
    const { send } = await import('../dist/index.js');
    const options = { host: '127.0.0.1', port: Number(port) };
    return isTls
      ? () => send(message, { ...options, security: 'implicit', tls })
      : () => send(message, { ...options, security: 'none' });
  },
  nodemailer: async () => {
    const { default: nodemailer } = await import('nodemailer');
    const transport = nodemailer.createTransport({
      host: '127.0.0.1',
      port: Number(port),
      secure: isTls,
      ignoreTLS: !isTls,
      tls,
    });
    return () => transport.sendMail(message);
  },
};
const sendOne = await senders[peer]();
for (let i = 0; i < 50; i += 1) await sendOne();
const cpu = process.cpuUsage();
const started = performance.now();
for (let i = 0; i < Number(count); i += 1) await sendOne();
const wallUs = ((performance.now() - started) * 1000) / Number(count);
const used = process.cpuUsage(cpu);
console.log(JSON.stringify({ cpuUs: (used.user + used.system) / Number(count), wallUs }));
process.exit(0);
