// The content of a message on its way into a file or a program: line ends, progress, the caller's signal, and what is
// said when reading it fails.
import { InvalidMessageError, PosthornError, printable } from '../base/index.ts';
import { latin1, latin1Bytes } from '../base/internal.ts';
import { aborted, type LocalParcel } from '../client/internal.ts';
import { reportProgress } from '../smtp/internal.ts';

/** How lines end. */
export type LineEnd = '\r\n' | '\n';

const LF = 0x0a;
const ANY_END = /\r\n?|\n/g;

/** Content that is being read once. */
export class ContentFlow {
  readonly #parcel: LocalParcel;
  readonly #end: LineEnd;
  #size = 0;

  constructor(parcel: LocalParcel, end: LineEnd) {
    this.#parcel = parcel;
    this.#end = end;
  }

  /** Octets given out so far. */
  get size(): number {
    return this.#size;
  }

  /**
   * The chunks; each is to be done with before the next is asked for. `beforeFinal` is called before the end is told.
   *
   * @throws {@link InvalidMessageError} `MESSAGE_CONTENT_FAILED`: the content can't be read to its end.
   * @throws {@link PosthornError} `ABORTED`.
   */
  async *chunks(): AsyncGenerator<Uint8Array> {
    const { content, envelope, options } = this.#parcel;
    const { signal, onProgress, beforeFinal } = options;
    for await (const chunk of this.#ended()) {
      if (signal?.aborted) throw aborted(signal);
      this.#size += chunk.length;
      yield chunk;
      if (onProgress) reportProgress(onProgress, this.#size, content.size);
    }
    // Whoever asks for more than the last chunk is about to finish.
    if (beforeFinal) await beforeFinal({ recipients: [...envelope.to], accepted: [] });
    if (signal?.aborted) throw aborted(signal);
  }

  // Every line, the last one too, is ended as asked.
  async *#ended(): AsyncGenerator<Uint8Array> {
    const isKept = this.#parcel.content.isCanonical === true && this.#end === '\r\n';
    let hasOpenCr = false;
    let last = LF;
    for await (const chunk of this.#read()) {
      if (chunk.length === 0) continue;
      last = chunk[chunk.length - 1] ?? last;
      if (isKept) {
        yield chunk;
        continue;
      }
      const text: string = `${hasOpenCr ? '\r' : ''}${latin1(chunk)}`;
      // A CR at the end may be half of a CRLF.
      hasOpenCr = text.endsWith('\r');
      const whole = hasOpenCr ? text.slice(0, -1) : text;
      if (whole !== '') yield latin1Bytes(whole.replace(ANY_END, this.#end));
    }
    if (hasOpenCr || last !== LF) yield latin1Bytes(this.#end);
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    try {
      yield* this.#parcel.content.chunks();
    } catch (cause) {
      throw contentFailed(cause);
    }
  }
}

function contentFailed(cause: unknown): InvalidMessageError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const what =
    cause instanceof PosthornError
      ? reason
      : `Reading the message failed midway (${printable(reason)})`;
  return new InvalidMessageError(
    'MESSAGE_CONTENT_FAILED',
    `${what}; it was not handed over and nothing is delivered`,
    { cause },
  );
}
