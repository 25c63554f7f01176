// Cuts a message into its parts: octets in, events with offsets out. No I/O, no decoding of bodies.
// Any way of cutting the input into chunks gives the same events.
import { enforceLimit } from '../../base/internal.ts';
import { Boundaries } from './boundaries.ts';
import { type ContentType, readBoundary, readContentType } from './content-type.ts';
import { DelimiterFinder, type FoundDelimiter } from './delimiter-finder.ts';
import { HeaderReader } from './header-reader.ts';
import { LineLengths } from './line-lengths.ts';
import { type ParseOptions, type ReadingRules, readingRules } from './parse-options.ts';
import type { ProblemCode } from './problem.ts';
import type { ScanEvent } from './scan-event.ts';
import { Window } from './window.ts';

const NO_OCTETS = new Uint8Array(0);

/**
 * Finds headers, bodies and boundaries in a message (RFC 5322, RFC 2046) that comes in chunks.
 * Memory is bounded by the largest header block, not by the message.
 */
export class MimeScanner {
  readonly #rules: ReadingRules;
  readonly #window: Window = new Window();
  readonly #lines: LineLengths;
  readonly #open: Boundaries = new Boundaries();
  readonly #header: HeaderReader;
  readonly #body: DelimiterFinder = new DelimiterFinder(this.#window, this.#open);
  #events: ScanEvent[] = [];
  #parts = 0;
  #isInHeader = true;
  /** Whether the body is a leaf's: not preamble, not epilogue. */
  #isInLeaf = false;

  /** @throws {OptionError} for a limit that is none. */
  constructor(options?: ParseOptions) {
    this.#rules = readingRules(options);
    const { limits } = this.#rules;
    this.#lines = new LineLengths(limits.lineBytes);
    this.#header = new HeaderReader(this.#window, this.#open, limits, (code, offset) =>
      this.#report(code, offset),
    );
  }

  /**
   * Takes the next octets and tells what was found in them. Their memory may be used again afterwards,
   * but for the `raw` of header events, which may be a view of it.
   * @throws {LimitError} past `depth`, `parts`, `headers`, `headerBytes` or `lineBytes`.
   */
  push(chunk: Uint8Array): readonly ScanEvent[] {
    const events = this.#take(chunk, false);
    this.#window.keep(this.#isInHeader ? this.#header.start : this.#body.needed);
    return events;
  }

  /**
   * The input is complete, with its last octets when there are more: tells the rest.
   * @throws {LimitError} as `push` does.
   */
  end(chunk: Uint8Array = NO_OCTETS): readonly ScanEvent[] {
    return this.#take(chunk, true);
  }

  #take(chunk: Uint8Array, final: boolean): readonly ScanEvent[] {
    this.#lines.check(chunk);
    this.#window.append(chunk);
    return this.#scan(final);
  }

  #scan(final: boolean): readonly ScanEvent[] {
    this.#events = [];
    if (this.#parts === 0 && (final || this.#window.end > 0)) this.#beginPart(0);
    while (this.#isInHeader ? this.#scanHeader(final) : this.#scanBody(final));
    if (final) this.#finish();
    return this.#events;
  }

  #beginPart(offset: number): void {
    this.#parts += 1;
    enforceLimit('parts', this.#parts, 'The number of MIME parts', this.#rules.limits.parts);
    this.#open.countPart();
    this.#events.push({ type: 'part', offset });
    this.#isInHeader = true;
    this.#header.begin(offset, this.#parts === 1);
  }

  /** `true` when the header ended, `false` when more input is needed. */
  #scanHeader(final: boolean): boolean {
    const bodyStart = this.#header.read(final);
    if (bodyStart === undefined) return false;
    const multipart = this.#multipart();
    const boundary = multipart && readBoundary(this.#header.rawContentType(), multipart.parameters);
    if (multipart && boundary === undefined) this.#report('boundary-missing', this.#header.start);
    this.#events.push({
      type: 'header',
      offset: this.#header.start,
      end: bodyStart,
      raw: this.#window.lasting(this.#header.start, bodyStart),
      fields: this.#header.fields,
      multipart: boundary === undefined ? undefined : multipart,
    });
    if (boundary !== undefined) {
      this.#open.push(boundary);
      if (this.#open.innermost?.shadowed !== undefined) {
        this.#report('boundary-repeated', this.#header.start);
      }
      enforceLimit(
        'depth',
        this.#open.depth,
        'The nesting of MIME parts',
        this.#rules.limits.depth,
      );
    }
    this.#isInHeader = false;
    this.#isInLeaf = boundary === undefined;
    this.#body.begin(bodyStart);
    return true;
  }

  /** The media type of the header that was read, when it is a multipart. */
  #multipart(): ContentType | undefined {
    const raw = this.#header.rawContentType();
    if (!/multipart/i.test(raw)) return undefined;
    const contentType = readContentType(raw, this.#rules);
    return contentType?.type === 'multipart' ? contentType : undefined;
  }

  /** `true` when a delimiter was found, `false` when more input is needed. */
  #scanBody(final: boolean): boolean {
    const found = this.#body.find(final);
    if (found) this.#takeDelimiter(found);
    return found !== undefined;
  }

  #takeDelimiter({ level, closing, start, end }: FoundDelimiter): void {
    this.#endLeaf(start);
    while (this.#open.depth > level + 1) this.#endMultipart(start);
    this.#events.push({ type: 'delimiter', offset: start, end, closing });
    if (closing) {
      this.#open.close();
      this.#body.begin(end);
    } else this.#beginPart(end);
  }

  #endLeaf(offset: number): void {
    if (this.#isInLeaf) this.#events.push({ type: 'end', offset });
    this.#isInLeaf = false;
  }

  #endMultipart(offset: number): void {
    const { innermost } = this.#open;
    if (innermost?.parts === 0) this.#report('boundary-not-found', offset);
    else if (innermost?.closed === false) this.#report('boundary-not-closed', offset);
    this.#open.pop();
    this.#events.push({ type: 'end', offset });
  }

  #finish(): void {
    const { end } = this.#window;
    this.#endLeaf(end);
    while (this.#open.depth > 0) this.#endMultipart(end);
  }

  #report(code: ProblemCode, offset: number): void {
    this.#events.push({ type: 'problem', code, offset });
  }
}
