// What the scanner reports. Offsets are absolute: octets from the start of the input.
import type { ContentType } from './content-type.ts';
import type { ProblemCode } from './problem.ts';

/** Where one header field stands in the header block that holds it, in octets from the block's start. */
export interface FieldSpan {
  /** The first octet of the name. */
  readonly start: number;
  /** The colon. */
  readonly colon: number;
  /** The octet after the value, without the line end that closes it. */
  readonly end: number;
}

/** A part begins: its header, or its body when it has no header. */
export interface PartEvent {
  readonly type: 'part';
  /** The part's first octet. */
  readonly offset: number;
}

/** A part's header block is complete and its body begins. */
export interface HeaderEvent {
  readonly type: 'header';
  /** The first octet of the block. */
  readonly offset: number;
  /** The first octet of the body: the one after the empty line. */
  readonly end: number;
  /** The block as it came, with the empty line. */
  readonly raw: Uint8Array;
  /** The fields found in it, in their order. */
  readonly fields: readonly FieldSpan[];
  /** The media type, when the body will be cut into parts; `undefined` when it is kept whole. */
  readonly multipart: ContentType | undefined;
}

/** A boundary delimiter line (RFC 2046 section 5.1.1) with the line end before it, which belongs to it. */
export interface DelimiterEvent {
  readonly type: 'delimiter';
  /** The first octet: the line end before the dashes, when there is one. */
  readonly offset: number;
  /** The octet after the delimiter's own line end. */
  readonly end: number;
  /** Whether it is the last delimiter of its multipart. */
  readonly closing: boolean;
}

/** The innermost part that is open ends. */
export interface EndEvent {
  readonly type: 'end';
  /** The octet after its body. */
  readonly offset: number;
}

/** The input deviates from the standards. */
export interface ProblemEvent {
  readonly type: 'problem';
  /** What is wrong. */
  readonly code: ProblemCode;
  /** Where. */
  readonly offset: number;
}

/** What {@link MimeScanner} reports. */
export type ScanEvent = PartEvent | HeaderEvent | DelimiterEvent | EndEvent | ProblemEvent;
