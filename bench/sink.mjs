// A discarding SMTP server in a process of its own, as small as it can be: it must never be what is measured.
// With the argument `tls` it speaks TLS from the first byte.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

const fixture = (name) => readFileSync(new URL(`../test/fixtures/tls/${name}`, import.meta.url));
const serve = (onSocket) =>
  process.argv[2] === 'tls'
    ? createTlsServer(
        { noDelay: true, cert: fixture('server.pem'), key: fixture('server.key.pem') },
        onSocket,
      )
    : createServer({ noDelay: true }, onSocket);

const server = serve((socket) => {
  let inContent = false;
  let tail = '';
  socket.on('error', () => {});
  socket.write('220 sink ESMTP\r\n');
  socket.on('data', (chunk) => {
    tail += chunk.toString('latin1');
    for (;;) {
      if (inContent) {
        const end = tail.startsWith('.\r\n') ? 0 : tail.indexOf('\r\n.\r\n');
        if (end < 0) {
          tail = tail.slice(-4);
          return;
        }
        tail = tail.slice(end + (tail.startsWith('.\r\n') ? 3 : 5));
        inContent = false;
        socket.write('250 2.0.0 Ok: queued\r\n');
        continue;
      }
      const end = tail.indexOf('\r\n');
      if (end < 0) return;
      const verb = tail.slice(0, 4).toUpperCase();
      tail = tail.slice(end + 2);
      if (verb === 'EHLO') socket.write('250-sink\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n');
      else if (verb === 'DATA') {
        inContent = true;
        socket.write('354 go ahead\r\n');
      } else if (verb === 'QUIT') socket.end('221 2.0.0 Bye\r\n');
      else socket.write('250 2.0.0 Ok\r\n');
    }
  });
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
process.on('disconnect', () => process.exit(0));
