/**
 * Composing, sending and loading mail. Everything that is not needed for that loads on first use, or has a subpath of
 * its own. @module
 */
// Where tokens to log in with come from; `posthorn/auth` has providers.
export type { AccessToken, TokenProvider, TokenRequest } from './auth/index.ts';
// Errors, limits, events.
export type {
  CertificateSummary,
  Delivered,
  DiscoveryAttempt,
  ErrorCode,
  ErrorContext,
  EventListener,
  Limits,
  PosthornEvent,
  RecipientFailure,
  SmtpReply,
  Stage,
  TlsErrorContext,
  TlsReason,
  UnsettledRecipient,
} from './base/index.ts';
export {
  AuthenticationError,
  ConnectionError,
  DiscoveryError,
  FormatError,
  InvalidAddressError,
  InvalidMessageError,
  LimitError,
  limits,
  MissingDependencyError,
  OptionError,
  OutboxError,
  PosthornError,
  ProtocolError,
  RecipientsError,
  SmtpReplyError,
  TimeoutError,
  TlsError,
} from './base/index.ts';
// Sending.
export type {
  BulkFailure,
  BulkItem,
  BulkMessage,
  BulkMessages,
  BulkOptions,
  BulkOutcome,
  BulkProgress,
  BulkReport,
  BulkSendOptions,
  DeliverOptions,
  EnvelopeOptions,
  ForwardContent,
  KeptMessage,
  RawContent,
  Sendable,
  SendForwardOptions,
  SendOptions,
  SendRawOptions,
  SendReceipt,
  SendTarget,
  SmtpClientOptions,
  Transport,
} from './client/index.ts';
export { MemoryTransport, SmtpClient, send, sendSync } from './client/index.ts';
// Messages.
export type {
  AddressList,
  AttachmentInput,
  AttachmentOptions,
  AutoReply,
  BounceReason,
  BounceRecipient,
  BounceReport,
  ComposeOptions,
  ContentInput,
  ContentStream,
  DeliveryAction,
  Disposition,
  Envelope,
  FeedbackReport,
  ForwardAsAttachmentOptions,
  ForwardInlineOptions,
  HeadersInput,
  HeadFields,
  ListInfo,
  LoadOptions,
  MailReport,
  MessageFields,
  MessageFormat,
  MessageSource,
  Priority,
  ReceiptReport,
  ReplyOptions,
  SaveOptions,
  Sensitivity,
  Unsubscribe,
} from './message/index.ts';
export {
  AlternateView,
  Attachment,
  MailMessage,
  MessageHeaders,
  textFromHtml,
} from './message/index.ts';
// Addresses and what messages are read into.
export type {
  AddressInput,
  MimeProblem,
  ParsedEntity,
  ParseLimits,
  ParseOptions,
  ProblemCode,
  Rendered,
  RenderOptions,
} from './mime/index.ts';
export { MailAddress, MailGroup } from './mime/index.ts';
export type {
  DsnEvent,
  DsnOptions,
  FutureRelease,
  MailProtocol,
  RecipientDsn,
  Security,
  SendProgress,
  ServerInfo,
  SmtpCapabilities,
  SmtpLimits,
  TimeoutsMs,
} from './smtp/index.ts';
