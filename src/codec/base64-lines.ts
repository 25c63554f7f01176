// Base64 in lines of 76 columns (RFC 2045 section 6.8), at once or chunk by chunk.
import { concatBytes, latin1Bytes, viewOf } from '../base/internal.ts';

const LINE_INPUT = 57;

/** Octets that {@link encodeBase64Lines} gives for `n` octets. */
export function base64LinesSize(n: number): number {
  if (n === 0) return 0;
  return Math.ceil(n / 3) * 4 + (Math.ceil(n / LINE_INPUT) - 1) * 2;
}

/** The octets in base64, 76 columns a line, CRLF between lines and none after the last. */
export function encodeBase64Lines(bytes: Uint8Array): Uint8Array {
  const text = viewOf(bytes).toString('base64');
  return latin1Bytes(text.replace(/.{76}(?=.)/g, '$&\r\n'));
}

/** Encodes chunk by chunk; the pieces joined are what {@link encodeBase64Lines} gives for the whole. */
export class Base64LineEncoder {
  #kept: Uint8Array = new Uint8Array(0);

  /** The lines that are complete, each with its CRLF. */
  push(chunk: Uint8Array): Uint8Array {
    const all = concatBytes([this.#kept, chunk]);
    const lines = Math.max(0, Math.ceil(all.length / LINE_INPUT) - 1);
    this.#kept = all.slice(lines * LINE_INPUT);
    if (lines === 0) return new Uint8Array(0);
    const text = viewOf(all.subarray(0, lines * LINE_INPUT)).toString('base64');
    return latin1Bytes(text.replace(/.{76}/g, '$&\r\n'));
  }

  /** The same as {@link push}, in memory that the next call writes over: use or copy it before. */
  pushRecycled(chunk: Uint8Array): Uint8Array {
    return this.push(chunk);
  }

  /** The last line, without CRLF. The encoder is empty afterwards and can be used again. */
  end(): Uint8Array {
    const last = encodeBase64Lines(this.#kept);
    this.#kept = new Uint8Array(0);
    return last;
  }
}
