// Base64 in lines of 76 columns (RFC 2045 section 6.8), at once or chunk by chunk.
import { Buffer } from 'node:buffer';
import { viewOf } from '../base/internal.ts';
import { LINE_INPUT, LINE_OUTPUT, lineWriterFor } from './base64-kernel.ts';

const empty: Uint8Array = new Uint8Array(0);

/** Octets that {@link encodeBase64Lines} gives for `n` octets. */
export function base64LinesSize(n: number): number {
  if (n === 0) return 0;
  return Math.ceil(n / 3) * 4 + (Math.ceil(n / LINE_INPUT) - 1) * 2;
}

/** The octets in base64, 76 columns a line, CRLF between lines and none after the last. */
export function encodeBase64Lines(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) return empty;
  const target = Buffer.allocUnsafe(base64LinesSize(bytes.length));
  const lines = wholeLines(bytes.length);
  if (lines > 0) lineWriterFor(bytes.length)(bytes, 0, lines, target, 0);
  const rest = viewOf(bytes).toString('base64', lines * LINE_INPUT);
  target.write(rest, lines * LINE_OUTPUT, 'latin1');
  return target;
}

/**
 * Encodes chunk by chunk in constant memory; the pieces joined are what {@link encodeBase64Lines} gives
 * for the whole. At most one line is kept back between calls.
 */
export class Base64LineEncoder {
  readonly #kept: Uint8Array = new Uint8Array(LINE_INPUT);
  #keptLength = 0;
  #recycled: Buffer = Buffer.alloc(0);

  /** The lines that `chunk` completes, each with its CRLF, in fresh memory; may be empty. */
  push(chunk: Uint8Array): Uint8Array {
    const lines = wholeLines(this.#keptLength + chunk.length);
    return this.#encode(chunk, lines, Buffer.allocUnsafe(lines * LINE_OUTPUT));
  }

  /**
   * The same as {@link push}, in memory of this encoder that its next `pushRecycled` writes over: the
   * caller must have used or copied it by then (for a socket: waited for the write's callback). For
   * long streams: nothing is allocated once the largest chunk has passed.
   */
  pushRecycled(chunk: Uint8Array): Uint8Array {
    const lines = wholeLines(this.#keptLength + chunk.length);
    const size = lines * LINE_OUTPUT;
    if (this.#recycled.length < size) this.#recycled = Buffer.allocUnsafeSlow(size);
    return this.#encode(chunk, lines, this.#recycled.subarray(0, size));
  }

  /** The last line, without CRLF. The encoder is empty afterwards and can be used again. */
  end(): Uint8Array {
    const last = encodeBase64Lines(this.#kept.subarray(0, this.#keptLength));
    this.#keptLength = 0;
    return last;
  }

  #encode(chunk: Uint8Array, lines: number, target: Buffer): Uint8Array {
    let start = 0;
    let at = 0;
    if (lines > 0) {
      const write = lineWriterFor(chunk.length);
      if (this.#keptLength > 0) {
        start = LINE_INPUT - this.#keptLength;
        this.#kept.set(chunk.subarray(0, start), this.#keptLength);
        this.#keptLength = 0;
        write(this.#kept, 0, 1, target, 0);
        at = LINE_OUTPUT;
      }
      const more = lines - at / LINE_OUTPUT;
      if (more > 0) write(chunk, start, more, target, at);
      start += more * LINE_INPUT;
    }
    this.#kept.set(chunk.subarray(start), this.#keptLength);
    this.#keptLength += chunk.length - start;
    return target;
  }
}

/** Lines that are complete and not the last, so that their CRLF is certain. */
function wholeLines(octets: number): number {
  return octets === 0 ? 0 : Math.ceil(octets / LINE_INPUT) - 1;
}
