// The view of a part over its ranges.

import type { ByteSource } from '../../base/internal.ts';
import { enforceLimit, memorySource, rangeSource } from '../../base/internal.ts';
import { decodeText, isPlainWords, passContent } from './content.ts';
import {
  isEncoded,
  PIECE_BYTES,
  passDecoded,
  readDecoded,
  streamDecoded,
} from './content-stream.ts';
import {
  type ContentType,
  type Disposition,
  MESSAGE_RFC822,
  readContentId,
  readContentType,
  readDisposition,
  readEncoding,
  TEXT_PLAIN,
} from './content-type.ts';
import { readHeaderAgain } from './header-again.ts';
import type { ParsedEntity, PartRange, TextLimit } from './parsed-entity.ts';
import { HeaderBlock, type ParsedHeaders } from './parsed-headers.ts';
import { findPartProblems } from './part-problems.ts';
import { type MimeProblem, ProblemLog } from './problem.ts';
import type { PartRanges } from './scan-tree.ts';
import type { ScannedInput } from './scanned-input.ts';

// A UTF-16 unit takes at most four octets in any charset, each of them three in quoted-printable; soft breaks take the rest.
const MOST_OCTETS_OF_CHAR = 16;
// Blanks and lines around what makes text.
const LINE_OCTETS = 1024;

/** A view of ranges in an input. */
export class Part implements ParsedEntity {
  readonly #input: ScannedInput;
  readonly #ranges: PartRanges;
  readonly #fallback: ContentType;
  #headers: ParsedHeaders | undefined;
  #contentType: ContentType | undefined;
  /** `null` when there is none. */
  #disposition: Disposition | null | undefined;
  #encoding: string | undefined;
  #parts: readonly Part[] | undefined;
  #problems: readonly MimeProblem[] | undefined;
  #message: ParsedEntity | undefined;

  constructor(input: ScannedInput, ranges: PartRanges, fallback: ContentType = TEXT_PLAIN) {
    this.#input = input;
    this.#ranges = ranges;
    this.#fallback = fallback;
  }

  get headers(): ParsedHeaders {
    this.#headers ??= this.#readHeaders();
    return this.#headers;
  }

  get contentType(): ContentType {
    this.#contentType ??= this.#ranges.multipart ?? this.#readContentType();
    return this.#contentType;
  }

  get disposition(): Disposition | undefined {
    if (this.#disposition === undefined) {
      const raw = this.headers.raw('Content-Disposition');
      const read = raw === undefined ? undefined : readDisposition(raw, this.#input.rules);
      this.#disposition = read ?? null;
    }
    return this.#disposition ?? undefined;
  }

  get encoding(): string {
    this.#encoding ??= readEncoding(this.headers.raw('Content-Transfer-Encoding') ?? '') || '7bit';
    return this.#encoding;
  }

  get cid(): string | undefined {
    return readContentId(this.headers.raw('Content-ID') ?? '');
  }

  get filename(): string | undefined {
    return (
      this.disposition?.parameters.get('filename') ||
      this.contentType.parameters.get('name') ||
      undefined
    );
  }

  get parts(): readonly Part[] {
    this.#parts ??= this.#ranges.parts.map(
      (ranges) =>
        new Part(
          this.#input,
          ranges,
          this.contentType.subtype === 'digest' ? MESSAGE_RFC822 : TEXT_PLAIN,
        ),
    );
    return this.#parts;
  }

  get preamble(): Uint8Array {
    const { multipart, headerEnd, preambleEnd, end } = this.#ranges;
    return this.source.read(headerEnd, multipart ? (preambleEnd ?? end) : headerEnd);
  }

  get epilogue(): Uint8Array {
    const { epilogueStart, end } = this.#ranges;
    return this.source.read(epilogueStart ?? end, end);
  }

