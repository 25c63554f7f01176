// A part of a message that was read, as its users see it.
import type { ByteSource } from '../../base/internal.ts';
import type { ContentType, Disposition } from './content-type.ts';
import type { ParsedHeaders } from './parsed-headers.ts';
import type { MimeProblem } from './problem.ts';

/** Where a part stands in the octets that were parsed; offsets from their start. */
export interface PartRange {
  /** The first octet of the header. */
  readonly start: number;
  /** The first octet of the body: the one after the empty line. */
  readonly headerEnd: number;
  /** The octet after the body; the line end before a boundary belongs to the boundary. */
  readonly end: number;
}

/** How much of a text is wanted. */
export interface TextLimit {
  /** UTF-16 units of the text, from its beginning. Default: all. */
  readonly maxChars?: number;
}

/** A MIME entity that was read (RFC 2045 section 2.4). Everything is worked out when it is asked for. */
export interface ParsedEntity {
  /** The header. */
  readonly headers: ParsedHeaders;
  /** The media type; text/plain when there is none that can be read, message/rfc822 in a digest. */
  readonly contentType: ContentType;
  /** What Content-Disposition says; `undefined` when there is none. */
  readonly disposition: Disposition | undefined;
  /** The transfer encoding, in lower case; `'7bit'` when none is given. */
  readonly encoding: string;
  /** The Content-ID without angle brackets. */
  readonly cid: string | undefined;
  /** The file name, from Content-Disposition or else Content-Type. As the sender wrote it: not safe as a path. */
  readonly filename: string | undefined;
  /** The parts of a multipart; empty for anything else. A message in a message is not a part: see `message()`. */
  readonly parts: readonly ParsedEntity[];
  /** What stands in a multipart before its first boundary (RFC 2046 section 5.1.1); empty for anything else. */
  readonly preamble: Uint8Array;
  /** What stands in a multipart after its last boundary; empty for anything else. */
  readonly epilogue: Uint8Array;
  /** The body as transmitted. @throws {LimitError} `rangeBytes`: it is too long for one array. */
  readonly raw: Uint8Array;
  /** Octets of the body as transmitted; nothing is read for it. */
  readonly rawSize: number;
  /** The octets that were parsed: of the whole input, not of this part alone. */
  readonly source: ByteSource;
  /** Where the part stands in `source`. */
  readonly range: PartRange;
  /** What deviates from the standards in this part and its parts, in the order of the input. */
  readonly problems: readonly MimeProblem[];
  /**
   * The body with its transfer encoding undone, octet for octet; decoded anew at each call.
   * @throws {LimitError} `rangeBytes`: it is too long for one array; see `stream`.
   */
  content(): Uint8Array;
  /** The same piece by piece, in memory that does not grow with the part; the pieces are the caller's. */
  stream(): AsyncIterable<Uint8Array>;
  /** As `stream`, for whoever is done with a piece before asking for the next: its memory may be written over then. */
  pass(): AsyncIterable<Uint8Array>;
  /** The body as transmitted, piece by piece as `stream` gives its content. */
  rawStream(): AsyncIterable<Uint8Array>;
  /**
   * The content as text, with its charset decoded and LF as line end; soft breaks of format=flowed are joined.
   * With `maxChars` no more than so many UTF-16 units of it, and no more is decoded than they take.
   * @throws {LimitError} `textBytes`: it is too long for one string.
   */
  text(options?: TextLimit): string;
  /**
   * The message that a message/rfc822 or message/global part holds; `undefined` for other types.
   * Its offsets count from the start of this part's content.
   * @throws {LimitError} past `depth` messages inside each other, and as `parseEntity` does.
   */
  message(): ParsedEntity | undefined;
  /** Every part that has no parts, in the order of the input; a multipart in which none was found is one too. */
  leaves(): Iterable<ParsedEntity>;
}
