// Large bodies in base64, made while they are read: in constant memory, with the size known beforehand.
import { InvalidMessageError, PosthornError, printable } from '../../base/index.ts';
import { Base64LineEncoder, base64LinesSize, encodeBase64Lines } from '../../codec/internal.ts';
import type { SegmentSource, StreamBody } from './entity.ts';

// 57 octets a line: whole lines in, whole lines out. Larger pieces cost more: their memory is fetched from the
// system page by page each time, while that of smaller ones is used again once they are forgotten.
const BLOCK = 57 * 1024;

/** Octets in memory, encoded block by block when read. */
export class BytesSegment implements SegmentSource {
  readonly size: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.size = base64LinesSize(bytes.length);
  }

  /** All of it at once. */
  bytes(): Uint8Array {
    return encodeBase64Lines(this.#bytes);
  }

  readonly open = (): AsyncIterable<Uint8Array> => this.#pieces(kept);
  readonly pass = (): AsyncIterable<Uint8Array> => this.#pieces(recycled);

  async *#pieces(encode: Encode): AsyncGenerator<Uint8Array> {
    const encoder = new Base64LineEncoder();
    yield* linesOf(this.#bytes, encoder, encode);
    yield encoder.end();
  }
}

/** A stream, encoded as it passes; checked against the size it declares. */
export class StreamSegment implements SegmentSource {
  readonly size: number | undefined;
  readonly #body: StreamBody;

  constructor(body: StreamBody) {
    this.#body = body;
    this.size = body.size === undefined ? undefined : base64LinesSize(body.size);
  }

  readonly open = (): AsyncIterable<Uint8Array> => this.#pieces(kept);
  readonly pass = (): AsyncIterable<Uint8Array> => this.#pieces(recycled);

  async *#pieces(encode: Encode): AsyncGenerator<Uint8Array> {
    const declared = this.#body.size;
    const encoder = new Base64LineEncoder();
    let read = 0;
    for await (const chunk of withReason(this.#body.open)) {
      read += chunk.length;
      if (declared !== undefined && read > declared) throw wrongSize(declared, `${read} or more`);
      yield* linesOf(chunk, encoder, encode);
    }
    if (declared !== undefined && read !== declared) throw wrongSize(declared, String(read));
    const last = encoder.end();
    if (last.length > 0) yield last;
  }
}

type Encode = (encoder: Base64LineEncoder, block: Uint8Array) => Uint8Array;
/** Each piece in memory of its own: whoever gets it may keep it. */
const kept: Encode = (encoder, block) => encoder.push(block);
/** Each piece in the memory of the one before. */
const recycled: Encode = (encoder, block) => encoder.pushRecycled(block);

/** The lines that the octets complete. */
function* linesOf(
  bytes: Uint8Array,
  encoder: Base64LineEncoder,
  encode: Encode,
): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += BLOCK) {
    const lines = encode(encoder, bytes.subarray(at, at + BLOCK));
    if (lines.length > 0) yield lines;
  }
}

/** The chunks of a source; its failure becomes an error that says the message was not sent. */
async function* withReason(open: () => AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of open()) {
      if (!(chunk instanceof Uint8Array)) {
        throw contentError(
          `a stream gave ${typeof chunk} where octets belong; read it without an encoding`,
        );
      }
      yield chunk;
    }
  } catch (error) {
    if (error instanceof PosthornError) throw error;
    const reason = printable(error instanceof Error ? error.message : String(error));
    throw contentError(`reading a stream failed midway: ${reason}`, error);
  }
}

function wrongSize(declared: number, read: string): InvalidMessageError {
  return contentError(
    `a stream of ${declared} octets gave ${read}; declare its true size, or none`,
  );
}

function contentError(problem: string, cause?: unknown): InvalidMessageError {
  const message = `The message is not complete: ${problem}`;
  return new InvalidMessageError('MESSAGE_CONTENT_FAILED', message, { cause });
}
