// Whole messages that are sent as they are, from memory, a file or a stream. Of what is not in memory, the header is
// looked at beforehand: a server has to know whether it holds UTF-8.
import { isUtf8 } from 'node:buffer';
import { InvalidMessageError, OptionError } from '../base/index.ts';
import { type ByteSource, concatBytes, isAsciiBytes, latin1, viewOf } from '../base/internal.ts';
import type { ContentStream } from '../message/index.ts';
import { contentSource, headerOf, messageIdOf, rawRendering } from '../message/internal.ts';
import type { SmtpEnvelope, WireContent } from '../smtp/index.ts';
import { type Delivery, oneAfterOther, type Prefix, wireContent } from './wire-content.ts';

/** A whole message, sent as it is: text (as UTF-8), bytes, or a stream of them. */
export type RawContent = string | Uint8Array | ArrayBuffer | Blob | ContentStream;

/** What is done to a message on its way. */
export interface Handling {
  /** What is put before it. */
  readonly prefix?: Prefix;
  /** What becomes of its header. Default: nothing. */
  readonly header?: (header: Uint8Array) => Uint8Array;
}

/** What follows the header. */
interface Body {
  /** Octets, when known. */
  readonly size: number | undefined;
  readonly isRepeatable: boolean;
  readonly isRecycled: boolean;
  open(): AsyncIterable<Uint8Array>;
  readonly abandon?: () => void;
}

// A header that has not ended by then is not looked at further; what follows is sent as it is.
const HEADER_BYTES = 262_144;

/** Content that a caller gave, looked at as far as needed. Throws when it can't be read. */
export async function rawDelivery(
  given: RawContent,
  envelope: SmtpEnvelope,
  handling: Handling = {},
): Promise<Delivery> {
  if (typeof given === 'function') {
    throw new OptionError('content', 'sendRaw takes text, bytes or a stream; call the function');
  }
  const source = contentSource(given, undefined, 'the raw message');
  // Throws when the stream was used before.
  void source.prepare();
  if (source.bytes !== undefined) return bytesDelivery(source.bytes, envelope, handling);
  const isReopened = given instanceof Blob;
  const { header, rest, leave } = await splitStream(source.open());
  const isOurs = ownsChunks(given);
  const body: Body = {
    size: isReopened ? given.size - header.length : undefined,
    isRepeatable: false,
    isRecycled: !isOurs,
    open: rest,
    abandon: leave,
  };
  return partsDelivery(header, body, envelope, handling);
}

/** A message in memory. */
export function bytesDelivery(
  bytes: Uint8Array,
  envelope: SmtpEnvelope,
  { prefix, header: change }: Handling,
): Delivery {
  const received = headerOf(bytes);
  const header = change ? change(received) : received;
  const pieces = header === received ? [bytes] : [header, bytes.subarray(received.length)];
  const rendered = rawRendering(pieces, header);
  return {
    envelope,
    content: (capabilities) => wireContent(rendered, () => true, prefix?.(capabilities)),
    messageId: () => idIn(header),
    isRepeatable: () => true,
  };
}

/** A message that is read by ranges. */
export function sourceDelivery(
  source: ByteSource,
  envelope: SmtpEnvelope,
  handling: Handling,
): Delivery {
  const header = headerOf(source.read(0, Math.min(HEADER_BYTES, source.size)));
  const body: Body = {
    size: source.size - header.length,
    isRepeatable: true,
    isRecycled: true,
    open: () => source.pass(header.length, source.size),
  };
  return partsDelivery(header, body, envelope, handling);
}

