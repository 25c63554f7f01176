// Message bytes to DATA bytes (RFC 5321 sections 2.3.8 and 4.5.2): every line end CRLF, leading dots doubled.
import { viewOf } from '../base/internal.ts';

const LF = 0x0a;
const CR = 0x0d;
const DOT = 0x2e;

/**
 * Works over chunks cut anywhere. A chunk that needs no change is passed on itself, not copied; a bare
 * CR or LF becomes CRLF, so that no server can take something inside the message for its end.
 */
export class DotStuffer {
  #atLineStart = true;
  #afterCr = false;
  #size = 0;

  /** Octets of the message so far with CRLF line ends, without the dots added. */
  get size(): number {
    return this.#size;
  }

  /** What to write for `bytes`. */
  push(bytes: Uint8Array): readonly Uint8Array[] {
    const chunk = viewOf(bytes);
    const end = chunk.length;
    if (end === 0) return [];
    const edit = new Edit(chunk);
    let at = 0;
    if (this.#afterCr) {
      if (chunk[0] === LF) at = 1;
      else edit.insert(0, LF);
      this.#afterCr = false;
      this.#atLineStart = true;
    }
    let dots = 0;
    let lf = -1;
    let cr = -1;
    while (at < end) {
      if (this.#atLineStart && chunk[at] === DOT) {
        edit.insert(at, DOT);
        dots++;
      }
      this.#atLineStart = false;
      if (lf < at) lf = indexOrEnd(chunk, LF, at);
      if (cr < at) cr = indexOrEnd(chunk, CR, at);
      if (lf === end && cr === end) break;
      if (cr === end - 1 && cr < lf) {
        this.#afterCr = true;
        break;
      }
      if (cr + 1 === lf) {
        at = lf + 1;
      } else if (cr < lf) {
        at = cr + 1;
        edit.insert(at, LF);
      } else {
        edit.insert(lf, CR);
        at = lf + 1;
      }
      this.#atLineStart = true;
    }
    this.#size += end + edit.inserted - dots;
    return edit.finish();
  }

  /** The line end if one is missing, then the dot on its own line. Call it once, after the last chunk. */
  end(): Uint8Array {
    if (this.#afterCr) {
      this.#size += 1;
      return Buffer.from('\n.\r\n');
    }
    if (this.#atLineStart) return Buffer.from('.\r\n');
    this.#size += 2;
    return Buffer.from('\r\n.\r\n');
  }
}

// Copies a chunk with octets put in; a chunk without any is never copied.
class Edit {
  readonly #chunk: Buffer;
  #out: Buffer | undefined;
  #written = 0;
  #copied = 0;
  inserted = 0;

  constructor(chunk: Buffer) {
    this.#chunk = chunk;
  }

  insert(before: number, octet: number): void {
    // At most one octet for each of the chunk's, and one more for a CR that the chunk before ended with.
    this.#out ??= Buffer.allocUnsafe(2 * this.#chunk.length + 1);
    this.#written += this.#chunk.copy(this.#out, this.#written, this.#copied, before);
    this.#copied = before;
    this.#out[this.#written++] = octet;
    this.inserted++;
  }

  finish(): readonly Uint8Array[] {
    if (!this.#out) return [this.#chunk];
    this.#written += this.#chunk.copy(this.#out, this.#written, this.#copied);
    return [this.#out.subarray(0, this.#written)];
  }
}

function indexOrEnd(chunk: Buffer, octet: number, from: number): number {
  const index = chunk.indexOf(octet, from);
  return index === -1 ? chunk.length : index;
}
