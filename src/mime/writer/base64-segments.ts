// Large bodies in base64, made while they are read: in constant memory, with the size known beforehand.
import { InvalidMessageError, PosthornError, printable } from '../../base/index.ts';
import { Base64LineEncoder, base64LinesSize, encodeBase64Lines } from '../../codec/internal.ts';
import type { SegmentSource, StreamBody } from './entity.ts';

// 57 octets a line: whole lines in, whole lines out.
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

  readonly open = (): AsyncIterable<Uint8Array> => this.#blocks();

  async *#blocks(): AsyncGenerator<Uint8Array> {
    const encoder = new Base64LineEncoder();
    for (let at = 0; at < this.#bytes.length; at += BLOCK) {
      const lines = encoder.push(this.#bytes.subarray(at, at + BLOCK));
      if (lines.length > 0) yield lines;
    }
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

  readonly open = (): AsyncIterable<Uint8Array> => this.#chunks();

  async *#chunks(): AsyncGenerator<Uint8Array> {
    const declared = this.#body.size;
    const encoder = new Base64LineEncoder();
    let read = 0;
    for await (const chunk of withReason(this.#body.open)) {
      read += chunk.length;
      if (declared !== undefined && read > declared) throw wrongSize(declared, `${read} or more`);
      const lines = encoder.push(chunk);
      if (lines.length > 0) yield lines;
    }
    if (declared !== undefined && read !== declared) throw wrongSize(declared, String(read));
    const last = encoder.end();
    if (last.length > 0) yield last;
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
