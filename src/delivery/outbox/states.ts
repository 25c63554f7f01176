// The meaning of the outbox, as functions on records: what a claim, an attempt, a crash or a person's word makes of the
// recipients of a message. No clock and no store here. Whoever has the message never gets it again.
import type {
  DeliveryMode,
  DotMark,
  OutboxState,
  StoredAttempt,
  StoredOutcome,
  StoredRecipient,
  StoredRecord,
  StoredResult,
} from './record.ts';
import type { Change, Interruption } from './store.ts';

// The most pressing first.
const BY_PRESSURE: readonly OutboxState[] = [
  'queued',
  'deferred',
  'unknown',
  'failed',
  'expired',
  'sent',
];
// Attempts that are kept: the first, and the last hundred.
const KEPT_ATTEMPTS = 100;
// Workers that may end in a row with the same message until it has to wait, and how long it waits then.
const MOST_INTERRUPTIONS = 5;
const FIRST_REST_MS = 10_000;
const LONGEST_REST_MS = 3_600_000;

/** Whether somebody still has to be tried. */
export function isOpen({ state }: StoredRecipient): boolean {
  return state === 'queued' || state === 'deferred';
}

/** The state of the whole message. */
export function stateOf({ recipients }: StoredRecord): OutboxState {
  const [first] = recipients;
  if (recipients.length === 1 && first) return first.state;
  return BY_PRESSURE.find((state) => recipients.some((one) => one.state === state)) ?? 'sent';
}

/** When the message is to be looked at next; `undefined` when there is nothing left to do. */
export function dueAtOf({
  recipients,
  sendAt,
  expiresAt,
  enqueuedAt,
}: StoredRecord): number | undefined {
  let due = Infinity;
  for (const recipient of recipients) {
    if (!isOpen(recipient)) continue;
    due = Math.min(due, recipient.retryAt ?? sendAt ?? enqueuedAt);
  }
  if (due === Infinity) return undefined;
  return expiresAt === undefined ? due : Math.min(due, expiresAt);
}

/** What the store is told of a record that was changed. */
export function changeOf(record: StoredRecord, text: string, now: number): Change {
  const dueAt = dueAtOf(record);
  return {
    state: stateOf(record),
    dueAt,
    settledAt: dueAt === undefined ? now : undefined,
    record: text,
  };
}

/** What a claim came to. */
export interface TakenUp {
  readonly record: StoredRecord;
  /** Whom to send it to, by their places; empty when it is for nobody now. */
  readonly open: readonly number[];
  /** Whether one of them may have it already. */
  readonly isPossibleDuplicate: boolean;
  /** Whether the record is another than the one that was claimed. */
  readonly isChanged: boolean;
}

/** How a claim is taken up. */
export interface TakeUpRules {
  readonly now: number;
  readonly delivery: DeliveryMode;
  /** Recipients due that much later go along: one transaction instead of two. */
  readonly slackMs: number;
}

/** What has to be done now for a message that was claimed, after what its last worker may have left undone. */
export function takeUp(
  claimed: StoredRecord,
  interruption: Interruption | undefined,
  rules: TakeUpRules,
): TakenUp {
  const after = interruption ? recover(claimed, interruption, rules) : claimed;
  const record = expire(after, rules.now);
  const open: number[] = [];
  for (const [place, recipient] of record.recipients.entries()) {
    if (!isOpen(recipient)) continue;
    const due = recipient.retryAt ?? record.sendAt ?? 0;
    if (due <= rules.now + rules.slackMs) open.push(place);
  }
  return {
    record,
    open,
    isPossibleDuplicate: mayHaveIt(record, open),
    isChanged: record !== claimed,
  };
}

// Its worker ended without a word. Without a mark no server has the message (the last octet was never written).
function recover(record: StoredRecord, lost: Interruption, rules: TakeUpRules): StoredRecord {
  const mark = readMark(lost.mark);
  const accepted = new Set(mark?.accepted);
  const marked = mark?.recipients && new Set(mark.recipients);
  const results: StoredResult[] = [];
  let isUnknown = false;
  for (const [place, recipient] of record.recipients.entries()) {
    if (!isOpen(recipient)) continue;
    const isDue = (recipient.retryAt ?? record.sendAt ?? 0) <= lost.claimedAt + rules.slackMs;
    if (accepted.has(place)) results.push({ recipient: place, state: 'sent' });
    else if (mark && (marked ? marked.has(place) : isDue)) {
      isUnknown = true;
      const state = rules.delivery === 'at-most-once' ? 'unknown' : recipient.state;
      results.push({ recipient: place, state });
    } else if (isDue) results.push({ recipient: place, state: recipient.state });
  }
  const rest = restMs(record);
  const attempt: StoredAttempt = {
    at: lost.claimedAt,
    durationMs: Math.max(0, rules.now - lost.claimedAt),
    worker: lost.worker,
    transport: '',
    ...(isUnknown && { stage: 'final-reply' }),
    code: 'OUTBOX_INTERRUPTED',
    message: isUnknown
      ? 'The worker ended between the final dot and the reply: the message may be delivered or not'
      : 'The worker ended before the final dot: no server has the message',
    class: isUnknown ? 'unknown' : 'transient',
    delivered: isUnknown ? 'unknown' : accepted.size > 0 ? 'yes' : 'no',
    results,
  };
  const outcome = { code: 'OUTBOX_INTERRUPTED', message: attempt.message ?? '' };
  const fates = results.flatMap(({ recipient, state }): Fate[] => {
    if (state === 'sent') return [{ recipient, state }];
    if (state === 'unknown') return [{ recipient, state, outcome }];
    return rest > 0 ? [{ recipient, state: 'deferred', retryAt: rules.now + rest, outcome }] : [];
  });
  return withAttempt(apply(record, fates, rules.now), attempt);
}

