// The events that tell what became of a message.
import { type EventListener, PosthornError } from '../base/index.ts';
import { emit, isHeard } from '../base/internal.ts';
import type { SendReceipt } from './transport.ts';

/** Tells that a server took a message. */
export function tellSent(
  listener: EventListener | undefined,
  receipt: SendReceipt,
  connectionId: number,
): void {
  if (!isHeard(listener, 'sent')) return;
  const { messageId, accepted, size, durationMs } = receipt;
  const at = new Date();
  emit(listener, { type: 'sent', at, connectionId, messageId, accepted, size, durationMs });
}

/** Tells that a message failed; faults of the program are its own business. */
export function tellFailed(
  listener: EventListener | undefined,
  error: unknown,
  connectionId: number,
): void {
  if (!(error instanceof PosthornError)) return;
  emit(listener, { type: 'failed', at: new Date(), connectionId, error });
}
