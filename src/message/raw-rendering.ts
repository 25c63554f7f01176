// Bytes that are sent as they are: what a server has to know about them, and nothing changed.
import { isUtf8 } from 'node:buffer';
import { concatBytes, isAsciiBytes, viewOf } from '../base/internal.ts';
import { parseEntity, type Rendered, type Segment } from '../mime/index.ts';

const LF = 0x0a;
const CR = 0x0d;

/** A message in bytes, as a rendering. */
export class RawRendering implements Rendered {
  readonly segments: readonly Segment[];
  readonly eightBit: boolean;
  readonly utf8: boolean;
  readonly #pieces: readonly Uint8Array[];
  #size: number | undefined;

  /**
   * @param header The header as far as it is not new. Octets over 127 that are not UTF-8 are no reason to
   * ask for SMTPUTF8: such mail is from before it.
   * @param hasUtf8 Whether UTF-8 was put into the header.
   */
  constructor(pieces: readonly Uint8Array[], header: Uint8Array, hasUtf8 = false) {
    this.#pieces = pieces;
    this.segments = pieces;
    this.eightBit = !pieces.every(isAsciiBytes);
    this.utf8 = hasUtf8 || (this.eightBit && !isAsciiBytes(header) && isUtf8(header));
  }

  /** Octets on the wire, where every line ends in CRLF. */
  get size(): number {
    this.#size ??= wireSize(this.#pieces);
    return this.#size;
  }

  bytes(): Uint8Array {
    return concatBytes(this.#pieces);
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    yield* this.#pieces;
  }

  pass(): AsyncIterable<Uint8Array> {
    return this.chunks();
  }
}

/** The header of a message in bytes, with the empty line that ends it. */
export function headerOf(bytes: Uint8Array): Uint8Array {
  const view = viewOf(bytes);
  const ends = ['\r\n\r\n', '\n\n'].map((end) => {
    const at = view.indexOf(end, 0, 'latin1');
    return at < 0 ? view.length : at + end.length;
  });
  return view.subarray(0, Math.min(...ends));
}

/** The Message-ID in a header; `''` when there is none. */
export function messageIdOf(header: Uint8Array): string {
  return parseEntity(header).headers.get('Message-ID')?.trim() ?? '';
}

function wireSize(pieces: readonly Uint8Array[]): number {
  let size = 0;
  let last = LF;
  for (const piece of pieces) {
    const view = viewOf(piece);
    const pairs = countPairs(view);
    // Each bare CR and LF becomes a pair; a pair that is cut between two pieces was counted as two bare ones.
    size += view.length + count(view, CR) + count(view, LF) - 2 * pairs;
    if (last === CR && view[0] === LF) size -= 2;
    last = view.at(-1) ?? last;
  }
  return last === LF || last === CR ? size : size + 2;
}

function count(view: Uint8Array, octet: number): number {
  let found = 0;
  for (let at = view.indexOf(octet); at >= 0; at = view.indexOf(octet, at + 1)) found += 1;
  return found;
}

function countPairs(view: Uint8Array): number {
  let found = 0;
  for (let at = view.indexOf(LF); at >= 0; at = view.indexOf(LF, at + 1)) {
    if (view[at - 1] === CR) found += 1;
  }
  return found;
}