// A message that ends its worker again and again must not end all of them.
function restMs({ attempts }: StoredRecord): number {
  let streak = 0;
  for (const { code } of attempts.toReversed()) {
    if (code !== 'OUTBOX_INTERRUPTED') break;
    streak += 1;
  }
  if (streak < MOST_INTERRUPTIONS) return 0;
  return Math.min(FIRST_REST_MS * 2 ** (streak - MOST_INTERRUPTIONS), LONGEST_REST_MS);
}

function readMark(note: string | undefined): DotMark | undefined {
  if (note === undefined) return undefined;
  try {
    const mark: unknown = JSON.parse(note);
    return typeof mark === 'object' && mark !== null ? mark : {};
  } catch {
    // Whatever it said, it was said: nobody may be left out.
    return {};
  }
}

// Who has not got it when `expiresAt` comes does not get it.
function expire(record: StoredRecord, now: number): StoredRecord {
  if (record.expiresAt === undefined || record.expiresAt > now) return record;
  const fates: Fate[] = [];
  for (const [place, recipient] of record.recipients.entries()) {
    if (!isOpen(recipient)) continue;
    const outcome = recipient.outcome ?? {
      code: 'OUTBOX_EXPIRED',
      message: 'Its time ran out before it was tried',
    };
    // Nobody knows of the last attempt, and that is what has to be said.
    const isUnknown = lastOf(record, place)?.delivered === 'unknown';
    fates.push({ recipient: place, state: isUnknown ? 'unknown' : 'expired', outcome });
  }
  return fates.length === 0 ? record : apply(record, fates, now);
}

/** The last attempt that a recipient was part of. */
export function lastOf({ attempts }: StoredRecord, place: number): StoredAttempt | undefined {
  return attempts.findLast(({ results }) => results.some(({ recipient }) => recipient === place));
}

function mayHaveIt({ attempts }: StoredRecord, open: readonly number[]): boolean {
  return attempts.some(
    ({ delivered, results }) =>
      delivered === 'unknown' &&
      results.some(({ recipient, state }) => state !== 'sent' && open.includes(recipient)),
  );
}

/** What becomes of one recipient. */
export interface Fate {
  readonly recipient: number;
  readonly state: Exclude<OutboxState, 'sending'>;
  readonly outcome?: StoredOutcome;
  /** For those that are deferred. */
  readonly retryAt?: number;
  /** Whether back-off counts it. */
  readonly isCounted?: boolean;
}

/** The record after an attempt. */
export function afterAttempt(
  record: StoredRecord,
  attempt: StoredAttempt,
  fates: readonly Fate[],
  now: number,
): StoredRecord {
  return withAttempt(apply(record, fates, now), attempt);
}

function withAttempt(record: StoredRecord, attempt: StoredAttempt): StoredRecord {
  const attempts = [...record.attempts, attempt];
  if (attempts.length <= KEPT_ATTEMPTS + 1) return { ...record, attempts };
  attempts.splice(1, 1);
  return { ...record, attempts, forgottenAttempts: (record.forgottenAttempts ?? 0) + 1 };
}

/** The record with these fates; those of recipients that have the message already are left out. */
export function apply(record: StoredRecord, fates: readonly Fate[], now: number): StoredRecord {
  if (fates.length === 0) return record;
  const recipients = [...record.recipients];
  for (const { recipient: place, state, outcome, retryAt, isCounted } of fates) {
    const before = recipients[place];
    if (!before || before.state === 'sent') continue;
    const isPending = state === 'queued' || state === 'deferred';
    recipients[place] = {
      address: before.address,
      state,
      failures: before.failures + (isCounted ? 1 : 0),
      ...(isPending && retryAt !== undefined && { retryAt }),
      ...(!isPending && { settledAt: now }),
      ...(outcome && { outcome }),
      ...(before.bounce && { bounce: before.bounce }),
    };
  }
  return { ...record, recipients };
}
