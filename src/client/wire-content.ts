// Messages in the form a connection takes.
import { isAsciiBytes } from '../base/internal.ts';
import type { Rendered } from '../mime/index.ts';
import type { SmtpCapabilities, SmtpEnvelope, WireContent } from '../smtp/index.ts';

/** Everything a delivery needs, found out before the server is asked. */
export interface Delivery {
  readonly envelope: SmtpEnvelope;
  /** Made when it is known what the server offers. */
  content(capabilities: SmtpCapabilities): WireContent;
  /** The Message-ID; known once `content` has been called. */
  messageId(): string;
  /** Whether the message can be sent once more, over another connection. */
  isRepeatable(): boolean;
  /** Lets go of a stream that is not going to be read. */
  abandon?(): void;
}

/** What is put before a message, for a server with these abilities. */
export type Prefix = (capabilities: SmtpCapabilities) => Uint8Array | undefined;

/**
 * A rendered message. Pieces in memory are handed over as they are, without a generator between; large ones pass in
 * memory that is used again.
 */
export function wireContent(
  rendered: Rendered,
  isRepeatable: () => boolean,
  prefix?: Uint8Array,
): WireContent {
  const { segments, size, eightBit, utf8 } = rendered;
  const before = prefix ? [prefix] : [];
  const pieces = inMemory(before, segments);
  return {
    size: size === undefined ? undefined : size + (prefix?.length ?? 0),
    eightBit: eightBit || (prefix !== undefined && !isAsciiBytes(prefix)),
    utf8: utf8 || (prefix !== undefined && !isAsciiBytes(prefix)),
    isRecycled: pieces === undefined,
    isCanonical: rendered.isCanonical && prefix === undefined,
    get isRepeatable() {
      return isRepeatable();
    },
    chunks: () => pieces ?? oneAfterOther(before, rendered.pass()),
  };
}

function inMemory(
  before: readonly Uint8Array[],
  segments: Rendered['segments'],
): readonly Uint8Array[] | undefined {
  const pieces = [...before];
  for (const segment of segments) {
    if (!(segment instanceof Uint8Array)) return undefined;
    pieces.push(segment);
  }
  return pieces;
}

/** These chunks, then those: without a generator between, which would make promises of its own for each chunk. */
export function oneAfterOther(
  before: readonly Uint8Array[],
  after: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      const pieces = before.values();
      let rest: AsyncIterator<Uint8Array> | undefined;
      return {
        next() {
          const piece = pieces.next();
          if (!piece.done) return Promise.resolve(piece);
          rest ??= after[Symbol.asyncIterator]();
          return rest.next();
        },
        async return() {
          await rest?.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
