// A real server on loopback that keeps what it takes, and answers the final dot when it likes.
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** How it answers. */
export interface ReceivingOptions {
  /** Called for each DATA, which is answered when it resolves. Default: at once. */
  readonly beforeData?: () => Promise<void> | undefined;
  /** Called for each message after its final dot; the message is answered when it resolves. Default: at once. */
  readonly beforeReply?: (messageId: string) => Promise<void> | undefined;
}

/** A server that takes every message. */
export interface ReceivingServer extends AsyncDisposable {
  readonly port: number;
  /** How often each recipient has each message: by Message-ID and address, with a blank between them. */
  readonly taken: ReadonlyMap<string, number>;
}

/** Starts it on 127.0.0.1. */
export async function receivingServer(options: ReceivingOptions = {}): Promise<ReceivingServer> {
  const taken = new Map<string, number>();
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Whoever is killed leaves so.
    socket.on('error', () => undefined);
    new Talk(socket, taken, options);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    taken,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

class Talk {
  readonly #socket: Socket;
  readonly #taken: Map<string, number>;
  readonly #options: ReceivingOptions;
  #rest = '';
  #to: string[] = [];
  #isContent = false;
  #work: Promise<void> = Promise.resolve();

  constructor(socket: Socket, taken: Map<string, number>, options: ReceivingOptions) {
    this.#socket = socket;
    this.#taken = taken;
    this.#options = options;
    this.#say('220 ready');
    socket.on('data', (chunk) => {
      this.#rest += chunk.toString('latin1');
      this.#work = this.#work.then(() => this.#read());
    });
  }

  #say(reply: string): void {
    if (!this.#socket.destroyed) this.#socket.write(`${reply}\r\n`);
  }

  async #read(): Promise<void> {
    for (;;) {
      const end = this.#isContent ? this.#rest.indexOf('\r\n.\r\n') : this.#rest.indexOf('\r\n');
      if (end === -1) return;
      const text = this.#rest.slice(0, end);
      this.#rest = this.#rest.slice(end + (this.#isContent ? 5 : 2));
      if (this.#isContent) await this.#take(text);
      else await this.#answer(text);
    }
  }

  async #take(content: string): Promise<void> {
    this.#isContent = false;
    const id = /^Message-ID: (\S+)/im.exec(content)?.[1] ?? '';
    for (const to of this.#to) {
      const key = `${id} ${to}`;
      this.#taken.set(key, (this.#taken.get(key) ?? 0) + 1);
    }
    await this.#options.beforeReply?.(id);
    this.#say('250 2.0.0 taken');
  }

  async #answer(line: string): Promise<void> {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') this.#say('250-here\r\n250-8BITMIME\r\n250 PIPELINING');
    else if (verb === 'MAIL') {
      this.#to = [];
      this.#say('250 ok');
    } else if (verb === 'RCPT') {
      this.#to.push(/<(.*)>/.exec(line)?.[1] ?? '');
      this.#say('250 ok');
    } else if (verb === 'DATA') {
      await this.#options.beforeData?.();
      this.#isContent = true;
      this.#say('354 go on');
    } else this.#say(verb === 'QUIT' ? '221 bye' : '250 ok');
  }
}
