// A program that sends one message and ends: node once-child.mjs PEER PORT
const [peer, port] = process.argv.slice(2);
const message = { from: 'ann@example.com', to: 'bob@example.org', subject: 'Hi', text: 'Hi' };
const server = { host: '127.0.0.1', port: Number(port) };

if (peer === 'posthorn') {
  const { send } = await import('../dist/index.js');
  await send(message, { ...server, security: 'none' });
} else {
  const { default: nodemailer } = await import('nodemailer');
  await nodemailer.createTransport({ ...server, ignoreTLS: true }).sendMail(message);
}
