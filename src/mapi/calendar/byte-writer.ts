// Little-endian values of a small binary property, one after another.
import { Buffer } from 'node:buffer';

/** Gathers the values of a property. */
export class ByteWriter {
  #bytes: Buffer = Buffer.allocUnsafe(256);
  #length = 0;

  u8(value: number): this {
    const at = this.#room(1);
    this.#bytes.writeUInt8(value & 0xff, at);
    return this;
  }

  u16(value: number): this {
    const at = this.#room(2);
    this.#bytes.writeUInt16LE(value & 0xffff, at);
    return this;
  }

  u32(value: number): this {
    const at = this.#room(4);
    this.#bytes.writeUInt32LE(value >>> 0, at);
    return this;
  }

  i32(value: number): this {
    return this.u32(value);
  }

  bytes(value: Uint8Array): this {
    const at = this.#room(value.length);
    this.#bytes.set(value, at);
    return this;
  }

  /** UTF-16LE. */
  text(value: string): this {
    return this.bytes(Buffer.from(value, 'utf16le'));
  }

  /** Everything that was written. */
  end(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Where the next octets go. The array may be another one afterwards. */
  #room(length: number): number {
    const start = this.#length;
    this.#length += length;
    if (this.#length > this.#bytes.length) {
      const longer = Buffer.allocUnsafe(2 * this.#length);
      this.#bytes.copy(longer, 0, 0, start);
      this.#bytes = longer;
    }
    return start;
  }
}
