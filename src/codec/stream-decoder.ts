// What the decoders of transfer encodings have in common when they work chunk by chunk.
import { Buffer } from 'node:buffer';

/** Undoes a transfer encoding chunk by chunk; the pieces joined are what the whole gives at once, however it is cut. */
export interface StreamDecoder {
  /**
   * The octets that `chunk` completes, in memory that the next call may write over; may be empty. The chunk's own
   * memory may be used again afterwards.
   */
  push(chunk: Uint8Array): Uint8Array;
  /** The last octets. The decoder is as new afterwards. */
  end(): Uint8Array;
}

/** Memory that is used again and again, and grows with what is asked of it. */
export class Recycled {
  #memory: Buffer = Buffer.alloc(0);

  /** At least `size` octets; what was in them is gone. */
  of(size: number): Buffer {
    if (this.#memory.length < size) this.#memory = Buffer.allocUnsafeSlow(size);
    return this.#memory;
  }
}
