// Which of a host's addresses is used: attempts begin one after the other, and the first that connects wins (RFC 8305).
import type { Socket } from 'node:net';

// RFC 8305 section 5, "Connection Attempt Delay". An attempt that is overtaken goes on all the same.
const HEAD_START_MS = 250;

/** One race over the addresses of one host. Its sockets are its own until one has won. */
export class AddressRace {
  /** The first socket to connect. Rejects with an `AggregateError` when every address has failed. */
  readonly won: Promise<Socket>;
  /** What came of the addresses that have failed so far. */
  readonly failures: Error[] = [];
  readonly #addresses: readonly string[];
  readonly #open: (address: string) => Socket;
  readonly #running = new Set<Socket>();
  #resolve: (winner: Socket) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  #begun = 0;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  /** Begins with the first address at once; `open` makes a socket that is connecting. */
  constructor(addresses: readonly string[], open: (address: string) => Socket) {
    this.#addresses = addresses;
    this.#open = open;
    this.won = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#begin();
  }

  /** The addresses whose attempts are still under way. */
  get unanswered(): readonly string[] {
    const failed = new Set(this.failures.map((error) => Reflect.get(error, 'address')));
    return this.#addresses.slice(0, this.#begun).filter((address) => !failed.has(address));
  }

  /** Ends every attempt that has not won. */
  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    for (const socket of this.#running) socket.destroy();
    this.#running.clear();
  }

  #begin(): void {
    clearTimeout(this.#timer);
    const address = this.#addresses[this.#begun];
    if (address === undefined) {
      if (this.#running.size === 0) this.#reject(new AggregateError(this.failures));
      return;
    }
    this.#begun += 1;
    const socket = this.#open(address);
    this.#running.add(socket);
    socket.once('connect', () => this.#win(socket));
    // Stays for good: a socket that fails later, when nobody listens yet, must not end the process.
    socket.on('error', (error) => this.#lose(socket, address, error));
    if (this.#begun < this.#addresses.length) {
      this.#timer = setTimeout(() => this.#begin(), HEAD_START_MS);
    }
  }

  #win(socket: Socket): void {
    if (!this.#running.delete(socket)) return;
    this.stop();
    this.#resolve(socket);
  }

  #lose(socket: Socket, address: string, error: Error): void {
    if (!this.#running.delete(socket) || this.#isOver) return;
    this.failures.push(Object.assign(error, { address }));
    // RFC 8305 section 5: the next one need not wait for one that has failed.
    this.#begin();
  }
}
