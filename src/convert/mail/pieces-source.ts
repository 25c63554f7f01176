// A message made of pieces, as bytes that can be read by range. Large attachments are encoded when they are read, so
// that they stay where they are stored until then.
import { type ByteSource, checkRange, concatBytes, memorySource } from '../../base/internal.ts';
import { base64LinesSize, encodeBase64Lines } from '../../codec/internal.ts';

/** Octets as they are, or a source of octets that stand there in base64. */
export type SourcePiece = Uint8Array | ByteSource;

// Lines of base64 (RFC 2045 section 6.8): 57 octets make 76 columns and CRLF.
const LINE_IN = 57;
const LINE_OUT = 78;
const CRLF = Uint8Array.of(13, 10);

/** Up to this size a message is put together at once: that is quicker to read, and memory to spare. */
const WHOLE_BYTES = 4_194_304;
/** Octets of a piece of a stream: whole lines. */
const BLOCK_BYTES = LINE_OUT * 8192;

/** The pieces one after another, as one source. */
export function piecesSource(pieces: readonly SourcePiece[]): ByteSource {
  const source = new PiecesSource(pieces);
  return source.size <= WHOLE_BYTES ? memorySource(source.read(0, source.size)) : source;
}

interface Placed {
  readonly piece: SourcePiece;
  readonly start: number;
  readonly end: number;
}

class PiecesSource implements ByteSource {
  readonly size: number;
  readonly bytes: undefined = undefined;
  readonly #pieces: readonly Placed[];

  constructor(pieces: readonly SourcePiece[]) {
    let at = 0;
    this.#pieces = pieces.map((piece) => {
      const start = at;
      at += piece instanceof Uint8Array ? piece.length : base64LinesSize(piece.size);
      return { piece, start, end: at };
    });
    this.size = at;
  }

  read(start: number, end: number): Uint8Array {
    checkRange(start, end);
    const found: Uint8Array[] = [];
    for (const { piece, ...place } of this.#pieces) {
      const from = Math.max(start, place.start);
      const to = Math.min(end, place.end);
      if (from >= to) continue;
      const read = piece instanceof Uint8Array ? piece.subarray.bind(piece) : linesOf(piece);
      found.push(read(from - place.start, to - place.start));
    }
    return concatBytes(found);
  }

  async *stream(start: number, end: number): AsyncGenerator<Uint8Array> {
    const last = Math.min(end, this.size);
    for (let at = start; at < last; at += BLOCK_BYTES) {
      yield this.read(at, Math.min(last, at + BLOCK_BYTES));
    }
  }

  pass(start: number, end: number): AsyncIterable<Uint8Array> {
    return this.stream(start, end);
  }
}

/** Reads a range of what a source is in base64. */
function linesOf(source: ByteSource): (start: number, end: number) => Uint8Array {
  return (start, end) => {
    const firstLine = Math.floor(start / LINE_OUT);
    const pastLine = Math.ceil(end / LINE_OUT);
    const before = pastLine * LINE_IN;
    const lines = encodeBase64Lines(
      source.read(firstLine * LINE_IN, Math.min(source.size, before)),
    );
    const isLast = before >= source.size;
    const whole = isLast ? lines : concatBytes([lines, CRLF]);
    return whole.subarray(start - firstLine * LINE_OUT, end - firstLine * LINE_OUT);
  };
}
