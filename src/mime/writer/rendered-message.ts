// Gathers what the writer produces and gives it out as one array or in pieces.
import { Buffer } from 'node:buffer';
import { OptionError } from '../../base/index.ts';
import { concatBytes } from '../../base/internal.ts';
import type { Rendered, Segment } from './entity.ts';

/** A piece the writer has put out: text (ASCII, or UTF-8 in headers), octets, or a source. */
export type Piece = string | Segment;

/** The pieces of a message; text is turned into octets at the end, all that stands together at once. */
export class RenderedMessage implements Rendered {
  readonly segments: readonly Segment[];
  readonly size: number | undefined;
  readonly eightBit: boolean;
  readonly utf8: boolean;
  readonly isCanonical = true;

  constructor(
    pieces: readonly Piece[],
    flags: { readonly eightBit: boolean; readonly utf8: boolean },
  ) {
    this.segments = join(pieces, flags.utf8);
    let size: number | undefined = 0;
    for (const segment of this.segments) {
      const length = segment instanceof Uint8Array ? segment.length : segment.size;
      size = size === undefined || length === undefined ? undefined : size + length;
    }
    this.size = size;
    this.eightBit = flags.eightBit;
    this.utf8 = flags.utf8;
  }

  bytes(): Uint8Array {
    return concatBytes(
      this.segments.map((segment) => {
        if (segment instanceof Uint8Array) return segment;
        if (segment.bytes) return segment.bytes();
        throw new OptionError('bytes', 'A part of this message is a stream; read it with chunks()');
      }),
    );
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    for (const segment of this.segments) {
      if (segment instanceof Uint8Array) yield segment;
      else yield* segment.open();
    }
  }

  async *pass(): AsyncGenerator<Uint8Array> {
    for (const segment of this.segments) {
      if (segment instanceof Uint8Array) yield segment;
      else yield* segment.pass?.() ?? segment.open();
    }
  }
}

function join(pieces: readonly Piece[], utf8: boolean): Segment[] {
  const segments: Segment[] = [];
  const encoding = utf8 ? 'utf8' : 'latin1';
  let text = '';
  for (const piece of pieces) {
    if (typeof piece === 'string') text += piece;
    else {
      if (text !== '') segments.push(Buffer.from(text, encoding));
      text = '';
      segments.push(piece);
    }
  }
  if (text !== '') segments.push(Buffer.from(text, encoding));
  return segments;
}
