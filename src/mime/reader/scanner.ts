// Cuts a message into its parts: octets in, events with offsets out. No I/O, no decoding of bodies.
// Any way of cutting the input into chunks gives the same events.
import { limits } from '../../base/index.ts';
import { enforceLimit, latin1 } from '../../base/internal.ts';
import { Boundaries, type Delimiter } from './boundaries.ts';
import { type ContentType, readBoundary, readContentType } from './content-type.ts';
import { colonOf, isEmptyLine, isFolded, isNamed, isWellKnown, trimEnd } from './header-line.ts';
import { LineLengths } from './line-lengths.ts';
import type { ProblemCode } from './problem.ts';
import type { FieldSpan, ScanEvent } from './scan-event.ts';
import { Window } from './window.ts';

const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;

// How many lines that are no fields a header may hold in a row.
const DOUBTFUL_LINES = 16;

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * Finds headers, bodies and boundaries in a message (RFC 5322, RFC 2046) that comes in chunks.
 * Memory is bounded by the largest header block, not by the message.
 * @throws {LimitError} past `mimeDepth`, `mimeParts`, `headersPerPart`, `headerBytes` or `lineBytes`.
 */
export class MimeScanner {
  readonly #window: Window = new Window();
  readonly #lines: LineLengths = new LineLengths();
  readonly #open: Boundaries = new Boundaries();
  #events: ScanEvent[] = [];
  #parts = 0;
  #lineEnd = LF;

  // Offsets in the whole input.
  /** The next octet to look at; in a header the start of a line. */
  #at = 0;
  /** No line end stands between `#at` and here. */
  #sought = 0;
  /** The first octet of the header block, or of the body. */
  #start = 0;
  #inHeader = true;
  /** Whether a line begins at `#at`; a delimiter may then stand there without a line end before it. */
  #atLineStart = false;
  /** Whether the body scanned is a leaf's: not preamble, not epilogue. */
  #inLeaf = false;

  /** Where the body begins if the header does not go on behind lines that are no fields; -1 when not in doubt. */
  #doubt = -1;
  #doubtLines = 0;
  #isBlankSoFar = false;

  #fields: Writable<FieldSpan>[] = [];
  #contentType: FieldSpan | undefined;

  /** Takes the next octets and tells what was found in them. The chunk must not change afterwards. */
  push(chunk: Uint8Array): readonly ScanEvent[] {
    this.#lines.check(chunk);
    this.#window.append(chunk, Math.min(this.#needed(), this.#end()));
    return this.#scan(false);
  }

  /** The input is complete: tells the rest. */
  end(): readonly ScanEvent[] {
    return this.#scan(true);
  }

