// The events of an attempt that is over and noted.
import type { RecipientFailure } from '../../../base/index.ts';
import type { FailureClass } from '../classification.data.ts';
import type { Teller } from '../outbox-events.ts';
import type { OutboxState, StoredRecord } from '../record.ts';
import type { AttemptEnd } from './attempt.ts';

/** How many recipients came to each end. */
export interface Tally {
  sent: number;
  deferred: number;
  failed: number;
  unknown: number;
}

/** Tells what became of the recipients, and counts them. */
export function tellOutcome(teller: Teller, id: string, end: AttemptEnd, tally: Tally): void {
  const { record, before, damage } = end;
  if (damage) teller.tell('damaged', () => ({ id, error: damage }));
  if (!record || !before) return;
  const places = changedPlaces(before, record, end);
  const of = (state: OutboxState): number[] =>
    places.filter((place) => record.recipients[place]?.state === state);
  const { messageId } = record;
  const names = (some: readonly number[]): string[] =>
    some.map((place) => record.recipients[place]?.address ?? '');
  const sent = of('sent');
  if (sent.length > 0) {
    tally.sent += sent.length;
    const { durationMs, judgement } = end;
    const queueId = judgement?.attempt.queueId;
    teller.tell('sent', () => ({ id, messageId, recipients: names(sent), durationMs, queueId }));
  }
  const deferred = of('deferred');
  if (deferred.length > 0) {
    tally.deferred += deferred.length;
    teller.tell('deferred', () => ({
      id,
      messageId,
      recipients: names(deferred),
      retryAt: new Date(
        Math.min(...deferred.map((place) => record.recipients[place]?.retryAt ?? 0)),
      ),
      class: classOf(end),
      error: end.error,
    }));
  }
  for (const state of ['failed', 'expired', 'unknown'] as const) {
    const ended = of(state);
    if (ended.length === 0) continue;
    tally[state === 'unknown' ? 'unknown' : 'failed'] += ended.length;
    teller.tell(state, () => ({
      id,
      messageId,
      recipients: names(ended),
      rejected: rejectedOf(record, ended),
      error: end.error,
    }));
  }
}

function changedPlaces(
  before: StoredRecord,
  record: StoredRecord,
  { judgement }: AttemptEnd,
): number[] {
  const tried = new Set(judgement?.fates.map(({ recipient }) => recipient));
  return record.recipients.flatMap(({ state }, place) =>
    tried.has(place) || before.recipients[place]?.state !== state ? [place] : [],
  );
}

function classOf({ judgement }: AttemptEnd): FailureClass {
  return judgement?.attempt.class ?? 'deferred';
}

function rejectedOf(record: StoredRecord, places: readonly number[]): RecipientFailure[] {
  return places.flatMap((place) => {
    const { address, outcome } = record.recipients[place] ?? {};
    return address !== undefined && outcome?.reply ? [{ address, reply: outcome.reply }] : [];
  });
}
