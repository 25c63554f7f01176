/**
 * The MIME tree under a message (RFC 2045 to 2049, 2231, 5322, 6532): addresses, header fields, the
 * writer, the reader. Takes and gives bytes; knows no wire and no disk. @module
 */
// What everything is read from.
export type { ByteSource } from '../base/internal.ts';
// Addresses.
export type { AddressInput } from './address.ts';
export { MailAddress, MailGroup } from './address.ts';
export { mailboxesOf, parseAddressList } from './address-list.ts';
// Header fields.
export { addressField } from './fields/address-field.ts';
export { formatDate } from './fields/date.ts';
export type { HeaderField, HeaderOptions } from './fields/header-field.ts';
export { parameterField, rawField, tokensField } from './fields/structured.ts';
export { unstructuredField } from './fields/unstructured.ts';
// Reading.
export type { ContentType, Disposition } from './reader/content-type.ts';
export type { Decomposition } from './reader/decompose.ts';
export { decompose } from './reader/decompose.ts';
export type { MessageBodies } from './reader/message-bodies.ts';
export { joinTexts, messageBodies } from './reader/message-bodies.ts';
export { parseEntity, readEntity } from './reader/parse-entity.ts';
export type { ParseLimits, ParseOptions } from './reader/parse-options.ts';
export type { ParsedEntity, PartRange, TextLimit } from './reader/parsed-entity.ts';
export type { ParsedField, ParsedHeaders } from './reader/parsed-headers.ts';
export type { MimeProblem, ProblemCode } from './reader/problem.ts';
export type { AddressListReading } from './reader/read-address-list.ts';
export { readAddressList } from './reader/read-address-list.ts';
export { readDate } from './reader/read-date.ts';
export type {
  DelimiterEvent,
  EndEvent,
  FieldSpan,
  HeaderEvent,
  PartEvent,
  ProblemEvent,
  ScanEvent,
} from './reader/scan-event.ts';
export { MimeScanner } from './reader/scanner.ts';
export { startOfText } from './reader/text-start.ts';
// Writing.
export { makeBoundary } from './writer/boundary.ts';
export type {
  BytesBody,
  Entity,
  EntityBody,
  MessageBody,
  MultipartBody,
  Rendered,
  RenderOptions,
  Segment,
  SegmentSource,
  StreamBody,
  TextBody,
} from './writer/entity.ts';
export { render } from './writer/render.ts';
