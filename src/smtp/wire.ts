// The byte stream under a conversation. The only file of the room that writes to a socket.
import type { Duplex } from 'node:stream';
import { hearBeforeFailing } from './late-words.ts';

/** Who is told what the stream does. */
export interface WireReader {
  /** Bytes have come. */
  onBytes(bytes: Uint8Array): void;
  /** The other side has closed the stream, or it broke. Said once. */
  onClosed(error: Error | undefined): void;
}

/** One stream with one set of listeners for its whole life. */
export class Wire {
  readonly #stream: Duplex;
  readonly #onData: (bytes: Uint8Array) => void;
  readonly #onError: (error: Error) => void;
  readonly #onEnd: () => void;
  #open = true;

  constructor(stream: Duplex, reader: WireReader) {
    this.#stream = stream;
    hearBeforeFailing(stream);
    const closed = (error?: Error): void => {
      if (!this.#open) return;
      this.#open = false;
      reader.onClosed(error);
    };
    this.#onData = (bytes) => reader.onBytes(bytes);
    this.#onError = (error) => closed(error);
    this.#onEnd = () => closed();
    stream.on('data', this.#onData);
    stream.on('error', this.#onError);
    // A server that ends its side is gone: SMTP has no half-open state.
    stream.on('end', this.#onEnd);
    stream.on('close', this.#onEnd);
    // A caller's own stream may have been paused.
    stream.resume();
  }

  /** Hands over bytes or text. */
  write(bytes: Uint8Array | string): void {
    this.#stream.write(bytes);
  }

  /**
   * Hands over several chunks at once, so that they leave together. `written` is called when the system has taken them
   * all: their memory may be used again then. When they could not be written, `onClosed` tells.
   */
  writeAll(chunks: readonly (Uint8Array | string)[], written?: () => void): void {
    const last = chunks.length - 1;
    const done = written && ((error?: Error | null): void => (error ? undefined : written()));
    if (last > 0) this.#stream.cork();
    for (const [index, chunk] of chunks.entries()) {
      if (index === last && done) this.#stream.write(chunk, done);
      else this.#stream.write(chunk);
    }
    if (last > 0) this.#stream.uncork();
  }

  /** Gives the stream up to a handshake; this object hears nothing of it any more. */
  release(): Duplex {
    this.#open = false;
    this.#stream.off('data', this.#onData);
    this.#stream.off('end', this.#onEnd);
    this.#stream.off('close', this.#onEnd);
    // The error listener stays: an error nobody listens to would end the process.
    return this.#stream;
  }

  /** Lets the process end although the stream is open, where the stream knows how. */
  unref(): void {
    if ('unref' in this.#stream && typeof this.#stream.unref === 'function') this.#stream.unref();
  }

  /** Keeps the process alive again. */
  ref(): void {
    if ('ref' in this.#stream && typeof this.#stream.ref === 'function') this.#stream.ref();
  }

  /** Closes without ceremony; what is still buffered is lost. */
  destroy(): void {
    this.#open = false;
    this.#stream.destroy();
  }
}
