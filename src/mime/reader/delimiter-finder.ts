// Finds the next boundary delimiter in a body (RFC 2046 section 5.1.1).
import { Buffer } from 'node:buffer';
import type { Boundaries, Delimiter } from './boundaries.ts';
import { CR, LF, type Window } from './window.ts';

const DASH = 0x2d;
const LF_DASHES = Buffer.from('\n--');
const CR_DASHES = Buffer.from('\r--');

/** A delimiter line in the input. */
export interface FoundDelimiter extends Delimiter {
  /** The first octet of the line end before it, which belongs to it. */
  readonly start: number;
  /** The octet after its own line end. */
  readonly end: number;
}

/** Looks through bodies, one after the other. */
export class DelimiterFinder {
  readonly #window: Window;
  readonly #open: Boundaries;
  /** The first octet of the body. */
  #start = 0;
  /** The next octet to look at. */
  #at = 0;
  /** Whether a line begins at `#at`; a delimiter may then stand there without a line end before it. */
  #isLineStart = true;

  constructor(window: Window, open: Boundaries) {
    this.#window = window;
    this.#open = open;
  }

  /** A body begins here. */
  begin(offset: number): void {
    this.#start = offset;
    this.#at = offset;
    this.#isLineStart = true;
  }

  /** The first octet that is still needed: CR and LF before a line that may be a delimiter are. */
  get needed(): number {
    return this.#open.depth === 0 ? this.#at : Math.max(this.#start, this.#at - 2);
  }

  /** Looks on; `undefined` when more input is needed, or at the end when there is none. */
  find(final: boolean): FoundDelimiter | undefined {
    const { bytes, base, lineEnd: eol, end } = this.#window;
    if (this.#open.depth === 0) {
      this.#at = end;
      return undefined;
    }
    for (let line = this.#nextCandidate(); line !== -1; line = this.#nextCandidate()) {
      const found = bytes.indexOf(eol, line);
      if (found === -1 && !final && bytes.length - line <= this.#open.lineRoom) {
        this.#at = base + line;
        this.#isLineStart = true;
        return undefined;
      }
      const lineEnd = found === -1 ? bytes.length : found;
      const delimiter = this.#open.delimiterIn(bytes, line, lineEnd);
      if (delimiter) {
        return {
          ...delimiter,
          start: this.#lineEndBefore(line),
          end: found === -1 ? end : base + found + 1,
        };
      }
      this.#at = base + line + 2;
    }
    return undefined;
  }

  /** The next line that begins with two dashes; -1 when more input is needed to know. */
  #nextCandidate(): number {
    const { bytes, base, lineEnd, end } = this.#window;
    const at = this.#at - base;
    if (this.#isLineStart) {
      if (bytes.length - at < 2) return -1;
      this.#isLineStart = false;
      if (bytes[at] === DASH && bytes[at + 1] === DASH) return at;
    }
    const found = bytes.indexOf(lineEnd === LF ? LF_DASHES : CR_DASHES, at);
    if (found !== -1) return found + 1;
    // The last octets may be the beginning of one.
    this.#at = Math.max(this.#at, end - 2);
    return -1;
  }

  #lineEndBefore(line: number): number {
    const { bytes, base, lineEnd } = this.#window;
    const least = this.#start - base;
    if (line <= least || bytes[line - 1] !== lineEnd) return base + line;
    const isCrlf = lineEnd === LF && line - 2 >= least && bytes[line - 2] === CR;
    return base + (isCrlf ? line - 2 : line - 1);
  }
}
