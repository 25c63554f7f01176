// Rows of the database as the outbox knows them.
import type { Claim, Entry, EntryState, Interruption } from '../store.ts';

/** A row of `outbox_entry`; 64-bit integers come as text. */
export interface EntryRow {
  readonly id: string;
  readonly key: string | null;
  readonly priority: number;
  readonly state: string;
  readonly due_at: string | null;
  readonly created_at: string;
  readonly settled_at: string | null;
  readonly version: string;
  readonly record: string;
  readonly lease_worker: string | null;
  readonly lease_at: string | null;
  readonly lease_until: string | null;
  readonly mark: string | null;
}

/** A row as a claim finds it: what it was before, and its new version. */
export interface ClaimRow extends EntryRow {
  readonly content: Buffer | null;
  readonly new_version: string | null;
  readonly now_ms: string;
}

/** The server's clock. */
export const NOW = 'floor(extract(epoch from clock_timestamp()) * 1000)::bigint';

/** Text as PostgreSQL takes it: it has no NUL. */
export const textOf = (text: string): string => text.replaceAll('\0', '\ufffd');

const numberOf = (text: string | null): number | undefined =>
  text === null ? undefined : Number(text);

/** The columns of an {@link EntryRow}. */
export const ENTRY_COLUMNS =
  'id, key, priority, state, due_at, created_at, settled_at, version, record, lease_worker, lease_at, lease_until, mark';

/** The entry of a row. */
export function entryOf(row: EntryRow): Entry {
  const { lease_worker: worker } = row;
  return {
    id: row.id,
    key: row.key ?? undefined,
    priority: row.priority,
    state: worker === null ? (row.state as EntryState) : 'sending',
    dueAt: numberOf(row.due_at),
    createdAt: Number(row.created_at),
    settledAt: numberOf(row.settled_at),
    version: Number(row.version),
    record: row.record,
    lease:
      worker === null
        ? undefined
        : {
            worker,
            claimedAt: Number(row.lease_at),
            until: Number(row.lease_until),
            mark: row.mark ?? undefined,
          },
  };
}

/** The claim of a row that was leased just now. */
export function claimOf(row: ClaimRow): Claim {
  const { content } = row;
  return {
    id: row.id,
    version: Number(row.new_version),
    priority: row.priority,
    claimedAt: Number(row.now_ms),
    record: row.record,
    content: content ?? undefined,
    interruption: interruptionOf(row),
  };
}

function interruptionOf(row: ClaimRow): Interruption | undefined {
  const { lease_worker: worker, mark } = row;
  if (worker === null) return undefined;
  return { worker, claimedAt: Number(row.lease_at), mark: mark ?? undefined };
}
