// Where bytes that were stored are read from: memory or a file. No I/O here, only its shape.

/**
 * Bytes that can be read by range. What stands behind it (an array, a file on disk) is known only
 * to who made it; it does not change while it is read, or reading throws.
 */
export interface ByteSource {
  /** Octets in all. */
  readonly size: number;
  /**
   * The octets from `start` to before `end`, at once. From memory it is a view, not a copy.
   * @throws what the medium throws, with a message that names it.
   */
  read(start: number, end: number): Uint8Array;
  /** The same octets piece by piece, in memory that does not grow with the range. */
  stream(start: number, end: number): AsyncIterable<Uint8Array>;
}
