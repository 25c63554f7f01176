// Bytes that are sent as they are: what a server has to know about them, and nothing changed.
import { isUtf8 } from 'node:buffer';
import { OptionError } from '../base/index.ts';
import { type ByteSource, concatBytes, isAsciiBytes, viewOf } from '../base/internal.ts';
import { parseEntity, type Rendered, type Segment, type SegmentSource } from '../mime/index.ts';
import {
  joinFacts,
  lineFacts,
  messageSize,
  NO_FACTS,
  type SourceFacts,
  type WireFacts,
} from './wire-facts.ts';

/** A piece of a message that is not in memory. */
export interface MeasuredSegment extends SegmentSource {
  /** What the server has to know of it; `undefined` when that is not known beforehand. */
  facts(): WireFacts | undefined;
}

/** A piece of a message that is written as it is. */
export type RawPiece = Uint8Array | MeasuredSegment;

/** A message in bytes, as a rendering. */
export class RawRendering implements Rendered {
  readonly isCanonical = false;
  readonly segments: readonly Segment[];
  readonly #pieces: readonly RawPiece[];
  readonly #header: Uint8Array;
  readonly #hasUtf8: boolean;
  #size: { readonly octets: number | undefined } | undefined;
  #eightBit: boolean | undefined;

  /**
   * @param header The header as far as it is not new. Octets over 127 that are not UTF-8 are no reason to
   * ask for SMTPUTF8: such mail is from before it.
   * @param hasUtf8 Whether UTF-8 was put into the header.
   */
  constructor(pieces: readonly RawPiece[], header: Uint8Array, hasUtf8 = false) {
    this.#pieces = pieces;
    this.segments = pieces;
    this.#header = header;
    this.#hasUtf8 = hasUtf8;
  }

  get eightBit(): boolean {
    this.#eightBit ??= !this.#pieces.every(isAscii);
    return this.#eightBit;
  }

  get utf8(): boolean {
    return this.#hasUtf8 || (this.eightBit && !isAsciiBytes(this.#header) && isUtf8(this.#header));
  }

  /** Octets on the wire, where every line ends in CRLF; `undefined` when a part's size is not known. */
  get size(): number | undefined {
    this.#size ??= { octets: this.#measure() };
    return this.#size.octets;
  }

  /**
   * @throws {@link LimitError} `rangeBytes`: it is too long for one array.
   * @throws {@link OptionError} A part is a stream.
   */
  bytes(): Uint8Array {
    return concatBytes(
      this.#pieces.map((piece) => {
        if (piece instanceof Uint8Array) return piece;
        if (piece.bytes) return piece.bytes();
        throw new OptionError('bytes', 'A part of this message is a stream; read it with chunks()');
      }),
    );
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    for (const piece of this.#pieces) {
      if (piece instanceof Uint8Array) yield piece;
      else yield* piece.open();
    }
  }

  async *pass(): AsyncGenerator<Uint8Array> {
    for (const piece of this.#pieces) {
      if (piece instanceof Uint8Array) yield piece;
      else yield* piece.pass?.() ?? piece.open();
    }
  }

  #measure(): number | undefined {
    let facts = NO_FACTS;
    for (const piece of this.#pieces) {
      const more = piece instanceof Uint8Array ? lineFacts(piece) : piece.facts();
      if (more === undefined) return undefined;
      facts = joinFacts(facts, more);
    }
    return messageSize(facts);
  }
}

/** A range of a source outside memory. */
export class SourceRange implements MeasuredSegment {
  readonly size: number;
  readonly #source: ByteSource;
  readonly #start: number;
  readonly #facts: SourceFacts;

  constructor(source: ByteSource, facts: SourceFacts, start: number, end: number) {
    this.#source = source;
    this.#facts = facts;
    this.#start = start;
    this.size = end - start;
  }

  facts(): WireFacts {
    return this.#facts.of(this.#start, this.#start + this.size);
  }

  bytes(): Uint8Array {
    return this.#source.read(this.#start, this.#start + this.size);
  }

  open(): AsyncIterable<Uint8Array> {
    return this.#source.stream(this.#start, this.#start + this.size);
  }

  pass(): AsyncIterable<Uint8Array> {
    return this.#source.pass(this.#start, this.#start + this.size);
  }
}

const isAscii = (piece: RawPiece): boolean =>
  piece instanceof Uint8Array ? isAsciiBytes(piece) : (piece.facts()?.ascii ?? true);

/** The header of a message in bytes, with the empty line that ends it, whatever its line ends are. */
export function headerOf(bytes: Uint8Array): Uint8Array {
  let header = viewOf(bytes);
  for (const end of ['\r\n\r\n', '\n\n', '\n\r\n', '\r\r']) {
    const at = header.indexOf(end, 0, 'latin1');
    if (at >= 0) header = header.subarray(0, at + end.length);
  }
  return header;
}

/** The Message-ID in a header; `''` when there is none. */
export function messageIdOf(header: Uint8Array): string {
  return parseEntity(header).headers.get('Message-ID')?.trim() ?? '';
}

/** The same for who is far from here: nothing of this file is loaded before. */
export function rawRendering(pieces: readonly RawPiece[], header: Uint8Array): RawRendering {
  return new RawRendering(pieces, header);
}
