// The tree a message is written from, and what the writer gives back. Types only.
import type { HeaderField, HeaderOptions } from '../fields/header-field.ts';

/** A MIME entity to be written (RFC 2045 section 2.4): a whole message or one part of it. */
export interface Entity {
  /** Every header field but Content-Transfer-Encoding, in order; the writer adds that one itself. */
  readonly fields: (options: HeaderOptions) => readonly HeaderField[];
  /** What stands under the header. */
  readonly body: EntityBody;
}

/** The body of an {@link Entity}; its kind decides which encodings are allowed. */
export type EntityBody = TextBody | BytesBody | StreamBody | MessageBody | MultipartBody;

/** Text in UTF-8; CR, LF and CRLF become CRLF, the encoding is chosen by content. */
export interface TextBody {
  readonly kind: 'text';
  /** The text. */
  readonly text: string;
  /** Whether to write it as format=flowed (RFC 3676); the Content-Type must say so. Default: `false`. */
  readonly flowed?: boolean;
}

/** Octets that come out as they went in: base64, or 7bit and 8bit when they are text that can travel so. */
export interface BytesBody {
  readonly kind: 'bytes';
  /** The octets. */
  readonly bytes: Uint8Array;
}

/** Octets that are read while the message is written, always as base64. */
export interface StreamBody {
  readonly kind: 'stream';
  /** Begins to read; called once for each time the message is written. */
  readonly open: () => AsyncIterable<Uint8Array>;
  /** How many octets it gives; `undefined` when that is not known beforehand. */
  readonly size: number | undefined;
}

/** A whole message inside this one (message/rfc822, RFC 2046 section 5.2.1). */
export interface MessageBody {
  readonly kind: 'message';
  /** The message as it stands in a file. */
  readonly bytes: Uint8Array;
}

/** Parts between boundaries (RFC 2046 section 5.1). */
export interface MultipartBody {
  readonly kind: 'multipart';
  /** The parts, at least one. */
  readonly parts: readonly Entity[];
  /**
   * The boundary that the Content-Type names. One of `=_` and 20 or more letters, digits, `-` and `_` is
   * taken to be random, as `makeBoundary` gives it; any other is refused when it occurs in a part.
   */
  readonly boundary: string;
}

/** What the server the message goes to offers. */
export interface RenderOptions {
  /** 8BITMIME (RFC 6152): text may be written as 8bit. Default: `false`. */
  readonly eightBit?: boolean;
  /** SMTPUTF8 (RFC 6531): headers are written in UTF-8. Default: `false`. */
  readonly utf8?: boolean;
}

/** A piece of a written message: octets, or a source of them. */
export type Segment = Uint8Array | SegmentSource;

/** A piece of a written message that is made while it is read. */
export interface SegmentSource {
  /** Octets it gives; `undefined` when that is not known beforehand. */
  readonly size: number | undefined;
  /** Begins to read. */
  readonly open: () => AsyncIterable<Uint8Array>;
  /** The same as {@link Rendered.pass} gives it. Default: as `open`. */
  readonly pass?: () => AsyncIterable<Uint8Array>;
  /** All of it at once; left out when it has to be waited for. */
  bytes?(): Uint8Array;
}

/** A message ready to go. What was composed has CRLF at the end of every line, and none over 998 octets. */
export interface Rendered {
  /** The message in order. */
  readonly segments: readonly Segment[];
  /** Octets of the whole message; `undefined` only when a stream's size is not known. */
  readonly size: number | undefined;
  /** Whether it holds octets over 0x7F, so that the server must offer 8BITMIME. */
  readonly eightBit: boolean;
  /** Whether its headers hold UTF-8, so that the server must offer SMTPUTF8. */
  readonly utf8: boolean;
  /** Whether every line ends in CRLF by construction; stored octets are not looked at for it. */
  readonly isCanonical: boolean;
  /**
   * The whole message in one array.
   *
   * @throws {@link OptionError} A part is a stream; use `chunks()`.
   */
  bytes(): Uint8Array;
  /**
   * The message piece by piece; streams are opened when their turn comes and closed when the reading stops.
   *
   * @throws {@link InvalidMessageError} `MESSAGE_CONTENT_FAILED`: a stream failed, or gave another
   * number of octets than it had declared.
   */
  chunks(): AsyncIterable<Uint8Array>;
  /**
   * The same as `chunks()` for whoever is done with each chunk before asking for the next: its memory may be
   * written over then. Large attachments take less time so, and no new memory as they go.
   */
  pass(): AsyncIterable<Uint8Array>;
}
