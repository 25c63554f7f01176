// Finds the fields of a header block, and where the block ends (RFC 5322 section 2.1).
import { enforceLimit, latin1 } from '../../base/internal.ts';
import type { Boundaries } from './boundaries.ts';
import { colonOf, isEmptyLine, isFolded, isNamed, isWellKnown } from './header-line.ts';
import type { ReadingRules } from './parse-options.ts';
import type { ProblemCode } from './problem.ts';
import type { FieldSpan } from './scan-event.ts';
import { CR, type Window } from './window.ts';

const DASH = 0x2d;
// How many lines that are no fields a header may hold in a row.
const DOUBTFUL_LINES = 16;

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Reads one header block after the other from a window. */
export class HeaderReader {
  /** The first octet of the block. */
  start = 0;
  /** The fields found in it. */
  fields: Writable<FieldSpan>[] = [];
  /** The first field named Content-Type among them. */
  contentType: FieldSpan | undefined;

  readonly #window: Window;
  readonly #open: Boundaries;
  readonly #limits: ReadingRules['limits'];
  readonly #report: (code: ProblemCode, offset: number) => void;
  /** Whether the block is the message's own, not a part's. */
  #isRoot = true;
  /** The line that is looked at. */
  #line = 0;
  /** No line end stands between `#line` and here. */
  #sought = 0;
  /** Where the body begins if the header does not go on behind lines that are no fields; -1 when not in doubt. */
  #doubt = -1;
  #doubtLines = 0;
  /** Whether all lines since the doubt began are empty. */
  #isBlank = false;

  constructor(
    window: Window,
    open: Boundaries,
    limits: ReadingRules['limits'],
    report: (code: ProblemCode, offset: number) => void,
  ) {
    this.#window = window;
    this.#open = open;
    this.#limits = limits;
    this.#report = report;
  }

  /** A block begins here. */
  begin(offset: number, isRoot: boolean): void {
    this.start = offset;
    this.fields = [];
    this.contentType = undefined;
    this.#isRoot = isRoot;
    this.#line = offset;
    this.#sought = offset;
    this.#doubt = -1;
  }

