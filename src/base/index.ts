/** Errors, limits and events: what every room speaks in. @module */
export type { ErrorCode } from './error-codes.ts';
export type {
  CertificateSummary,
  Delivered,
  DiscoveryAttempt,
  ErrorContext,
  RecipientFailure,
  TemplatePlace,
  TlsErrorContext,
  TlsReason,
  UnsettledRecipient,
} from './errors.ts';
export {
  AuthenticationError,
  ConnectionError,
  DiscoveryError,
  FormatError,
  InvalidAddressError,
  InvalidMessageError,
  LimitError,
  MissingDependencyError,
  OptionError,
  OutboxError,
  PosthornError,
  ProtocolError,
  RecipientsError,
  SmtpReplyError,
  TemplateError,
  TimeoutError,
  TlsError,
} from './errors.ts';
export type { EventListener, PosthornEvent } from './events.ts';
export type { Limits } from './limits.ts';
export { limits } from './limits.ts';
export { printable } from './printable.ts';
export type { SmtpReply, Stage } from './smtp-reply.ts';
