// What a changed message is written from: ranges of what was read, and what is new between them. Types only.
import type { SegmentSource } from '../../mime/index.ts';

/** Octets of the source that was read, from `start` to before `end`. */
export interface KeptRange {
  readonly start: number;
  readonly end: number;
}

/** Something new: ASCII, in which every line ends in CRLF. */
export interface NewPiece {
  readonly written: string | Uint8Array | SegmentSource;
}

/** A piece of a changed message; octets are as they came, and so are their line ends. */
export type EditPiece = KeptRange | NewPiece | Uint8Array;
