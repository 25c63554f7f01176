// Status codes for reports that have none (RFC 3463).
import type { BounceReason } from './bounce-reason.ts';

const STATUS_OF_REASON: ReadonlyMap<BounceReason, string> = new Map<BounceReason, string>([
  ['unknown-user', '1.1'],
  ['unknown-host', '1.2'],
  ['mailbox-full', '2.2'],
  ['mailbox-disabled', '2.1'],
  ['moved', '1.6'],
  ['message-too-large', '3.4'],
  ['blocked', '7.1'],
  ['sender-refused', '1.8'],
  ['authentication', '7.26'],
  ['spam', '7.1'],
  ['virus', '7.1'],
  ['policy', '7.1'],
  ['content', '6.0'],
  ['rate-limited', '4.5'],
  ['relaying-denied', '7.1'],
  ['expired', '4.7'],
  ['network', '4.1'],
  ['loop', '4.6'],
  ['system', '3.0'],
  ['protocol', '5.0'],
]);

/** The status code for a reason; `x.0.0`, other or undefined status, when there is none for it. */
export function statusOfReason(firstFigure: '2' | '4' | '5', reason: BounceReason): string {
  return `${firstFigure}.${STATUS_OF_REASON.get(reason) ?? '0.0'}`;
}