  /** The raw value of Content-Type; `''` when there is none. */
  rawContentType(): string {
    if (!this.contentType) return '';
    const block = this.start - this.#window.base;
    const { colon, end } = this.contentType;
    return latin1(this.#window.bytes, block + colon + 1, block + end);
  }

  /** Reads on; the first octet of the body once the block has ended, `undefined` when more input is needed. */
  read(final: boolean): number | undefined {
    const window = this.#window;
    for (;;) {
      const { bytes, base } = window;
      const found = bytes.indexOf(window.lineEnd, this.#sought - base);
      if (this.#readsCrLines(found, final)) continue;
      const lineEnd = found === -1 ? bytes.length : found;
      const size = base + lineEnd - this.start;
      if (this.#doubt !== -1 && size > this.#limits.headerBytes) return this.#giveUp();
      enforceLimit('headerBytes', size, 'A header block', this.#limits.headerBytes);
      if (found === -1) {
        this.#sought = window.end;
        if (!final) return undefined;
        if (this.#line === this.#sought) return this.#doubt === -1 ? this.#line : this.#giveUp();
      }
      const next = found === -1 ? window.end : base + found + 1;
      const bodyStart = this.#takeLine(this.#skipByteOrderMark(), lineEnd, next);
      if (bodyStart !== undefined) return bodyStart;
      this.#line = next;
      this.#sought = next;
    }
  }

  /** An input without LF, as far as a header may go, has lines that end in CR. */
  #readsCrLines(found: number, final: boolean): boolean {
    const window = this.#window;
    if (!this.#isRoot || this.#line > 0 || window.lineEnd === CR) return false;
    const reach = this.#limits.headerBytes + 1;
    if (found === -1 ? !final && window.bytes.length < reach : found < reach) return false;
    if (!window.bytes.subarray(0, reach).includes(CR)) return false;
    window.lineEnd = CR;
    this.#sought = 0;
    this.#report('cr-line-ends', 0);
    return true;
  }

  /** Where the line begins in the window, behind a byte order mark. */
  #skipByteOrderMark(): number {
    const { bytes, base } = this.#window;
    const isMarked =
      this.#line === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    if (isMarked) this.#report('byte-order-mark', 0);
    return isMarked ? 3 : this.#line - base;
  }

  /** Where the body starts, when the line ended the header. */
  #takeLine(line: number, lineEnd: number, next: number): number | undefined {
    if (this.#doubt !== -1) return this.#takeDoubtfulLine(line, lineEnd);
    const { bytes, base } = this.#window;
    const offset = base + line;
    if (isEmptyLine(bytes, line, lineEnd)) {
      if (!this.#isRoot || this.fields.length > 0) return next;
      return this.#beginDoubt(next, true);
    }
    const first = bytes[line];
    if (isFolded(first)) {
      const last = this.fields.at(-1);
      if (last) last.end = this.#valueEnd(line, lineEnd);
      else this.#report('header-line-invalid', offset);
      return undefined;
    }
    if (first === DASH && this.#open.delimiterIn(bytes, line, lineEnd)) {
      this.#report('header-cut-by-boundary', offset);
      return offset;
    }
    const colon = colonOf(bytes, line, lineEnd);
    if (colon !== -1) return this.#addField(line, colon, lineEnd);
    if (isMboxLine(bytes, line, lineEnd)) {
      this.#report('mbox-line', offset);
      return undefined;
    }
    this.#beginDoubt(offset, false);
    return this.fields.length === 0 && !this.#isRoot ? this.#giveUp() : undefined;
  }

  #addField(line: number, colon: number, lineEnd: number): undefined {
    const { bytes, base } = this.#window;
    const block = this.start - base;
    const field = { start: line - block, colon: colon - block, end: this.#valueEnd(line, lineEnd) };
    this.fields.push(field);
    enforceLimit(
      'headers',
      this.fields.length,
      'The number of header fields',
      this.#limits.headers,
    );
    if (!isNamed(bytes, line, colon, 'content-type')) return;
    if (this.contentType) this.#report('content-type-repeated', base + line);
    else this.contentType = field;
  }

  /** The end of a value's line in the block, without the CR of its line end. */
  #valueEnd(line: number, lineEnd: number): number {
    const { bytes, base } = this.#window;
    const end = lineEnd > line && bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
    return end - (this.start - base);
  }

  /** The header is over, it seems; but the lines that follow may show that it is not. */
  #beginDoubt(bodyStart: number, isBlank: boolean): undefined {
    this.#doubt = bodyStart;
    this.#doubtLines = 0;
    this.#isBlank = isBlank;
  }

  /** A line behind one that is no field: only a field of a name that is well known brings the header back. */
  #takeDoubtfulLine(line: number, lineEnd: number): number | undefined {
    const { bytes } = this.#window;
    const isEmpty = isEmptyLine(bytes, line, lineEnd);
    this.#isBlank &&= isEmpty;
    this.#doubtLines += 1;
    if (this.#doubtLines > DOUBTFUL_LINES || bytes[line] === DASH) return this.#giveUp();
    // Empty lines before the first field of a message are skipped.
    if (isEmpty) return this.#isBlank ? undefined : this.#giveUp();
    const colon = colonOf(bytes, line, lineEnd);
    if (colon === -1 || !isWellKnown(bytes, line, colon)) return undefined;
    this.#report('header-line-invalid', this.#doubt);
    this.#doubt = -1;
    return this.#addField(line, colon, lineEnd);
  }

  /** The header ended where the doubt began. */
  #giveUp(): number {
    const code = this.fields.length === 0 ? 'header-missing' : 'header-separator-missing';
    this.#report(code, this.#doubt);
    return this.#doubt;
  }
}

/** Separators of an mbox file, which mean nothing in a header. */
function isMboxLine(bytes: Buffer, line: number, lineEnd: number): boolean {
  const text = latin1(bytes, line, Math.min(lineEnd, line + 6));
  return text.startsWith('From ') || text === '>From ';
}
