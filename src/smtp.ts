/**
 * SMTP (RFC 5321): the client that takes messages, and the connection underneath it for protocol work. @module
 */
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
  RawContent,
  Sendable,
  SendForwardOptions,
  SendOptions,
  SendRawOptions,
  SendReceipt,
  SmtpClientOptions,
} from './client/index.ts';
export { SmtpClient } from './client/index.ts';
export * from './smtp/index.ts';
