// Hashes of Redis as the outbox knows them.
import type { Claim, Entry, EntryState } from '../store.ts';

/** What a hash of an entry holds, content left out. */
export const ENTRY_FIELDS = [
  'key',
  'priority',
  'state',
  'dueAt',
  'createdAt',
  'settledAt',
  'version',
  'record',
  'leaseWorker',
  'leaseAt',
  'leaseUntil',
  'mark',
] as const;

type Reply = readonly (string | null)[];

const numberOf = (text: string | null | undefined): number | undefined =>
  text === null || text === undefined ? undefined : Number(text);

/** The entry of the fields {@link ENTRY_FIELDS}; `undefined` when there is none. */
export function entryOf(id: string, fields: Reply): Entry | undefined {
  const [
    key,
    priority,
    state,
    dueAt,
    createdAt,
    settledAt,
    version,
    record,
    worker,
    at,
    until,
    mark,
  ] = fields;
  if (state === null || state === undefined) return undefined;
  const isLeased = worker !== null && worker !== undefined;
  return {
    id,
    key: key ?? undefined,
    priority: Number(priority),
    state: isLeased ? 'sending' : (state as EntryState),
    dueAt: numberOf(dueAt),
    createdAt: Number(createdAt),
    settledAt: numberOf(settledAt),
    version: Number(version),
    record: record ?? '',
    lease: isLeased
      ? { worker, claimedAt: Number(at), until: Number(until), mark: mark ?? undefined }
      : undefined,
  };
}

/** What the script that claims says of one entry. */
export interface ClaimReply {
  readonly id: string;
  /** The server's clock. */
  readonly now: number;
  /** When it is to be looked at again; `undefined` when never. */
  readonly at: number | undefined;
  readonly priority: number;
  /** Since when it was due. */
  readonly dueAt: number;
  /** `undefined` when it could not be claimed. */
  readonly claim: Claim | undefined;
}

/** Reads one reply of the script that claims. */
export function claimReplyOf(reply: readonly (Buffer | null)[]): ClaimReply {
  const text = (at: number): string | undefined => reply[at]?.toString('utf8');
  const id = text(0) ?? '';
  const now = Number(text(1));
  const version = text(2) ?? '';
  const due = text(3) ?? '';
  const priority = Number(text(4) ?? 0);
  const at = due === '' ? undefined : Number(due);
  if (version === '') return { id, now, at, priority, dueAt: 0, claim: undefined };
  const worker = text(7);
  return {
    id,
    now,
    at,
    priority,
    dueAt: Number(text(10)),
    claim: {
      id,
      version: Number(version),
      priority,
      claimedAt: now,
      record: text(5) ?? '',
      content: reply[6] ?? undefined,
      interruption:
        worker === undefined ? undefined : { worker, claimedAt: Number(text(8)), mark: text(9) },
    },
  };
}
