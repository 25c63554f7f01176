// A large or streamed part that was put into a message that was read: base64, with the line ends of that message.
import { latin1, latin1Bytes } from '../base/internal.ts';
import type { SegmentSource } from '../mime/index.ts';
import type { MeasuredSegment } from './raw-rendering.ts';
import type { WireFacts } from './wire-facts.ts';

/** A segment whose every line ends in CRLF, with another line end. */
export class NewSegment implements MeasuredSegment {
  readonly size: number | undefined;
  readonly bytes?: () => Uint8Array;
  readonly #segment: SegmentSource;
  readonly #lineEnd: string;

  constructor(segment: SegmentSource, lineEnd: string) {
    this.#segment = segment;
    this.#lineEnd = lineEnd;
    this.size = lineEnd === CRLF ? segment.size : undefined;
    const { bytes } = segment;
    if (bytes) this.bytes = () => exchange(bytes.call(segment), lineEnd);
  }

  /** On the wire its lines end in CRLF: so it has the size that the segment has. */
  facts(): WireFacts | undefined {
    const { size } = this.#segment;
    return size === undefined ? undefined : { ascii: true, wireSize: size, first: 0, last: 0 };
  }

  readonly open = (): AsyncIterable<Uint8Array> =>
    this.#lineEnd === CRLF ? this.#segment.open() : this.#exchanged();

  readonly pass = (): AsyncIterable<Uint8Array> =>
    this.#lineEnd === CRLF && this.#segment.pass ? this.#segment.pass() : this.open();

  async *#exchanged(): AsyncGenerator<Uint8Array> {
    let kept = '';
    for await (const chunk of this.#segment.open()) {
      const text = kept + latin1(chunk);
      // A CRLF may be cut between two chunks.
      kept = text.endsWith('\r') ? '\r' : '';
      yield latin1Bytes(text.slice(0, text.length - kept.length).replaceAll(CRLF, this.#lineEnd));
    }
    if (kept !== '') yield latin1Bytes(kept);
  }
}

const CRLF = '\r\n';

const exchange = (bytes: Uint8Array, lineEnd: string): Uint8Array =>
  lineEnd === CRLF ? bytes : latin1Bytes(latin1(bytes).replaceAll(CRLF, lineEnd));
