// What a person may ask of a message that is in the outbox already, as functions on records.
import type { BounceReport } from '../../message/index.ts';
import type { StoredBounce, StoredRecipient, StoredRecord } from './record.ts';
import { apply, type Fate, isOpen } from './states.ts';

const LONGEST_DIAGNOSTIC = 500;
const CANCELLED = {
  code: 'OUTBOX_CANCELLED',
  message: 'The message was cancelled before a server took it',
};
const DROPPED = {
  code: 'OUTBOX_CANCELLED',
  message: 'It is not known whether it arrived, and it was decided not to send it again',
};

/** Everybody who has not got it is tried now; `undefined` when there is nobody. Those of whom nobody knows are not meant. */
export function retried(record: StoredRecord, now: number): StoredRecord | undefined {
  const isMeant = ({ state }: StoredRecipient): boolean => state !== 'sent' && state !== 'unknown';
  return anew(record, isMeant, now);
}

/** Those of whom nobody knows are sent it again; `undefined` when there is nobody. */
export function resent(record: StoredRecord, now: number): StoredRecord | undefined {
  return anew(record, ({ state }) => state === 'unknown', now);
}

/** Those of whom nobody knows are left alone for good; `undefined` when there is nobody. */
export function dropped(record: StoredRecord, now: number): StoredRecord | undefined {
  const recipients = record.recipients.map((one): StoredRecipient => {
    if (one.state !== 'unknown') return one;
    return { ...one, state: 'failed', outcome: DROPPED, isDropped: true, settledAt: now };
  });
  return record.recipients.some(({ state }) => state === 'unknown')
    ? { ...record, recipients }
    : undefined;
}

/** Nobody who has not got it gets it; `undefined` when there is nobody to spare. */
export function cancelled(record: StoredRecord, now: number): StoredRecord | undefined {
  const fates: Fate[] = [];
  for (const [recipient, one] of record.recipients.entries()) {
    if (isOpen(one)) fates.push({ recipient, state: 'failed', outcome: CANCELLED });
  }
  return fates.length === 0 ? undefined : apply(record, fates, now);
}

/** What a bounce says of each recipient, by the address as it was given and as the server had it, in lower case. */
export function bouncesOf(report: BounceReport, at: number): Map<string, StoredBounce> {
  const bounces = new Map<string, StoredBounce>();
  for (const recipient of report.recipients) {
    const { action, status, permanent: isPermanent, reason, diagnostic } = recipient;
    const text = diagnostic?.slice(0, LONGEST_DIAGNOSTIC);
    const bounce = { at, action, status, isPermanent, reason, ...(text && { diagnostic: text }) };
    const { address, originalRecipient, finalRecipient } = recipient;
    for (const name of [finalRecipient, address, originalRecipient]) {
      if (name !== undefined) bounces.set(name.toLowerCase(), bounce);
    }
  }
  return bounces;
}

/** What came back is noted with the recipients it is about; `undefined` when it is about none of them. */
export function bounced(
  record: StoredRecord,
  bounces: ReadonlyMap<string, StoredBounce>,
): StoredRecord | undefined {
  let isAny = false;
  const recipients = record.recipients.map((one): StoredRecipient => {
    const bounce = bounces.get(one.address.toLowerCase());
    if (!bounce) return one;
    isAny = true;
    return { ...one, bounce };
  });
  return isAny ? { ...record, recipients } : undefined;
}

function anew(
  record: StoredRecord,
  isMeant: (recipient: StoredRecipient) => boolean,
  now: number,
): StoredRecord | undefined {
  if (!record.recipients.some(isMeant)) return undefined;
  const recipients = record.recipients.map((one): StoredRecipient => {
    if (!isMeant(one)) return one;
    const { address, outcome, bounce } = one;
    return {
      address,
      state: 'queued',
      failures: 0,
      retryAt: now,
      ...(outcome && { outcome }),
      ...(bounce && { bounce }),
    };
  });
  const { expiresAt, ...rest } = record;
  // Its age counts anew: who asks for it wants it sent.
  return {
    ...rest,
    ...(expiresAt !== undefined && expiresAt > now && { expiresAt }),
    retriedAt: now,
    recipients,
  };
}
