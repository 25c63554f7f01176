// Which report a message is, if it is one. The machine-readable parts decide; prose is looked at only when there
// are none and the header shows that a mail system may have written it.
import type { ParsedEntity } from '../../mime/index.ts';
import { readAutoReply } from './auto-reply.ts';
import { isDeliveryStatus, readDeliveryStatus } from './delivery-status.ts';
import { isFeedbackReport, readFeedback, readPlainComplaint } from './feedback.ts';
import { isReceipt, readReceipt } from './receipt.ts';
import type { BounceReport, MailReport } from './report.ts';
import { readSesNotification } from './ses-notification.ts';
import { readTextBounce } from './text-bounce.ts';

// A report has few parts; those of a message with more are not all looked at.
const MAX_LEAVES = 50;

/** The report that the message is; `undefined` for mail that a person wrote. Never throws on malformed mail. */
export function readReport(root: ParsedEntity): MailReport | undefined {
  const leaves = firstLeaves(root);
  if (leaves.some(isDeliveryStatus)) {
    const bounce = readDeliveryStatus(leaves);
    if (bounce) return bounce;
  }
  if (leaves.some(isFeedbackReport)) return readFeedback(leaves);
  if (leaves.some(isReceipt)) return readReceipt(leaves);
  const bounce = readTextBounce(root, leaves, readNested);
  return (
    bounce ?? readSesNotification(leaves) ?? readPlainComplaint(root, leaves) ?? readAutoReply(root)
  );
}

/** The report inside of one that tells nothing itself. */
function readNested(inner: ParsedEntity): BounceReport | undefined {
  const leaves = firstLeaves(inner);
  if (leaves.some(isDeliveryStatus)) return readDeliveryStatus(leaves);
  return readTextBounce(inner, leaves, () => undefined);
}

function firstLeaves(root: ParsedEntity): ParsedEntity[] {
  const leaves: ParsedEntity[] = [];
  for (const leaf of root.leaves()) {
    leaves.push(leaf);
    if (leaves.length === MAX_LEAVES) break;
  }
  return leaves;
}
