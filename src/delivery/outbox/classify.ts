// From a failure to its class, by the table.
import type { SmtpReply } from '../../base/index.ts';
import { CLASS_TABLE, type ClassRow, type FailureClass } from './classification.data.ts';
import type { FailureFacts } from './types.ts';

/** What kind of failure it is. */
export function classOf(failure: FailureFacts): FailureClass {
  return CLASS_TABLE.find((row) => fits(row, failure))?.class ?? 'transient';
}

function fits(row: ClassRow, { error, reply, stage }: FailureFacts): boolean {
  const { errors, delivered, replies, enhanced, stages } = row;
  if (delivered !== undefined && error?.delivered !== delivered) return false;
  if (errors && !(error && errors.includes(error.code))) return false;
  if (stages && !(stage && stages.includes(stage))) return false;
  if (replies && !(reply && isOneOf(reply, replies))) return false;
  // RFC 3463 section 2: the class of the enhanced code is that of the reply; where it is another, the reply counts.
  if (enhanced && !enhanced.some((begin) => reply?.enhanced?.startsWith(begin))) return false;
  return true;
}

function isOneOf({ code }: SmtpReply, replies: NonNullable<ClassRow['replies']>): boolean {
  const digit = String(Math.floor(code / 100));
  return replies.some((one) => one === code || one === digit);
}
