// What a store of the outbox has to provide, and nothing of what it means: it keeps records it does not look into, hands
// them out when they are due, and refuses the word of whoever has lost his lease. Types only.
import type { OutboxState } from './record.ts';

/** The state of a whole message: that of its recipient with the most to do; `'damaged'` when its record can't be read. */
export type EntryState = OutboxState | 'damaged';

/** Content to be stored, once. */
export interface NewContent {
  /** Pieces of any size, in order; read once. Bytes that are in memory anyway come as an array. */
  readonly chunks: AsyncIterable<Uint8Array> | readonly Uint8Array[];
}

/** A message to be stored. */
export interface NewEntry {
  /** Unique, and later ones sort behind earlier ones (UUID version 7). */
  readonly id: string;
  /** The caller's own key: of two entries with the same key, the second is not stored. */
  readonly key: string | undefined;
  /** The Message-ID, for looking up whom a bounce is about; `''` when it has none. */
  readonly messageId: string;
  /** From -9 to 9; higher ones are claimed first. */
  readonly priority: number;
  /** When it may be claimed. */
  readonly dueAt: number;
  readonly createdAt: number;
  readonly content: NewContent;
  /** The record; called once, when the content has been read to its end. */
  record(): string;
}

/** What became of `add`. */
export interface Added {
  /** The id of the entry, or of the one that has its key. */
  readonly id: string;
  /** Whether it was stored now. */
  readonly isNew: boolean;
}

/** How an entry is added. */
export interface AddOptions {
  /** The caller's own transaction, in the store's terms; the entry is there when that is committed. */
  readonly transaction?: unknown;
}

/** What a worker asks for. */
export interface ClaimRequest {
  /** Who asks; kept with the lease. */
  readonly worker: string;
  /** How many at most. */
  readonly limit: number;
  /** How long the lease is. */
  readonly leaseMs: number;
  /** Whether entries whose lease ran out are handed out; not for a while when the clock has jumped. */
  readonly takesOver: boolean;
}

/** A lease that ran out: its worker died or stalled. */
export interface Interruption {
  readonly worker: string;
  /** When it was claimed. */
  readonly claimedAt: number;
  /**
   * The last note of `mark` since the entry was settled last, of this worker or of one before it; `undefined` when there was
   * none, so that no server can have the message.
   */
  readonly mark: string | undefined;
}

/** An entry that a worker has. Nobody else has it until the lease runs out, and then this one's word is refused. */
export interface Claim {
  readonly id: string;
  /** The fencing token: every claim and every change has a higher one. */
  readonly version: number;
  readonly priority: number;
  readonly claimedAt: number;
  readonly record: string;
  /** The content, when it is small and came along; else see `content`. */
  readonly content: Uint8Array | undefined;
  readonly interruption: Interruption | undefined;
}

/** What an entry becomes; the lease and the mark end with it. */
export interface Change {
  readonly state: EntryState;
  /** When it may be claimed again; `undefined`: never by itself. */
  readonly dueAt: number | undefined;
  /** When nothing more was left to do; `undefined` while there is. */
  readonly settledAt: number | undefined;
  /** The new record; left out, it stays as it is. */
  readonly record?: string;
}

/** An entry as it is read. */
export interface Entry {
  readonly id: string;
  readonly key: string | undefined;
  readonly priority: number;
  /** `'sending'` while it is leased. */
  readonly state: EntryState;
  readonly dueAt: number | undefined;
  readonly createdAt: number;
  readonly settledAt: number | undefined;
  readonly version: number;
  readonly record: string;
  /** Who has it, also when the lease has run out and nobody has taken over yet. */
  readonly lease: Lease | undefined;
}

/** Who has an entry. */
export interface Lease {
  readonly worker: string;
  readonly claimedAt: number;
  readonly until: number;
  readonly mark: string | undefined;
}

/** Which entries are wanted; all conditions hold. */
export interface EntryQuery {
  /** Default: any. */
  readonly states?: readonly EntryState[];
  /** Default: any. */
  readonly key?: string;
  /** Default: any. */
  readonly messageId?: string;
  /** Only those with an id behind it. Default: from the first. */
  readonly after?: string;
  /** How many at most. */
  readonly limit: number;
}

/** What may be removed. */
export interface PruneRequest {
  readonly states: readonly EntryState[];
  /** Only what was settled before. */
  readonly settledBefore: number;
  /** How many at most, so that no transaction grows long. */
  readonly limit: number;
}

/** How many entries there are. */
export interface StoreCounts {
  readonly byState: ReadonlyMap<EntryState, number>;
  /** When the entry that waits longest was due; `undefined` when none is due. */
  readonly oldestDueAt: number | undefined;
}

/**
 * A place where messages are kept until they are delivered. Each method is one atomic step: after a crash it has happened
 * whole or not at all, and once its promise resolves it survives a crash and a loss of power. Steps may be called at the
 * same time and may share one commit. Whoever waits sees `PosthornError`s only.
 */
export interface OutboxStore {
  /** What it is called in logs, such as `'sqlite'`. */
  readonly name: string;
  /** Whether `add` takes a caller's own transaction. */
  readonly takesTransactions: boolean;
  /** Its clock: the server's where there is one, so that machines agree. */
  now(): number;
  /**
   * Stores a message. Content comes in pieces, and is never in memory whole when it comes as a stream; until the entry is
   * there nobody sees it, and when the source fails nothing is left. Refused (`OUTBOX_STORE_FULL`) before anything is
   * promised when there is no room.
   */
  add(entry: NewEntry, options?: AddOptions): Promise<Added>;
  /**
   * Hands out entries that are due, highest priority first, then the longest due, and leases them. An entry is handed out
   * to one worker only. One whose lease has run out is due again; its mark stays until it is settled or changed.
   */
  claim(request: ClaimRequest): Promise<readonly Claim[]>;
  /** Notes that the message is about to be the server's. `false`: the lease was lost, or the entry was taken away. */
  mark(claim: Claim, note: string): Promise<boolean>;
  /** Ends a lease with what came of it. `false`: the lease was lost, and nothing was changed. */
  settle(claim: Claim, change: Change): Promise<boolean>;
  /** Makes leases as long again. Gives those that were lost. */
  renew(claims: readonly Claim[], leaseMs: number): Promise<readonly Claim[]>;
  /** One entry; `undefined` when there is none with this id. */
  read(id: string): Promise<Entry | undefined>;
  /**
   * Changes an entry that nobody has marked since it was read, and takes it away from a worker that has it. `false`: it is
   * not as it was read any more (another version, or a mark), and nothing was changed.
   */
  change(entry: Entry, change: Change): Promise<boolean>;
  /** Entries in the order of their ids. */
  list(query: EntryQuery): Promise<readonly Entry[]>;
  /** How many entries there are, by state. */
  count(): Promise<StoreCounts>;
  /** The content in pieces. Each piece is read when it is asked for. Ends early when a piece is missing. */
  content(id: string): AsyncIterable<Uint8Array>;
  /** Removes entries with their content, oldest first, and content that never got an entry. Gives how many entries. */
  prune(request: PruneRequest): Promise<number>;
  /** When the next entry is due, leases included; `undefined` when none ever is. */
  nextDueAt(): Promise<number | undefined>;
  /** Calls the listener when there may be something to claim, whoever added it; gives the way to stop that. */
  watch(listener: () => void): () => void;
  /** Waits for the steps under way and lets go of everything. */
  close(): Promise<void>;
}
