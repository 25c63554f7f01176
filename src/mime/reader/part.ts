// The view of a part over its ranges.
import { decodeContent, decodeText } from './content.ts';
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
import type { ParsedEntity, PartRange } from './parsed-entity.ts';
import { HeaderBlock, type ParsedHeaders } from './parsed-headers.ts';
import { findContentProblems } from './part-problems.ts';
import { type MimeProblem, ProblemLog } from './problem.ts';
import type { PartRanges } from './scan-tree.ts';
import type { ScannedInput } from './scanned-input.ts';

/** A view of ranges in an input. */
export class Part implements ParsedEntity {
  readonly #input: ScannedInput;
  readonly #ranges: PartRanges;
  readonly #fallback: ContentType;
  #headers: ParsedHeaders | undefined;
  #contentType: ContentType | undefined;
  #parts: readonly Part[] | undefined;
  #problems: readonly MimeProblem[] | undefined;
  #message: ParsedEntity | undefined;

  constructor(input: ScannedInput, ranges: PartRanges, fallback: ContentType = TEXT_PLAIN) {
    this.#input = input;
    this.#ranges = ranges;
    this.#fallback = fallback;
  }

  get headers(): ParsedHeaders {
    const { header, start, fields } = this.#ranges;
    this.#headers ??= new HeaderBlock(header, start, fields, this.#input.rules);
    return this.#headers;
  }

  get contentType(): ContentType {
    this.#contentType ??= this.#ranges.multipart ?? this.#readContentType();
    return this.#contentType;
  }

  get disposition(): Disposition | undefined {
    const raw = this.headers.raw('Content-Disposition');
    return raw === undefined ? undefined : readDisposition(raw, this.#input.rules);
  }

  get encoding(): string {
    return readEncoding(this.headers.raw('Content-Transfer-Encoding') ?? '') || '7bit';
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

  get raw(): Uint8Array {
    return this.#input.bytes.subarray(this.#ranges.headerEnd, this.#ranges.end);
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
    return this.parts.length > 0 ? this.raw : decodeContent(this.raw, this.encoding);
  }

  text(): string {
    return decodeText(this.content(), this.contentType, this.#input.rules);
  }

  message(): ParsedEntity | undefined {
    const { value } = this.contentType;
    if (value !== 'message/rfc822' && value !== 'message/global') return undefined;
    this.#message ??= this.#input.parseNested(this.content());
    return this.#message;
  }

  *leaves(): Iterable<ParsedEntity> {
    if (this.parts.length === 0) yield this;
    for (const part of this.parts) yield* part.leaves();
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
    for (const part of everyPart(this)) findContentProblems(part, log, rules);
    return log.found.sort((a, b) => a.offset - b.offset);
  }
}

function* everyPart(part: ParsedEntity): Iterable<ParsedEntity> {
  yield part;
  for (const inner of part.parts) yield* everyPart(inner);
}