  get raw(): Uint8Array {
    return this.source.read(this.#ranges.headerEnd, this.#ranges.end);
  }

  get rawSize(): number {
    return this.#ranges.end - this.#ranges.headerEnd;
  }

  get source(): ByteSource {
    return this.#input.source;
  }

  get range(): PartRange {
    const { start, headerEnd, end } = this.#ranges;
    return { start, headerEnd, end };
  }

  get problems(): readonly MimeProblem[] {
    this.#problems ??= this.#findProblems();
    return this.#problems;
  }

  content(): Uint8Array {
    const { headerEnd, end } = this.#ranges;
    return this.#isEncoded ? readDecoded(this.source, headerEnd, end, this.encoding) : this.raw;
  }

  stream(): AsyncIterable<Uint8Array> {
    const { headerEnd, end } = this.#ranges;
    if (!this.#isEncoded) return this.rawStream();
    return streamDecoded(this.source, headerEnd, end, this.encoding);
  }

  pass(): AsyncIterable<Uint8Array> {
    const { headerEnd, end } = this.#ranges;
    if (!this.#isEncoded) return this.source.pass(headerEnd, end);
    return passDecoded(this.source, headerEnd, end, this.encoding);
  }

  rawStream(): AsyncIterable<Uint8Array> {
    return this.source.stream(this.#ranges.headerEnd, this.#ranges.end);
  }

  text({ maxChars = Number.POSITIVE_INFINITY }: TextLimit = {}): string {
    const { headerEnd } = this.#ranges;
    const needed = Math.min(this.rawSize, maxChars * MOST_OCTETS_OF_CHAR + LINE_OCTETS);
    // No content is longer than its body.
    enforceLimit('textBytes', needed, 'The text of a part');
    const { contentType, encoding } = this;
    const read = (): Uint8Array => this.source.read(headerEnd, headerEnd + needed);
    const isLarge = needed === this.rawSize && needed > PIECE_BYTES;
    const content = isLarge
      ? this.content()
      : this.#isEncoded
        ? passContent(read(), encoding)
        : read();
    const { rules } = this.#input;
    let text = decodeText(content, contentType, rules);
    if (encoding === 'base64' && text.includes('\ufffd')) {
      const body = read();
      if (isPlainWords(body)) text = decodeText(body, contentType, rules);
    }
    return text.length > maxChars ? text.slice(0, maxChars) : text;
  }

  message(): ParsedEntity | undefined {
    const { value } = this.contentType;
    if (value !== 'message/rfc822' && value !== 'message/global') return undefined;
    const { headerEnd, end } = this.#ranges;
    this.#message ??= this.#input.parseNested(
      this.#isEncoded ? memorySource(this.content()) : rangeSource(this.source, headerEnd, end),
    );
    return this.#message;
  }

  *leaves(): Iterable<ParsedEntity> {
    if (this.parts.length === 0) yield this;
    for (const part of this.parts) yield* part.leaves();
  }

  // RFC 2045 section 6.4: what is said of a multipart is not true of it.
  get #isEncoded(): boolean {
    return this.#ranges.parts.length === 0 && isEncoded(this.encoding);
  }

  #readHeaders(): ParsedHeaders {
    const { raw, fields } = this.#ranges.header ?? readHeaderAgain(this.#input, this.#ranges);
    return new HeaderBlock(raw, this.#ranges.start, fields, this.#input.rules);
  }

  #readContentType(): ContentType {
    const raw = this.headers.raw('Content-Type');
    return (
      (raw === undefined ? undefined : readContentType(raw, this.#input.rules)) ?? this.#fallback
    );
  }

  #findProblems(): readonly MimeProblem[] {
    const { start, end } = this.#ranges;
    const { structure, lines, rules } = this.#input;
    const log = new ProblemLog(lines, rules.limits.problems);
    for (const { code, offset } of structure) {
      if (offset >= start && offset <= end) log.add(code, offset);
    }
    for (const part of everyPart(this)) findPartProblems(part, log, rules);
    return log.found.sort((a, b) => a.offset - b.offset);
  }
}

function* everyPart(part: ParsedEntity): Iterable<ParsedEntity> {
  yield part;
  for (const inner of part.parts) yield* everyPart(inner);
}
