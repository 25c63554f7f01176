// The server runs in a thread of its own: only then can its reset overtake our reading.
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { chunks, deliver, failure } from './kit.ts';

const SERVER = `
  const { createServer } = require('node:net');
  const { parentPort } = require('node:worker_threads');
  const server = createServer((socket) => {
    let octets = -1;
    socket.write('220 hi\\r\\n');
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      if (octets >= 0) {
        octets += bytes.length;
        if (octets < 300000) return;
        octets = -Infinity;
        // Closing with input unread makes the system send a reset.
        socket.write('552 5.3.4 Too big\\r\\n', () => socket.destroy());
      } else if (octets === -1) {
        const isData = bytes.toString() === 'DATA\\r\\n';
        if (isData) octets = 0;
        socket.write(isData ? '354 go\\r\\n' : '250 ok\\r\\n');
      }
    });
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

describe('a refusal midway', () => {
  it('is reported although the writes fail before it is read', async () => {
    const worker = new Worker(SERVER, { eval: true });
    try {
      const port = await new Promise<number>((resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', reject);
      });
      const block = Buffer.alloc(65_536, 'a line of text that is not too long for anybody!\r\n');
      function* large(): Generator<Uint8Array> {
        for (let i = 0; i < 400; i++) yield block;
      }
      for (let time = 0; time < 10; time++) {
        const options = { host: '127.0.0.1', port, security: 'none' } as const;
        const error = await failure(deliver(options, chunks(large)));
        expect(error).toMatchObject({ name: 'SmtpReplyError', stage: 'content', delivered: 'no' });
        expect(error.message).toBe(
          `127.0.0.1:${port} answered the message with '552 5.3.4 Too big'; the message or the mailbox is too large`,
        );
      }
    } finally {
      await worker.terminate();
    }
  });
});
