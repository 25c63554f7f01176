// A discarding SMTP server for large messages, in a process of its own: of the content it looks at the last octets only.
// With the argument `tls` it speaks TLS from the first byte.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

const fixture = (name) => readFileSync(new URL(`../test/fixtures/tls/${name}`, import.meta.url));
const END = Buffer.from('\r\n.\r\n');

const serve = (onSocket) =>
  process.argv[2] === 'tls'
    ? createTlsServer(
        { noDelay: true, cert: fixture('server.pem'), key: fixture('server.key.pem') },
        onSocket,
      )
    : createServer({ noDelay: true, highWaterMark: 1_048_576 }, onSocket);

const server = serve((socket) => {
  let inContent = false;
  let tail = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.write('220 sink ESMTP\r\n');
  socket.on('data', (chunk) => {
    if (inContent) {
      const end = chunk.length < END.length ? Buffer.concat([tail, chunk]) : chunk;
      tail = Buffer.from(end.subarray(-END.length));
      if (!tail.equals(END)) return;
      inContent = false;
      socket.write('250 2.0.0 Ok: queued\r\n');
      return;
    }
    for (const verb of chunk.toString('latin1').matchAll(/^[A-Z]{4}/gm)) {
      if (verb[0] === 'EHLO') socket.write('250-sink\r\n250-8BITMIME\r\n250 SIZE 0\r\n');
      else if (verb[0] === 'DATA') {
        inContent = true;
        tail = Buffer.alloc(0);
        socket.write('354 go ahead\r\n');
      } else if (verb[0] === 'QUIT') socket.end('221 2.0.0 Bye\r\n');
      else socket.write('250 2.0.0 Ok\r\n');
    }
  });
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
process.on('disconnect', () => process.exit(0));
