// Messages and raw content in the form a connection takes.
import { InvalidMessageError, OptionError } from '../base/index.ts';
import { concatBytes, isAsciiBytes } from '../base/internal.ts';
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

/**
 * A rendered message. Pieces in memory are handed over as they are, without a generator between. Of a stream it is
 * `chunks()`, never `pass()`: what was written may wait in the socket when the next chunk is made.
 */
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
  if (source.bytes === undefined) return streamed(source.open(), ownsChunks(given));
  const header = headerOf(source.bytes);
  const rendered = new RawRendering([source.bytes], header);
  return { content: () => wireContent(rendered), messageId: () => idIn(header) };
}

// Asked when the server has the message: a header past the limits must not make a failure of it.
function idIn(header: Uint8Array): string {
  try {
    return messageIdOf(header);
  } catch {
    return '';
  }
}

// Streams give their chunks away; a plain iterable may write the next one over the last.
function ownsChunks(given: RawContent): boolean {
  return (
    given instanceof Blob ||
    (typeof given === 'object' && ('getReader' in given || 'pipe' in given))
  );
}

// What a stream holds is not known beforehand: it is declared as all that the server takes.
function streamed(stream: AsyncIterable<Uint8Array>, ownsChunks: boolean): Raw {
  const watcher = new HeaderWatcher(stream);
  return {
    content: ({ eightBitMime }: SmtpCapabilities) => ({
      size: undefined,
      eightBit: eightBitMime,
      utf8: false,
      chunks: () => watcher.pass(eightBitMime, ownsChunks),
    }),
    messageId: () => watcher.messageId(),
  };
}

const HEADER_BYTES = 65_536;

/** Looks at a stream as it passes, and keeps its first octets. */
class HeaderWatcher {
  readonly #stream: AsyncIterable<Uint8Array>;
  readonly #kept: Uint8Array[] = [];
  #bytes = 0;

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#stream = stream;
  }

  /** The chunks; throws at the first octet over 127 when the server takes none (RFC 6152). */
  async *pass(eightBit: boolean, ownsChunks: boolean): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.#stream) {
      // A copy: the chunk is the stream's, and may be used again by it.
      const wanted = Math.max(0, HEADER_BYTES - this.#bytes);
      if (wanted > 0) this.#kept.push(new Uint8Array(chunk.subarray(0, wanted)));
      this.#bytes += chunk.length;
      if (!eightBit && !isAsciiBytes(chunk)) throw needsEightBit();
      yield ownsChunks ? chunk : new Uint8Array(chunk);
    }
  }

  messageId(): string {
    return idIn(headerOf(concatBytes(this.#kept)));
  }
}

function needsEightBit(): InvalidMessageError {
  return new InvalidMessageError(
    'FEATURE_NOT_OFFERED',
    'The raw message holds 8-bit octets, and the server does not offer 8BITMIME; encode it or use another server',
  );
}
