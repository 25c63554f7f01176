// Messages and raw content in the form a connection takes.
import { OptionError } from '../base/index.ts';
import { concatBytes } from '../base/internal.ts';
import type { ContentStream } from '../message/index.ts';
import { contentSource, headerOf, messageIdOf, RawRendering } from '../message/internal.ts';
import type { Rendered } from '../mime/index.ts';
import type { ContentFor, SmtpCapabilities, WireContent } from '../smtp/index.ts';

/** A whole message, sent as it is: text (as UTF-8), bytes, or a stream of them. */
export type RawContent = string | Uint8Array | ArrayBuffer | Blob | ContentStream;

/** Content for a connection, with the Message-ID as far as it is known. */
export interface Raw {
  readonly content: ContentFor;
  /** Of a stream: known after its header has passed. */
  readonly messageId: () => string;
}

/** A rendered message. Pieces in memory are handed over as they are, without a generator between. */
export function wireContent(rendered: Rendered): WireContent {
  const { segments, size, eightBit, utf8 } = rendered;
  const pieces = segments.filter((segment) => segment instanceof Uint8Array);
  const isInMemory = pieces.length === segments.length;
  return { size, eightBit, utf8, chunks: () => (isInMemory ? pieces : rendered.chunks()) };
}

/** Raw content, measured when it is in memory and watched as it passes when it is a stream. */
export function rawContent(given: RawContent): Raw {
  if (typeof given === 'function') {
    throw new OptionError('content', 'sendRaw takes text, bytes or a stream; call the function');
  }
  const source = contentSource(given, undefined, 'the raw message');
  // Throws now, not on the way, when the stream was used before.
  void source.prepare();
  if (source.bytes === undefined) return streamed(source.open());
  const header = headerOf(source.bytes);
  const rendered = new RawRendering([source.bytes], header);
  return { content: () => wireContent(rendered), messageId: () => messageIdOf(header) };
}

// What a stream holds is not known beforehand: it is declared as all that the server takes.
function streamed(stream: AsyncIterable<Uint8Array>): Raw {
  const watcher = new HeaderWatcher(stream);
  return {
    content: ({ eightBitMime }: SmtpCapabilities) => ({
      size: undefined,
      eightBit: eightBitMime,
      utf8: false,
      chunks: () => watcher.pass(),
    }),
    messageId: () => watcher.messageId(),
  };
}

const HEADER_BYTES = 65_536;

/** Keeps the first octets of a stream as they pass. */
class HeaderWatcher {
  readonly #stream: AsyncIterable<Uint8Array>;
  readonly #kept: Uint8Array[] = [];
  #bytes = 0;

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#stream = stream;
  }

  async *pass(): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.#stream) {
      // A copy: the chunk is the stream's, and may be used again by it.
      const wanted = Math.max(0, HEADER_BYTES - this.#bytes);
      if (wanted > 0) this.#kept.push(new Uint8Array(chunk.subarray(0, wanted)));
      this.#bytes += chunk.length;
      yield chunk;
    }
  }

  messageId(): string {
    return messageIdOf(headerOf(concatBytes(this.#kept)));
  }
}
