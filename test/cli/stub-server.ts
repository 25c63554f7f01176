// A mail server on loopback that says what a test wants it to say.
import { createServer, type Server, type Socket } from 'node:net';

/** The server's answer to a line; `undefined` for the usual one, `'hang up'` to break the connection. */
export type Answer = (line: string) => string | undefined;

/** A running stub server. */
export interface StubServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts it on a free port. */
export async function stubServer(answer: Answer): Promise<StubServer> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.write('220 stub\r\n');
    let inContent = false;
    let pending = '';
    socket.on('data', (data) => {
      const lines = (pending + data.toString()).split('\r\n');
      pending = lines.pop() ?? '';
      for (const line of lines) {
        if (inContent && line !== '.') continue;
        const reply = answer(line) ?? usual(line);
        inContent = reply.startsWith('354');
        if (reply === 'hang up') socket.destroy();
        else socket.write(`${reply}\r\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `smtp://127.0.0.1:${port}`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function usual(line: string): string {
  if (line.startsWith('EHLO')) return '250-stub\r\n250-AUTH PLAIN LOGIN\r\n250 ENHANCEDSTATUSCODES';
  if (line === 'DATA') return '354 go on';
  if (line === 'QUIT') return '221 2.0.0 bye';
  if (line.startsWith('AUTH')) return '235 2.7.0 welcome';
  return '250 2.0.0 ok';
}
