// Message bytes to DATA bytes (RFC 5321 sections 2.3.8 and 4.5.2): every line end CRLF, leading dots doubled.
import { viewOf } from '../base/internal.ts';
import { INPUT_BYTES } from './stuffing-kernel.data.ts';
import { type StuffingKernel, type StuffingState, stuffingKernelFor } from './stuffing-kernel.ts';

const LF = 0x0a;
const CR = 0x0d;
const DOT = 0x2e;
// Changed octets that wait to be written: as many as a large piece of bare line ends grows to.
const KEPT_BYTES = 786_432;
const SMALL_BYTES = 16_384;

/**
 * Works over chunks cut anywhere. A chunk that needs no change is passed on itself, not copied; a bare
 * CR or LF becomes CRLF, so that no server can take something inside the message for its end.
 */
export class DotStuffer {
  readonly #kernelFor: typeof stuffingKernelFor;
  readonly #state: StuffingState = { afterCr: false, atLineStart: true, dots: 0 };
  #out: Buffer | undefined;
  #used = 0;
  #written = 0;

  /** `kernelFor` gives what does the work; without it JavaScript does. */
  constructor(kernelFor: typeof stuffingKernelFor = stuffingKernelFor) {
    this.#kernelFor = kernelFor;
  }

  /** Octets of the message so far with CRLF line ends, without the dots added. */
  get size(): number {
    return this.#written - this.#state.dots;
  }

  /** What to write for `bytes`; to be written before {@link DotStuffer.reuse} is called. */
  push(bytes: Uint8Array): readonly Uint8Array[] {
    if (bytes.length === 0) return [];
    const kernel = this.#kernelFor(bytes.length);
    const pieces = kernel ? this.#withKernel(viewOf(bytes), kernel) : [this.#byHand(viewOf(bytes))];
    for (const piece of pieces) this.#written += piece.length;
    return pieces;
  }

  /** Everything given out so far has been written: its memory may be used again. */
  reuse(): void {
    this.#used = 0;
  }

  /** The line end if one is missing, then the dot on its own line. Call it once, after the last chunk. */
  end(): Uint8Array {
    const { afterCr, atLineStart } = this.#state;
    if (afterCr) {
      this.#written += 1;
      return Buffer.from('\n.\r\n');
    }
    if (atLineStart) return Buffer.from('.\r\n');
    this.#written += 2;
    return Buffer.from('\r\n.\r\n');
  }

  #withKernel(chunk: Buffer, kernel: StuffingKernel): Uint8Array[] {
    const pieces: Uint8Array[] = [];
    let clean = 0;
    for (let at = 0; at < chunk.length; at += INPUT_BYTES) {
      const end = Math.min(at + INPUT_BYTES, chunk.length);
      const changed = kernel.stuff(chunk.subarray(at, end), this.#state);
      if (!changed) continue;
      if (clean < at) pieces.push(chunk.subarray(clean, at));
      pieces.push(this.#keep(changed));
      clean = end;
    }
    if (clean < chunk.length) pieces.push(clean === 0 ? chunk : chunk.subarray(clean));
    return pieces;
  }

  #keep(bytes: Uint8Array): Uint8Array {
    const end = this.#used + bytes.length;
    if (end > KEPT_BYTES) return Buffer.from(bytes);
    // What is small and comes once needs no memory for more.
    if (bytes.length < SMALL_BYTES && !this.#out) return Buffer.from(bytes);
    this.#out ??= Buffer.allocUnsafeSlow(KEPT_BYTES);
    this.#out.set(bytes, this.#used);
    const kept = this.#out.subarray(this.#used, end);
    this.#used = end;
    return kept;
  }

  #byHand(chunk: Buffer): Uint8Array {
    const state = this.#state;
    const end = chunk.length;
    const edit = new Edit(chunk);
    let at = 0;
    if (state.afterCr) {
      if (chunk[0] === LF) at = 1;
      else edit.insert(0, LF);
      state.afterCr = false;
      state.atLineStart = true;
    }
    let lf = -1;
    let cr = -1;
    while (at < end) {
      if (state.atLineStart && chunk[at] === DOT) {
        edit.insert(at, DOT);
        state.dots += 1;
      }
      state.atLineStart = false;
      if (lf < at) lf = indexOrEnd(chunk, LF, at);
      if (cr < at) cr = indexOrEnd(chunk, CR, at);
      if (lf === end && cr === end) break;
      if (cr === end - 1 && cr < lf) {
        state.afterCr = true;
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
      state.atLineStart = true;
    }
    return edit.finish();
  }
}

// Copies a chunk with octets put in; a chunk without any is never copied.
class Edit {
  readonly #chunk: Buffer;
  #out: Buffer | undefined;
  #written = 0;
  #copied = 0;

  constructor(chunk: Buffer) {
    this.#chunk = chunk;
  }

  insert(before: number, octet: number): void {
    // At most one octet for each of the chunk's, and one more for a CR that the chunk before ended with.
    this.#out ??= Buffer.allocUnsafe(2 * this.#chunk.length + 1);
    this.#written += this.#chunk.copy(this.#out, this.#written, this.#copied, before);
    this.#copied = before;
    this.#out[this.#written++] = octet;
  }

  finish(): Uint8Array {
    if (!this.#out) return this.#chunk;
    this.#written += this.#chunk.copy(this.#out, this.#written, this.#copied);
    return this.#out.subarray(0, this.#written);
  }
}

function indexOrEnd(chunk: Buffer, octet: number, from: number): number {
  const index = chunk.indexOf(octet, from);
  return index === -1 ? chunk.length : index;
}
