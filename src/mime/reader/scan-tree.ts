// The tree of ranges that the scanner's events draw. Nothing is decoded here.
import type { ContentType } from './content-type.ts';
import type { ProblemCode } from './problem.ts';
import type { FieldSpan, HeaderEvent, ScanEvent } from './scan-event.ts';
import { CR, LF } from './window.ts';

/** A header block and the fields in it. */
export interface HeaderSpans {
  /** The octets of the block. */
  readonly raw: Uint8Array;
  /** The fields, by their offsets in it. */
  readonly fields: readonly FieldSpan[];
}

/** A part as ranges of the input, all offsets absolute. */
export interface PartRanges {
  /** The first octet of the header. */
  readonly start: number;
  /** The first octet of the body. */
  headerEnd: number;
  /** The octet after the body. */
  end: number;
  /** The header; `undefined` when it was not kept and has to be read again. */
  header: HeaderSpans | undefined;
  /** The media type of a body that was cut into parts. */
  multipart: ContentType | undefined;
  /** The octet after the preamble: where the first boundary begins. */
  preambleEnd: number | undefined;
  /** The first octet of the epilogue: the one after the last boundary. */
  epilogueStart: number | undefined;
  /** The parts of a multipart. */
  readonly parts: PartRanges[];
}

/** A problem the scanner met. */
export interface ScanProblem {
  readonly code: ProblemCode;
  readonly offset: number;
}

/** What is kept of a header that the scanner found. */
export type KeepHeader = (found: HeaderEvent) => HeaderSpans | undefined;

/** Keeps every header as it is; for input that stays in memory. */
export const keepAll: KeepHeader = (found) => found;

/** Keeps copies of headers, as long as they are not more than `octets` in all. */
export function keepCopies(octets: number): KeepHeader {
  let room = octets;
  return ({ raw, fields }) => {
    if (raw.length > room) return undefined;
    room -= raw.length;
    return { raw: new Uint8Array(raw), fields };
  };
}

// What a hostile message can make of problems must stay bounded; no reader gets near it.
const MAX_PROBLEMS = 100_000;

/** Builds the tree from the events of one scanner, in their order. */
export class TreeBuilder {
  /** The message itself; complete when the scanner ended. */
  readonly root: PartRanges = newPart(0);
  /** What was wrong, in the order it was met. */
  readonly problems: ScanProblem[] = [];
  /** The octet that ends a line. */
  lineEnd: number = LF;
  readonly #open: PartRanges[] = [];
  readonly #keepHeader: KeepHeader;

  constructor(keepHeader: KeepHeader) {
    this.#keepHeader = keepHeader;
  }

  /** Takes the next events. */
  take(events: readonly ScanEvent[]): void {
    for (const event of events) this.#takeOne(event);
  }

  #takeOne(event: ScanEvent): void {
    const innermost = this.#open.at(-1);
    if (event.type === 'part') {
      const part = innermost ? newPart(event.offset) : this.root;
      innermost?.parts.push(part);
      this.#open.push(part);
    } else if (event.type === 'header' && innermost) {
      innermost.headerEnd = event.end;
      innermost.header = this.#keepHeader(event);
      innermost.multipart = event.multipart;
    } else if (event.type === 'delimiter' && innermost) {
      innermost.preambleEnd ??= event.offset;
      if (event.closing) innermost.epilogueStart ??= event.end;
    } else if (event.type === 'end' && innermost) {
      innermost.end = event.offset;
      this.#open.pop();
    } else if (event.type === 'problem') {
      if (event.code === 'cr-line-ends') this.lineEnd = CR;
      if (this.problems.length < MAX_PROBLEMS) this.problems.push(event);
    }
  }
}

function newPart(start: number): PartRanges {
  return {
    start,
    headerEnd: start,
    end: start,
    header: undefined,
    multipart: undefined,
    preambleEnd: undefined,
    epilogueStart: undefined,
    parts: [],
  };
}
