// The tree of ranges that the scanner's events draw. Nothing is decoded here.
import type { ContentType } from './content-type.ts';
import type { ProblemCode } from './problem.ts';
import type { FieldSpan, ScanEvent } from './scan-event.ts';

/** A part as ranges of the input, all offsets absolute. */
export interface PartRanges {
  /** The first octet of the header. */
  readonly start: number;
  /** The first octet of the body. */
  headerEnd: number;
  /** The octet after the body. */
  end: number;
  /** The header block. */
  header: Uint8Array;
  /** The fields in it. */
  fields: readonly FieldSpan[];
  /** The media type of a body that was cut into parts. */
  multipart: ContentType | undefined;
  /** The parts of a multipart. */
  readonly parts: PartRanges[];
}

/** A problem the scanner met. */
export interface ScanProblem {
  readonly code: ProblemCode;
  readonly offset: number;
}

const NO_OCTETS = new Uint8Array(0);

/** Builds the tree from the events of one scanner, in their order. */
export class TreeBuilder {
  /** The message itself; complete when the scanner ended. */
  readonly root: PartRanges = newPart(0);
  /** What was wrong, in the order it was met. */
  readonly problems: ScanProblem[] = [];
  readonly #open: PartRanges[] = [];

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
      innermost.header = event.raw;
      innermost.fields = event.fields;
      innermost.multipart = event.multipart;
    } else if (event.type === 'end' && innermost) {
      innermost.end = event.offset;
      this.#open.pop();
    } else if (event.type === 'problem') {
      this.problems.push({ code: event.code, offset: event.offset });
    }
  }
}

function newPart(start: number): PartRanges {
  return {
    start,
    headerEnd: start,
    end: start,
    header: NO_OCTETS,
    fields: [],
    multipart: undefined,
    parts: [],
  };
}
