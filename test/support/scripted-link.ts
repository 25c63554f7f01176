// The server's end of one connection, as scripts and faults use it.
import type { Socket } from 'node:net';
import type { Cut, Turn } from './scripted-server.ts';

// A test may pretend the clock; the server goes by the real one.
const later = setImmediate;

export class Link {
  /** What is written to and read from: the TCP socket, or the TLS one over it. */
  readonly socket: Socket;
  /** Whose turn it is. */
  turn: Turn = 'greeting';
  /** The command that is being answered; '' for the greeting. */
  line = '';
  /** The reply that a function stood for, when the server is to go on as after that. */
  meaning = '';
  readonly #transport: Socket;
  readonly #cut: Cut;

  constructor(socket: Socket, transport: Socket, cut: Cut) {
    this.socket = socket;
    this.#transport = transport;
    this.#cut = cut;
  }

  /** Breaks the TCP connection, whatever runs over it. */
  reset(): void {
    this.#transport.resetAndDestroy();
  }

  /** Ends the TCP connection, whatever runs over it: TLS has no time to say that it ends. */
  cut(): void {
    this.#transport.destroy();
  }

  /** Writes lines with CRLF at their ends, cut as the server's options say. */
  async say(text: string): Promise<void> {
    await this.write(`${text.replace(/\n$/, '').replaceAll(/\r?\n/g, '\r\n')}\r\n`);
  }

  /** Writes these bytes and nothing else, cut as the server's options say. */
  async write(bytes: string | Uint8Array): Promise<void> {
    const all = typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes);
    for (const piece of pieces(all, this.#cut)) await this.#flush(piece);
  }

  /** Whether the client is still there. */
  get isOpen(): boolean {
    return !this.socket.destroyed && this.socket.writable;
  }

  // Once the kernel has it and the event loop has turned, the next piece makes its own segment.
  #flush(piece: Uint8Array): Promise<void> {
    if (!this.isOpen) return Promise.resolve();
    return new Promise((resolve) => {
      this.socket.once('close', resolve);
      this.socket.write(piece, () =>
        later(() => {
          this.socket.off('close', resolve);
          resolve();
        }),
      );
    });
  }
}

function pieces(bytes: Buffer, cut: Cut): Uint8Array[] {
  if (cut === 'whole') return [bytes];
  if (typeof cut === 'number') {
    const at = Math.min(cut, bytes.length);
    return [bytes.subarray(0, at), bytes.subarray(at)].filter((piece) => piece.length > 0);
  }
  const list: Uint8Array[] = [];
  let from = 0;
  for (let at = 1; at <= bytes.length; at++) {
    if (cut === 'line' && bytes[at - 1] !== 0x0a && at < bytes.length) continue;
    list.push(bytes.subarray(from, at));
    from = at;
  }
  return list;
}