  /** The first octet that is still needed. */
  #needed(): number {
    if (this.#inHeader) return this.#start;
    if (this.#open.depth === 0) return this.#at;
    // CR and LF before a line that may be a delimiter belong to the delimiter.
    return Math.max(this.#start, this.#at - 2);
  }

  #end(): number {
    return this.#window.base + this.#window.bytes.length;
  }

  #scan(final: boolean): readonly ScanEvent[] {
    this.#events = [];
    if (this.#parts === 0 && (final || this.#end() > 0)) this.#beginPart(0);
    while (this.#inHeader ? this.#scanHeader(final) : this.#scanBody(final));
    if (final) this.#finish();
    return this.#events;
  }

  // --- headers ---

  #beginPart(offset: number): void {
    this.#parts += 1;
    enforceLimit('mimeParts', this.#parts, 'The number of MIME parts');
    this.#open.countPart();
    this.#events.push({ type: 'part', offset });
    this.#inHeader = true;
    this.#at = offset;
    this.#sought = offset;
    this.#start = offset;
    this.#doubt = -1;
    this.#fields = [];
    this.#contentType = undefined;
  }

  /** Reads header lines; `true` when the header ended, `false` when more input is needed. */
  #scanHeader(final: boolean): boolean {
    const { bytes, base } = this.#window;
    for (;;) {
      const found = bytes.indexOf(this.#lineEnd, this.#sought - base);
      if (this.#readsCrLines(found, final)) continue;
      const lineEnd = found === -1 ? bytes.length : found;
      enforceLimit('headerBytes', base + lineEnd - this.#start, 'A header block');
      if (found === -1) {
        this.#sought = this.#end();
        if (!final) return false;
        if (this.#at === this.#sought)
          return this.#doubt === -1 ? this.#endHeader(this.#at) : this.#giveUp();
      }
      const next = base + (found === -1 ? lineEnd : found + 1);
      if (this.#takeHeaderLine(this.#skipByteOrderMark(), lineEnd, next)) return true;
      this.#at = next;
      this.#sought = next;
    }
  }

  /** Where the line at `#at` begins in the window. */
  #skipByteOrderMark(): number {
    const { bytes, base } = this.#window;
    const marked = this.#at === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    if (marked) this.#problem('byte-order-mark', 0);
    return marked ? 3 : this.#at - base;
  }

  /** `true` when the line ended the header. */
  #takeHeaderLine(line: number, lineEnd: number, next: number): boolean {
    if (this.#doubt !== -1) return this.#takeDoubtfulLine(line, lineEnd);
    const { bytes, base } = this.#window;
    if (isEmptyLine(bytes, line, lineEnd)) {
      const isFirst = this.#parts === 1 && this.#fields.length === 0;
      return isFirst ? this.#beginDoubt(next, true) : this.#endHeader(next);
    }
    const first = bytes[line];
    if (isFolded(first)) {
      const last = this.#fields.at(-1);
      if (last) last.end = this.#valueEnd(line, lineEnd);
      else this.#problem('header-line-invalid', base + line);
      return false;
    }
    if (first === DASH && this.#delimiterIn(line, lineEnd)) {
      this.#problem('header-cut-by-boundary', base + line);
      return this.#endHeader(base + line);
    }
    const colon = colonOf(bytes, line, lineEnd);
    if (colon !== -1) {
      this.#addField(line, colon, lineEnd);
      return false;
    }
    if (this.#isMboxLine(line, lineEnd)) {
      this.#problem('mbox-line', base + line);
      return false;
    }
    this.#beginDoubt(base + line, false);
    return this.#fields.length === 0 && this.#giveUp();
  }

  /** The header is over, it seems; but the lines that follow may show that it is not. */
  #beginDoubt(bodyStart: number, isBlank: boolean): false {
    this.#doubt = bodyStart;
    this.#doubtLines = 0;
    this.#isBlankSoFar = isBlank;
    return false;
  }

  /** A line behind one that is no field: only a field of a name that is known brings the header back. */
  #takeDoubtfulLine(line: number, lineEnd: number): boolean {
    const { bytes } = this.#window;
    this.#doubtLines += 1;
    const isEmpty = isEmptyLine(bytes, line, lineEnd);
    if (isEmpty && this.#isBlankSoFar) return false;
    this.#isBlankSoFar = false;
    if (isEmpty || this.#doubtLines > DOUBTFUL_LINES || bytes[line] === DASH) return this.#giveUp();
    const colon = colonOf(bytes, line, lineEnd);
    if (colon === -1 || !isWellKnown(bytes, line, colon)) return false;
    this.#problem('header-line-invalid', this.#doubt);
    this.#doubt = -1;
    this.#addField(line, colon, lineEnd);
    return false;
  }

  /** The header ended where the doubt began. */
  #giveUp(): true {
    const code = this.#fields.length === 0 ? 'header-missing' : 'header-separator-missing';
    this.#problem(code, this.#doubt);
    return this.#endHeader(this.#doubt);
  }

  #addField(line: number, colon: number, lineEnd: number): void {
    const { bytes, base } = this.#window;
    const block = this.#start - base;
    const field = { start: line - block, colon: colon - block, end: this.#valueEnd(line, lineEnd) };
    this.#fields.push(field);
    enforceLimit('headersPerPart', this.#fields.length, 'The number of header fields');
    if (isNamed(bytes, line, colon, 'content-type')) {
      if (this.#contentType) this.#problem('content-type-repeated', base + line);
      else this.#contentType = field;
    }
  }

  /** The end of a value's line in the block, without the CR of its line end. */
  #valueEnd(line: number, lineEnd: number): number {
    const { bytes, base } = this.#window;
    const end = lineEnd > line && bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
    return end - (this.#start - base);
  }

  /** Separators of an mbox file, which mean nothing in a header. */
  #isMboxLine(line: number, lineEnd: number): boolean {
    const text = latin1(this.#window.bytes, line, Math.min(lineEnd, line + 6));
    return text.startsWith('From ') || text === '>From ';
  }

  /** An input without LF, as far as a header may go, has lines that end in CR. */
  #readsCrLines(found: number, final: boolean): boolean {
    if (this.#at > 0 || this.#lineEnd === CR || this.#parts > 1) return false;
    const { bytes } = this.#window;
    const reach = limits.headerBytes + 1;
    if (found === -1 ? !final && bytes.length < reach : found < reach) return false;
    if (!bytes.subarray(0, reach).includes(CR)) return false;
    this.#lineEnd = CR;
    this.#sought = 0;
    this.#problem('cr-line-ends', 0);
    return true;
  }

  #endHeader(bodyStart: number): true {
    const multipart = this.#multipart();
    const boundary = multipart && this.#boundaryOf(multipart);
    this.#events.push({
      type: 'header',
      offset: this.#start,
      end: bodyStart,
      raw: this.#window.lasting(this.#start, bodyStart),
      fields: this.#fields,
      multipart: boundary === undefined ? undefined : multipart,
    });
    if (boundary !== undefined) {
      this.#open.push(boundary, multipart?.subtype === 'digest');
      enforceLimit('mimeDepth', this.#open.depth, 'The nesting of MIME parts');
    }
    this.#inHeader = false;
    this.#inLeaf = boundary === undefined;
    this.#start = bodyStart;
    this.#at = bodyStart;
    this.#atLineStart = true;
    return true;
  }

  #rawContentType(): string {
    const field = this.#contentType;
    if (!field) return '';
    const block = this.#start - this.#window.base;
    return latin1(this.#window.bytes, block + field.colon + 1, block + field.end);
  }

  #multipart(): ContentType | undefined {
    const raw = this.#rawContentType();
    if (!/multipart/i.test(raw)) return undefined;
    const contentType = readContentType(raw);
    return contentType?.type === 'multipart' ? contentType : undefined;
  }

  #boundaryOf(multipart: ContentType): string | undefined {
    const boundary = readBoundary(this.#rawContentType(), multipart.parameters);
    if (boundary === undefined) this.#problem('boundary-missing', this.#start);
    return boundary;
  }

  // --- bodies ---

  /** Looks for the next delimiter; `true` when one was found, `false` when more input is needed. */
  #scanBody(final: boolean): boolean {
    const { bytes, base } = this.#window;
    if (this.#open.depth === 0) {
      this.#at = this.#end();
      return false;
    }
    for (;;) {
      const line = this.#nextCandidate();
      if (line === -1) return false;
      const room = line + 2 + this.#open.lineRoom;
      const found = bytes.indexOf(this.#lineEnd, line);
      if (found === -1 && !final && bytes.length <= room) {
        this.#at = base + line;
        this.#atLineStart = true;
        return false;
      }
      const lineEnd = found === -1 ? bytes.length : found;
      const delimiter = lineEnd <= room ? this.#delimiterIn(line, lineEnd) : undefined;
      if (delimiter) {
        this.#takeDelimiter(delimiter, line, found === -1 ? lineEnd : found + 1);
        return true;
      }
      this.#at = base + line + 2;
      this.#atLineStart = false;
    }
  }

  /** The next line that begins with two dashes; -1 when more input is needed to know. */
  #nextCandidate(): number {
    const { bytes, base } = this.#window;
    const at = this.#at - base;
    if (this.#atLineStart) {
      if (bytes.length - at < 2) return -1;
      this.#atLineStart = false;
      if (bytes[at] === DASH && bytes[at + 1] === DASH) return at;
    }
    const found = bytes.indexOf(this.#lineEnd === LF ? '\n--' : '\r--', at, 'latin1');
    if (found !== -1) return found + 1;
    // The last octets may be the beginning of one.
    this.#at = Math.max(this.#at, this.#end() - 2);
    return -1;
  }

  #delimiterIn(line: number, lineEnd: number): Delimiter | undefined {
    const { bytes } = this.#window;
    if (bytes[line + 1] !== DASH || lineEnd - line - 2 > this.#open.lineRoom) return undefined;
    return this.#open.match(latin1(bytes, line + 2, trimEnd(bytes, line + 2, lineEnd)));
  }

  #takeDelimiter(delimiter: Delimiter, line: number, next: number): void {
    const { base } = this.#window;
    const bodyEnd = base + this.#beforeLineEnd(line);
    const end = base + next;
    if (this.#inLeaf) this.#events.push({ type: 'end', offset: bodyEnd });
    while (this.#open.depth > delimiter.level + 1) this.#endMultipart(bodyEnd);
    this.#events.push({ type: 'delimiter', offset: bodyEnd, end, closing: delimiter.closing });
    if (!delimiter.closing) {
      this.#beginPart(end);
      return;
    }
    this.#open.close();
    this.#inLeaf = false;
    this.#start = end;
    this.#at = end;
    this.#atLineStart = true;
  }

  /** RFC 2046 section 5.1.1: the line end before a delimiter belongs to the delimiter. */
  #beforeLineEnd(line: number): number {
    const { bytes, base } = this.#window;
    const least = this.#start - base;
    if (line <= least || bytes[line - 1] !== this.#lineEnd) return line;
    const crlf = this.#lineEnd === LF && line - 2 >= least && bytes[line - 2] === CR;
    return crlf ? line - 2 : line - 1;
  }

  #endMultipart(offset: number): void {
    const innermost = this.#open.innermost;
    if (innermost?.parts === 0) this.#problem('boundary-not-found', offset);
    else if (innermost?.closed === false) this.#problem('boundary-not-closed', offset);
    this.#open.pop();
    this.#events.push({ type: 'end', offset });
  }

  #finish(): void {
    const offset = this.#end();
    if (this.#inLeaf) this.#events.push({ type: 'end', offset });
    this.#inLeaf = false;
    while (this.#open.depth > 0) this.#endMultipart(offset);
  }

  #problem(code: ProblemCode, offset: number): void {
    this.#events.push({ type: 'problem', code, offset });
  }
}
