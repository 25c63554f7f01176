/**
 * Sending messages: `SmtpClient` and `send` over SMTP (RFC 5321), `MemoryTransport` for tests, and the `Transport`
 * interface that every way of delivery has. @module
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
} from './bulk/types.ts';
export type { ForwardContent } from './forward.ts';
export type { KeptMessage } from './memory-transport.ts';
export { MemoryTransport } from './memory-transport.ts';
export type { SmtpClientOptions } from './options.ts';
export type { RawContent } from './raw-content.ts';
export type { SendTarget } from './send.ts';
export { send } from './send.ts';
export { sendSync } from './send-sync.ts';
export { SmtpClient } from './smtp-client.ts';
export type {
  DeliverOptions,
  EnvelopeOptions,
  Sendable,
  SendForwardOptions,
  SendOptions,
  SendRawOptions,
  SendReceipt,
  Transport,
} from './transport.ts';
