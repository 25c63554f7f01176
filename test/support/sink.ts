// A server for many messages: fast, with PIPELINING and CHUNKING, it keeps the subjects of what it took, and fails as
// told.
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface SinkOptions {
  /** Keywords offered beside PIPELINING and 8BITMIME. */
  readonly offers?: readonly string[];
  /** The reply to RCPT; `undefined` for 250. */
  readonly rcpt?: (address: string) => string | undefined;
  /** Called before the final reply; what it returns is the reply, `undefined` stands for 250. `cut` ends the connection. */
  readonly final?: (subject: string, cut: () => void) => string | undefined;
  /** Called for each connection; `false` refuses it with 421. */
  readonly welcome?: (count: number) => boolean;
}

export interface Sink extends AsyncDisposable {
  readonly port: number;
  /** Subjects of the messages it has taken, in order. */
  readonly taken: string[];
  /** When each MAIL came, by performance.now(). */
  readonly mailsAt: number[];
  /** Connections that are open. */
  open(): number;
  /** The most that were open at once. */
  mostOpen(): number;
  /** How many connections were opened. */
  connections(): number;
  close(): Promise<void>;
}

/** Starts it on 127.0.0.1. */
export async function startSink(options: SinkOptions = {}): Promise<Sink> {
  const sockets = new Set<Socket>();
  const taken: string[] = [];
  const mailsAt: number[] = [];
  let most = 0;
  let count = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    count += 1;
    sockets.add(socket);
    most = Math.max(most, sockets.size);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    if (options.welcome?.(count) === false) socket.end('421 4.7.0 Too many connections\r\n');
    else serve(socket, options, taken, mailsAt);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  };
  return {
    port: (server.address() as AddressInfo).port,
    taken,
    mailsAt,
    open: () => sockets.size,
    mostOpen: () => most,
    connections: () => count,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function serve(socket: Socket, options: SinkOptions, taken: string[], mailsAt: number[]): void {
  let buffer = '';
  let chunkLeft = -1;
  let chunk = '';
  let isContent = false;
  let isCut = false;
  let recipients = 0;
  let out = '';
  const cut = (): void => {
    isCut = true;
    socket.destroy();
  };
  const finish = (content: string): void => {
    isContent = false;
    const subject = /^Subject: (.*)\r$/m.exec(content)?.[1] ?? '';
    const reply = options.final?.(subject, cut);
    if (isCut) return;
    if (reply === undefined) taken.push(subject);
    out += `${reply ?? '250 2.0.0 Ok'}\r\n`;
  };
  const command = (line: string): void => {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') {
      const offers = ['PIPELINING', '8BITMIME', ...(options.offers ?? [])];
      out += `250-sink\r\n${offers.map((word, at) => `250${at === offers.length - 1 ? ' ' : '-'}${word}\r\n`).join('')}`;
    } else if (verb === 'MAIL') {
      mailsAt.push(performance.now());
      recipients = 0;
      out += '250 2.1.0 Ok\r\n';
    } else if (verb === 'RCPT') {
      const reply = options.rcpt?.(/<(.*)>/.exec(line)?.[1] ?? '');
      if (reply === undefined) recipients += 1;
      out += `${reply ?? '250 2.1.5 Ok'}\r\n`;
    } else if (verb === 'DATA') {
      isContent = recipients > 0;
      out += isContent ? '354 Go ahead\r\n' : '503 5.5.1 No recipient\r\n';
    } else if (verb === 'BDAT') {
      chunkLeft = Number(line.split(' ')[1]);
      chunk = '';
    } else if (verb === 'QUIT') {
      socket.end(`${out}221 2.0.0 Bye\r\n`);
      out = '';
    } else out += '250 2.0.0 Ok\r\n';
  };
  const step = (): boolean => {
    if (chunkLeft >= 0) {
      chunk += buffer.slice(0, chunkLeft);
      const used = Math.min(buffer.length, chunkLeft);
      buffer = buffer.slice(used);
      chunkLeft -= used;
      if (chunkLeft > 0) return false;
      chunkLeft = -1;
      if (recipients > 0) finish(chunk);
      else out += '503 5.5.1 No recipient\r\n';
      return true;
    }
    const end = isContent ? buffer.indexOf('\r\n.\r\n') : buffer.indexOf('\r\n');
    if (end === -1) return false;
    const part = buffer.slice(0, end);
    buffer = buffer.slice(end + (isContent ? 5 : 2));
    if (isContent) finish(`${part}\r\n`);
    else command(part);
    return true;
  };
  socket.write('220 sink ESMTP\r\n');
  socket.on('data', (data) => {
    buffer += data.toString('latin1');
    while (!isCut && step());
    if (out !== '' && !isCut) socket.write(out);
    out = '';
  });
}
