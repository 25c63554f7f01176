// Messages of the outbox as users see them, made from entries of the store.
import { readRecord } from './read-record.ts';
import type {
  OutboxState,
  StoredAttempt,
  StoredRecipient,
  StoredRecord,
  StoredResult,
} from './record.ts';
import { isOpen } from './states.ts';
import type { Entry } from './store.ts';
import type { OutboxAttempt, OutboxMessage, OutboxRecipient, OutboxResult } from './types.ts';

const date = (at: number | undefined): Date | undefined =>
  at === undefined ? undefined : new Date(at);

/** The message that an entry is of. One whose record can't be read has no recipients and the state `'damaged'`. */
export function viewOf(entry: Entry): OutboxMessage {
  try {
    return messageView(entry, readRecord(entry.record, entry.id));
  } catch {
    return damagedView(entry);
  }
}

/** The message of a record. */
export function messageView(
  entry: Omit<Entry, 'record' | 'version'>,
  record: StoredRecord,
): OutboxMessage {
  const addressOf = (place: number): string => record.recipients[place]?.address ?? '';
  const attempts = record.attempts.map((attempt) => attemptView(attempt, addressOf));
  const recipients = record.recipients.map((recipient, place) =>
    recipientView(recipient, stateNow(recipient, entry), () =>
      attempts.filter((_, index) =>
        record.attempts[index]?.results.some((result) => result.recipient === place),
      ),
    ),
  );
  return {
    id: entry.id,
    state: entry.state,
    messageId: record.messageId,
    subject: record.subject ?? '',
    envelope: { from: record.from, to: record.recipients.map(({ address }) => address) },
    size: record.size,
    priority: entry.priority,
    delivery: record.delivery,
    idempotencyKey: entry.key,
    metadata: record.metadata ?? {},
    enqueuedAt: new Date(record.enqueuedAt),
    sendAt: date(record.sendAt),
    expiresAt: date(record.expiresAt),
    dueAt: date(entry.dueAt),
    settledAt: date(entry.settledAt),
    recipients,
    attempts,
  };
}

function stateNow(recipient: StoredRecipient, { lease }: Pick<Entry, 'lease'>): OutboxState {
  if (!lease || !isOpen(recipient)) return recipient.state;
  return (recipient.retryAt ?? 0) <= lease.claimedAt ? 'sending' : recipient.state;
}

function recipientView(
  { address, retryAt, settledAt, outcome, bounce }: StoredRecipient,
  state: OutboxState,
  attempts: () => OutboxAttempt[],
): OutboxRecipient {
  return {
    address,
    state,
    retryAt: date(retryAt),
    settledAt: date(settledAt),
    outcome,
    bounce: bounce && { ...bounce, at: new Date(bounce.at) },
    attempts: attempts(),
  };
}

function attemptView(attempt: StoredAttempt, addressOf: (place: number) => string): OutboxAttempt {
  const { at, durationMs, worker, transport, delivered } = attempt;
  return {
    at: new Date(at),
    durationMs,
    worker,
    transport,
    host: attempt.host,
    port: attempt.port,
    stage: attempt.stage,
    reply: attempt.reply,
    code: attempt.code,
    message: attempt.message,
    class: attempt.class,
    delivered,
    isPossibleDuplicate: attempt.isPossibleDuplicate ?? false,
    queueId: attempt.queueId,
    results: attempt.results.map((result) => resultView(result, addressOf)),
  };
}

function resultView(
  { recipient, state, outcome }: StoredResult,
  addressOf: (place: number) => string,
): OutboxResult {
  return { address: addressOf(recipient), state, outcome };
}

function damagedView(entry: Entry): OutboxMessage {
  return {
    id: entry.id,
    state: 'damaged',
    messageId: '',
    subject: '',
    envelope: { from: '', to: [] },
    size: 0,
    priority: entry.priority,
    delivery: undefined,
    idempotencyKey: entry.key,
    metadata: {},
    enqueuedAt: new Date(entry.createdAt),
    sendAt: undefined,
    expiresAt: undefined,
    dueAt: date(entry.dueAt),
    settledAt: date(entry.settledAt),
    recipients: [],
    attempts: [],
  };
}
