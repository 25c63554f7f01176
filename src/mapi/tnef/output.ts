// What a TNEF stream is written to: pieces in order, of known size, with the checksums worked out when they are put together.
import { Buffer } from 'node:buffer';
import type { ByteSource } from '../../base/internal.ts';
import { CHECKSUM_BYTES } from './attribute.ts';
import { checksum } from './checksum.ts';

/** Where an attribute's data begins and ends. */
type Mark = 'data' | 'checksum';

/** From this size on a value is kept as it is instead of being copied between others. */
const OWN_PIECE_BYTES = 16_384;
const FIRST_CHUNK_BYTES = 512;
const PASSED_BYTES = 262_144;

/** Little-endian numbers, octets and sources in the order they are written. */
export class TnefOutput {
  /** Octets written so far. */
  size = 0;
  readonly #pieces: (Uint8Array | ByteSource | Mark)[] = [];
  #chunk: Buffer = Buffer.allocUnsafe(FIRST_CHUNK_BYTES);
  #start = 0;
  #at = 0;

  /** One octet. */
  u8(value: number): void {
    const at = this.#room(1);
    this.#chunk[at] = value;
  }

  /** Two octets. */
  u16(value: number): void {
    const at = this.#room(2);
    this.#chunk.writeUInt16LE(value & 0xffff, at);
  }

  /** Four octets; negative numbers too. */
  u32(value: number): void {
    const at = this.#room(4);
    this.#chunk.writeUInt32LE(value >>> 0, at);
  }

  /** Eight octets, in two's complement. */
  i64(value: bigint): void {
    const at = this.#room(8);
    this.#chunk.writeBigInt64LE(BigInt.asIntN(64, value), at);
  }

  /** A number of single or double precision. */
  float(value: number, octets: 4 | 8): void {
    const at = this.#room(octets);
    if (octets === 4) this.#chunk.writeFloatLE(value, at);
    else this.#chunk.writeDoubleLE(value, at);
  }

  /** These octets. Large ones are not copied, and must not change. */
  bytes(value: Uint8Array): void {
    if (value.length >= OWN_PIECE_BYTES) {
      this.#piece(value, value.length);
      return;
    }
    const at = this.#room(value.length);
    this.#chunk.set(value, at);
  }

  /** A string in UTF-16 without NUL. */
  utf16(text: string): void {
    const at = this.#room(text.length * 2);
    this.#chunk.write(text, at, 'utf16le');
  }

  /** All octets of a source, read when the stream is put together. */
  source(value: ByteSource): void {
    if (value.bytes) this.bytes(value.bytes);
    else this.#piece(value, value.size);
  }

  /** Zeroes to a multiple of four, counted from a beginning that `length` octets go back to. */
  pad(length: number): void {
    for (let rest = -length & 3; rest > 0; rest--) this.u8(0);
  }

  /** Everything that was written to another. */
  output(other: TnefOutput): void {
    this.#flush();
    other.#flush();
    for (const piece of other.#pieces) this.#pieces.push(piece);
    this.size += other.size;
  }

  /** One attribute: its level, number and length, the data, and the checksum of that. */
  attribute(level: number, id: number, data: TnefOutput | Uint8Array): void {
    this.u8(level);
    this.u32(id);
    if (data instanceof Uint8Array) {
      this.u32(data.length);
      this.bytes(data);
      this.u16(checksum(data));
      return;
    }
    this.u32(data.size);
    this.#piece('data', 0);
    this.output(data);
    this.#piece('checksum', CHECKSUM_BYTES);
  }

  /** Everything in one array. */
  toBytes(): Uint8Array {
    this.#flush();
    const whole = Buffer.allocUnsafeSlow(this.size);
    const open: number[] = [];
    let at = 0;
    for (const piece of this.#pieces) {
      if (piece === 'data') open.push(at);
      else if (piece === 'checksum') {
        at = whole.writeUInt16LE(checksum(whole.subarray(open.pop() ?? at, at)), at);
      } else {
        const octets = piece instanceof Uint8Array ? piece : piece.read(0, piece.size);
        whole.set(octets, at);
        at += octets.length;
      }
    }
    return whole;
  }

  /** Everything piece by piece; sources are never in memory whole. */
  async *stream(): AsyncGenerator<Uint8Array> {
    this.#flush();
    // The data of an attribute may hold attributes: octets count for every one that is open.
    const sums: number[] = [];
    const add = (octets: Uint8Array): void => {
      const more = sums.length > 0 ? checksum(octets) : 0;
      for (let index = 0; index < sums.length; index++) sums[index] = (sums[index] ?? 0) + more;
    };
    for (const piece of this.#pieces) {
      if (piece === 'data') sums.push(0);
      else if (piece === 'checksum') {
        const octets = Buffer.allocUnsafe(CHECKSUM_BYTES);
        octets.writeUInt16LE((sums.pop() ?? 0) % 0x10000);
        add(octets);
        yield octets;
      } else if (piece instanceof Uint8Array) {
        for (let at = 0; at < piece.length; at += PASSED_BYTES) {
          const octets = piece.subarray(at, at + PASSED_BYTES);
          add(octets);
          yield octets;
        }
      } else {
        for await (const octets of piece.stream(0, piece.size)) {
          add(octets);
          yield octets;
        }
      }
    }
  }

  #piece(piece: Uint8Array | ByteSource | Mark, octets: number): void {
    this.#flush();
    this.#pieces.push(piece);
    this.size += octets;
  }

  /** Where the next `octets` go in the chunk. */
  #room(octets: number): number {
    if (this.#at + octets > this.#chunk.length) {
      this.#flush();
      if (this.#start + octets > this.#chunk.length) {
        this.#chunk = Buffer.allocUnsafe(Math.max(octets, this.#chunk.length * 2));
        this.#start = 0;
        this.#at = 0;
      }
    }
    const at = this.#at;
    this.#at += octets;
    this.size += octets;
    return at;
  }

  #flush(): void {
    if (this.#at > this.#start) this.#pieces.push(this.#chunk.subarray(this.#start, this.#at));
    this.#start = this.#at;
  }
}