function partsDelivery(
  received: Uint8Array,
  body: Body,
  envelope: SmtpEnvelope,
  { prefix, header: change }: Handling,
): Delivery {
  const header = change ? change(received) : received;
  // RFC 6531 has UTF-8 in headers only; octets over 127 that are not UTF-8 are of before it.
  const utf8 = !isAsciiBytes(header) && isUtf8(header);
  return {
    envelope,
    content: (capabilities) => {
      const before = [...(prefix ? [prefix(capabilities)] : []), header].filter(
        (p) => p !== undefined,
      );
      const { eightBitMime } = capabilities;
      const content: WireContent = {
        size: sizeOf(before, body, received),
        // What it holds is not known beforehand: it is declared as all that the server takes.
        eightBit: eightBitMime,
        utf8: utf8 || !before.every(isAsciiBytes),
        isRepeatable: body.isRepeatable,
        isRecycled: body.isRecycled,
        chunks: () => {
          const chunks = oneAfterOther(before, body.open());
          return eightBitMime ? chunks : onlyAscii(chunks);
        },
      };
      return content;
    },
    messageId: () => idIn(header),
    isRepeatable: () => body.isRepeatable,
    ...(body.abandon && { abandon: body.abandon }),
  };
}

// Where the header has other line ends than CRLF, so has the rest: how many is known at the end only.
function sizeOf(
  before: readonly Uint8Array[],
  { size }: Body,
  header: Uint8Array,
): number | undefined {
  if (size === undefined || /(?<!\r)\n|\r(?!\n)/.test(latin1(header))) return undefined;
  return before.reduce((sum, piece) => sum + piece.length, size);
}

// RFC 6152: no octet over 127 for a server that takes none.
async function* onlyAscii(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    if (!isAsciiBytes(chunk)) throw needsEightBit();
    yield chunk;
  }
}

function needsEightBit(): InvalidMessageError {
  return new InvalidMessageError(
    'FEATURE_NOT_OFFERED',
    'The raw message holds 8-bit octets, and the server does not offer 8BITMIME; encode it or use another server',
  );
}

/** Reads as far as the header goes. */
async function splitStream(stream: AsyncIterable<Uint8Array>): Promise<{
  readonly header: Uint8Array;
  readonly rest: () => AsyncIterable<Uint8Array>;
  readonly leave: () => void;
}> {
  const iterator = stream[Symbol.asyncIterator]();
  const leave = (): void => void iterator.return?.().then(undefined, () => undefined);
  const kept: Uint8Array[] = [];
  let seen: Uint8Array = new Uint8Array(0);
  let isDone = false;
  while (!isDone && seen.length < HEADER_BYTES && headerOf(seen).length === seen.length) {
    const step = await iterator.next();
    isDone = step.done === true;
    if (step.done) break;
    // A copy: whoever gives it may use its memory again.
    kept.push(new Uint8Array(step.value));
    seen = concatBytes(kept);
  }
  const header = headerOf(seen);
  const start = seen.subarray(header.length);
  async function* rest(): AsyncGenerator<Uint8Array> {
    if (start.length > 0) yield start;
    if (!isDone) yield* { [Symbol.asyncIterator]: () => iterator };
  }
  return { header, rest, leave };
}

// Streams give their chunks away; a plain iterable may write the next one over the last.
function ownsChunks(given: RawContent): boolean {
  return (
    given instanceof Blob ||
    (typeof given === 'object' && ('getReader' in given || 'pipe' in given))
  );
}

// Asked when the server has the message: a header past the limits must not make a failure of it.
function idIn(header: Uint8Array): string {
  try {
    return messageIdOf(header);
  } catch {
    return '';
  }
}

const HIDDEN = /^(?:resent-)?bcc[ \t]*:[^\r\n]*(?:(?:\r\n|\r|\n)[ \t][^\r\n]*)*(?:\r\n|\r|\n|$)/gim;

/** A header without hidden recipients (RFC 5322 section 3.6.3); itself when it has none. */
export function withoutBcc(header: Uint8Array): Uint8Array {
  const text = latin1(header);
  const rest = text.replace(HIDDEN, '');
  return rest === text ? header : viewOf(Buffer.from(rest, 'latin1'));
}
