// From what a connection reports to what a caller is given; a message may have needed more than one connection.
import type { PosthornError } from '../base/index.ts';
import type { DeliveryReport, SmtpConnection } from '../smtp/index.ts';
import type { SendReceipt } from './transport.ts';
import type { Delivery } from './wire-content.ts';

/** When a call began. */
export interface Start {
  readonly at: Date;
  /** The same on the monotonic clock. */
  readonly clock: number;
}

/** The receipt of one delivery. */
export function receiptOf(
  delivery: Delivery,
  report: DeliveryReport,
  connection: SmtpConnection,
  start: Start,
): SendReceipt {
  const { envelope } = delivery;
  return {
    messageId: delivery.messageId(),
    envelope: { from: envelope.from, to: [...envelope.to] },
    ...report,
    startedAt: start.at,
    durationMs: performance.now() - start.clock,
    server: connection.server,
  };
}

/** The recipients that another connection may reach: nothing has been said to the server about them. */
export function leftOver({ unsettled }: SendReceipt): string[] {
  return unsettled.filter(({ error }) => mayTryAgain(error)).map(({ address }) => address);
}

function mayTryAgain({ code, delivered, retryable }: PosthornError): boolean {
  return code === 'CONNECTION_CLOSED' && delivered === 'no' && retryable;
}

/** One receipt of two: `later` has settled those that were left over. */
export function joinReceipts(earlier: SendReceipt, later: SendReceipt): SendReceipt {
  return {
    ...earlier,
    accepted: [...earlier.accepted, ...later.accepted],
    rejected: [...earlier.rejected, ...later.rejected],
    unsettled: [...settledBy(earlier), ...later.unsettled],
    durationMs: later.durationMs,
  };
}

/** The receipt when the next connection failed as well. */
export function withFailure(receipt: SendReceipt, error: PosthornError): SendReceipt {
  const open = leftOver(receipt).map((address) => ({ address, error }));
  return { ...receipt, unsettled: [...settledBy(receipt), ...open] };
}

function settledBy({ unsettled }: SendReceipt): SendReceipt['unsettled'] {
  return unsettled.filter(({ error }) => !mayTryAgain(error));
}
