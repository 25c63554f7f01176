/**
 * Other roads for a message than SMTP, each a `Transport`, and the outbox: a durable queue.
 * @module
 */
export type { KeptMessage } from '../client/index.ts';
export { MemoryTransport } from '../client/index.ts';
export type { BreakerOptions } from './breaker.ts';
export { FailoverTransport } from './failover-transport.ts';
export type { LmtpTransportOptions } from './lmtp-transport.ts';
export { LmtpTransport } from './lmtp-transport.ts';
export type {
  FailureAction,
  FailureClass,
} from './outbox/classification.data.ts';
export type { OutboxListing } from './outbox/listing.ts';
export type { Resolution } from './outbox/outbox.ts';
export { Outbox } from './outbox/outbox.ts';
export type { DeliveryMode, OutboxState } from './outbox/record.ts';
export type { EntryState } from './outbox/store.ts';
export type {
  CircuitOptions,
  Enqueued,
  EnqueueOptions,
  FailureFacts,
  ListOptions,
  OutboxAttempt,
  OutboxEvent,
  OutboxMessage,
  OutboxOptions,
  OutboxOutcome,
  OutboxRecipient,
  OutboxResult,
  OutboxStats,
  RetentionOptions,
  RetryOptions,
  WorkerStats,
  WorkOptions,
} from './outbox/types.ts';
export type { OutboxWorker } from './outbox/worker/outbox-worker.ts';
export type { PickupDirectoryOptions } from './pickup-directory.ts';
export { PickupDirectory } from './pickup-directory.ts';
export type { PickupEnvelope } from './pickup-envelope.ts';
export type { PickupMessage } from './pickup-message.ts';
export type { RoadAttempt, RoadReceipt, RoadsOptions } from './roads.ts';
export { RoundRobinTransport } from './round-robin-transport.ts';
export type { SendmailTransportOptions } from './sendmail-transport.ts';
export { SendmailTransport } from './sendmail-transport.ts';
