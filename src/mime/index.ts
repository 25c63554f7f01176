/**
 * The MIME tree under a message (RFC 2045 to 2049, 2231, 5322, 6532): addresses, header fields, the
 * writer, the reader. Takes and gives bytes; knows no wire and no disk. @module
 */
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
// Reading.
