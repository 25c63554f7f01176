/** What other roads than SMTP need to be transports of the same kind; never exported from the package. @module */
export { withReports } from './dsn-options.ts';
export { aborted, clientClosed } from './failures.ts';
export type { Hand, LocalParcel } from './local-road.ts';
export { LocalRoad } from './local-road.ts';
export { checkDelivery, outgoing } from './outgoing.ts';
export { joinReceipts, leftOver, withFailure } from './receipts.ts';
export type { SendCall } from './send-call.ts';
export { readCall } from './send-call.ts';
