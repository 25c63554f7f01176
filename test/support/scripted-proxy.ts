// A proxy that says what a test tells it, over TCP or TLS; it has no way to any server of its own.
import { createServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { certificateOf } from './certificates.ts';

export interface ScriptedProxy extends AsyncDisposable {
  readonly port: number;
  /** Everything that arrived, one entry for each connection, as latin1 text. */
  readonly heard: string[];
  /** How many connections are open now. */
  open(): number;
}

/** One answer: bytes as text (latin1), or what to do. `''` says nothing, `undefined` ends the connection. */
export type ProxyAnswer = string | undefined | ((socket: Socket) => void);

/**
 * Answers the n-th thing a client says with the n-th answer. `cut` writes every answer byte by byte, or in two at that
 * byte. A list of lists gives each connection its own answers.
 */
export async function scriptedProxy(
  answers: readonly ProxyAnswer[] | readonly (readonly ProxyAnswer[])[],
  options: { readonly cut?: 'byte' | number; readonly tls?: 'server' | 'wrong-name' } = {},
): Promise<ScriptedProxy> {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (transport) => {
    const index = heard.push('') - 1;
    sockets.add(transport);
    transport.on('error', () => undefined);
    transport.once('close', () => sockets.delete(transport));
    const socket = options.tls === undefined ? transport : encrypt(transport, options.tls);
    socket.on('error', () => undefined);
    const own = answers.some(Array.isArray)
      ? (answers[Math.min(index, answers.length - 1)] as readonly ProxyAnswer[])
      : (answers as readonly ProxyAnswer[]);
    let turn = 0;
    socket.on('data', (chunk) => {
      heard[index] += chunk.toString('latin1');
      void say(socket, own[Math.min(turn++, own.length - 1)], options.cut);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    heard,
    open: () => sockets.size,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function say(
  socket: Socket,
  answer: ProxyAnswer,
  cut: 'byte' | number | undefined,
): Promise<void> {
  if (answer === undefined) return void socket.end();
  if (typeof answer === 'function') return answer(socket);
  const bytes = Buffer.from(answer, 'latin1');
  const pieces =
    cut === 'byte'
      ? [...bytes].map((byte) => Buffer.of(byte))
      : [bytes.subarray(0, cut), ...(cut === undefined ? [] : [bytes.subarray(cut)])];
  for (const piece of pieces.filter(({ length }) => length > 0)) {
    if (socket.destroyed) return;
    await new Promise((resolve) => socket.write(piece, () => setImmediate(resolve)));
  }
}

function encrypt(transport: Socket, name: 'server' | 'wrong-name'): Socket {
  return new TLSSocket(transport, {
    isServer: true,
    secureContext: createSecureContext(certificateOf(name)),
  });
}
