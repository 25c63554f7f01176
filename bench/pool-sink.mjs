// A discarding SMTP server with PIPELINING and CHUNKING in a process of its own: node pool-sink.mjs plain|tls [DELAY_MS]
// Each chunk is looked at once; with a delay, everything that passes either way is held back half of it.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

const [mode = 'plain', delay = '0', only = ''] = process.argv.slice(2);
const half = Number(delay) / 2;
const fixture = (name) => readFileSync(new URL(`../test/fixtures/tls/${name}`, import.meta.url));
const extensions = ['8BITMIME', 'ENHANCEDSTATUSCODES', 'PIPELINING', 'CHUNKING'].filter(
  (name) => only === '' || !only.split(',').includes(name),
);
const hello = `250-sink\r\n${extensions.map((name, i) => `250${i === extensions.length - 1 ? ' ' : '-'}${name}`).join('\r\n')}\r\n`;
let accepted = 0;

function serve(socket) {
  socket.setNoDelay(true);
  socket.on('error', () => {});
  const write =
    half > 0 ? (text) => setTimeout(() => socket.write(text), half) : (text) => socket.write(text);
  let line = '';
  let left = -1; // octets of a chunk still to come
  let isLast = false;
  let inContent = false;
  let tail = '';
  let out = '';
  const take = (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (left >= 0) {
        const count = Math.min(left, chunk.length - at);
        at += count;
        left -= count;
        if (left > 0) break;
        left = -1;
        if (isLast) accepted += 1;
        out += '250 2.0.0 Ok\r\n';
      } else if (inContent) {
        let end = -1;
        if (tail !== '') {
          const joined = tail + chunk.latin1Slice(at, Math.min(chunk.length, at + 5));
          const found = joined.indexOf('\r\n.\r\n');
          if (found !== -1) end = at + found + 5 - tail.length;
        }
        if (end === -1) {
          const found = chunk.indexOf('\r\n.\r\n', at);
          if (found !== -1) end = found + 5;
        }
        if (end === -1) {
          tail = (tail + chunk.latin1Slice(Math.max(at, chunk.length - 4))).slice(-4);
          break;
        }
        at = end;
        tail = '';
        inContent = false;
        accepted += 1;
        out += '250 2.0.0 Ok: queued\r\n';
      } else {
        const end = chunk.indexOf(10, at);
        if (end === -1) {
          line += chunk.latin1Slice(at);
          break;
        }
        line += chunk.latin1Slice(at, end);
        at = end + 1;
        command(line);
        line = '';
      }
    }
    if (out !== '') write(out);
    out = '';
  };
  const command = (text) => {
    const verb = text.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') out += hello;
    else if (verb === 'DATA') {
      inContent = true;
      tail = '\r\n';
      out += '354 go\r\n';
    } else if (verb === 'BDAT') {
      const [, size, last] = text.trimEnd().split(' ');
      left = Number(size);
      isLast = last !== undefined;
      if (left === 0) {
        left = -1;
        if (isLast) accepted += 1;
        out += '250 2.0.0 Ok\r\n';
      }
    } else if (verb === 'QUIT') {
      write(`${out}221 2.0.0 Bye\r\n`);
      out = '';
      setTimeout(() => socket.end(), half + 1);
    } else out += '250 2.0.0 Ok\r\n';
  };
  socket.on('data', half > 0 ? (chunk) => setTimeout(take, half, chunk) : take);
  write('220 sink ESMTP\r\n');
}

const server =
  mode === 'tls'
    ? createTlsServer({ cert: fixture('server.pem'), key: fixture('server.key.pem') }, serve)
    : createServer({ noDelay: true }, serve);
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
process.on('message', () => process.send?.({ accepted }));
process.on('disconnect', () => process.exit(0));
