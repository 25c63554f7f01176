// An outbox in one SQLite file, for as many processes of one machine as like.
import { concatBytes } from '../../../base/internal.ts';
import { contentPieces } from '../content-pieces.ts';
import type {
  Added,
  AddOptions,
  Change,
  Claim,
  ClaimRequest,
  Entry,
  EntryQuery,
  EntryState,
  NewContent,
  NewEntry,
  OutboxStore,
  PruneRequest,
  StoreCounts,
} from '../store.ts';
import type { Driver, SqlValue, Statement } from './driver.ts';
import type { FreeSpace } from './free-space.ts';
import { GroupCommit } from './group-commit.ts';
import { InsertBuffer, type NewRow } from './insert-buffer.ts';
import { isBusy, storeError } from './sqlite-error.ts';
import { StateCounts } from './state-counts.ts';
import {
  entryOf,
  listSql,
  PIECES_PER_CONTENT,
  prepareStatements,
  type Statements,
} from './statements.ts';
import { idBefore } from './time-of-id.ts';

// Up to this the content is written and read along with its message.
const SMALL_BYTES = 262_144;
const PIECE_BYTES = 262_144;
// How often a look into a log that is being recovered is repeated, and how soon.
const READ_TRIES = 200;
const READ_PAUSE_MS = 10;
// How often it is looked whether another process has written.
const LOOK_MS = 100;
// Content whose program has not been heard of for so long never gets its message.
const FORGOTTEN_MS = 3_600_000;

/** Where the store is, and what else it needs. */
export interface SqliteHome {
  readonly path: string;
  /** What tells that the disk is nearly full. */
  readonly space: FreeSpace;
  readonly now: () => number;
}

// A claim knows its row, so that it is found without a look into the index.
interface RowClaim extends Claim {
  readonly row: number;
}

/** Messages in an SQLite file. Every write is on disk when its promise resolves; those of one turn share a commit. */
export class SqliteStore implements OutboxStore {
  /** `'sqlite'`. */
  readonly name = 'sqlite';
  /** `false`. */
  readonly takesTransactions = false;
  readonly #driver: Driver;
  readonly #home: SqliteHome;
  readonly #sql: Statements;
  readonly #counts: StateCounts;
  readonly #inserts: InsertBuffer;
  readonly #commits: GroupCommit;
  readonly #lists = new Map<string, Statement>();
  readonly #listeners = new Set<() => void>();
  #looking: NodeJS.Timeout | undefined;
  #dataVersion = 0;
  #hasMessageIdIndex = false;

  constructor(driver: Driver, home: SqliteHome) {
    this.#driver = driver;
    this.#home = home;
    this.#sql = prepareStatements(driver);
    const counts = new StateCounts(driver);
    this.#counts = counts;
    const inserts = new InsertBuffer(driver);
    this.#inserts = inserts;
    this.#commits = new GroupCommit(driver, {
      before: () => {
        inserts.flush();
        counts.write();
      },
      rolledBack: () => {
        inserts.clear();
        counts.forget();
      },
    });
  }

  now(): number {
    return this.#home.now();
  }

  async add(entry: NewEntry, _options?: AddOptions): Promise<Added> {
    this.#home.space.check();
    const { chunks } = entry.content;
    const added = isSmall(chunks)
      ? await this.#write(() => this.#insertWhole(entry, concatBytes(chunks)), bytesOf(chunks))
      : await this.#addStream(entry);
    this.#tell();
    return added;
  }

  #insertWhole(entry: NewEntry, bytes: Uint8Array): Added {
    const earlier = this.#withKey(entry.key);
    if (earlier !== undefined) return { id: earlier, isNew: false };
    this.#inserts.addWhole(this.#rowOf(entry, 1), bytes);
    return { id: entry.id, isNew: true };
  }

  async #addStream(entry: NewEntry): Promise<Added> {
    const arrival = await this.#write(
      () => this.#sql.insertArrival.run(this.now()).lastInsertRowid,
    );
    try {
      let pieces = 0;
      for await (const bytes of contentPieces(entry.content, PIECE_BYTES)) {
        this.#home.space.check();
        const place = -arrival * PIECES_PER_CONTENT + pieces;
        await this.#write(() => {
          this.#sql.touchArrival.run(this.now(), arrival);
          this.#sql.insertPiece.run(place, bytes);
        }, bytes.length);
        pieces += 1;
      }
      return await this.#write(() => {
        const earlier = this.#withKey(entry.key);
        this.#sql.endArrival.run(arrival);
        if (earlier !== undefined) {
          this.#removeContent(-arrival);
          return { id: earlier, isNew: false };
        }
        this.#inserts.add(this.#rowOf(entry, pieces), -arrival);
        return { id: entry.id, isNew: true };
      });
    } catch (error) {
      // If that fails as well, it is found when the outbox is cleaned up.
      await this.#write(() => this.#removeArrival(arrival)).catch(() => undefined);
      throw error;
    }
  }

  #withKey(key: string | undefined): string | undefined {
    if (key === undefined) return undefined;
    this.#inserts.flush();
    const [row] = this.#sql.byKey.all(key);
    return row && String(row[0]);
  }

  #rowOf(entry: NewEntry, pieces: number): NewRow {
    const { id, key = null, messageId, priority, dueAt, createdAt } = entry;
    const record = entry.record();
    this.#counts.move(undefined, 'queued');
    return [id, key, messageId, priority, dueAt, createdAt, pieces, record];
  }

  async claim(request: ClaimRequest): Promise<readonly Claim[]> {
    return await this.#write(() => {
      this.#inserts.flush();
      const claims: RowClaim[] = [];
      for (const priority of this.#priorities()) {
        if (claims.length >= request.limit) break;
        this.#claimSome(request, priority, claims);
      }
      return claims;
    });
  }

  #claimSome(request: ClaimRequest, priority: number, claims: RowClaim[]): void {
    const { worker, limit, leaseMs, takesOver } = request;
    const now = this.now();
    const query = takesOver ? this.#sql.due : this.#sql.dueUnleased;
    const rows = query.all(priority, now, limit - claims.length);
    if (rows.length === 0) return;
    const seqs = rows.map(([seq]) => Number(seq));
    this.#sql.claim.run(worker, now, now + leaseMs, JSON.stringify(seqs));
    for (const row of rows) {
      const [seq, id, version, , record, state, lastWorker, lastClaimedAt, mark, bytes] = row;
      this.#counts.move(String(state) as EntryState, 'sending');
      claims.push({
        row: Number(seq),
        id: String(id),
        version: Number(version) + 1,
        priority,
        claimedAt: now,
        record: String(record),
        content: bytes instanceof Uint8Array ? bytes : undefined,
        interruption:
          state === 'sending'
            ? {
                worker: String(lastWorker),
                claimedAt: Number(lastClaimedAt),
                mark: typeof mark === 'string' ? mark : undefined,
              }
            : undefined,
      });
    }
  }

  // Highest first; there are few, and each is found by one step in the index.
  *#priorities(): Generator<number> {
    let priority = Number.MAX_SAFE_INTEGER;
    for (;;) {
      const [row] = this.#sql.nextPriority.all(priority);
      if (!row) return;
      priority = Number(row[0]);
      yield priority;
    }
  }

  async mark(claim: Claim, note: string): Promise<boolean> {
    const { row, id, version } = claim as RowClaim;
    return await this.#write(() => this.#sql.mark.run(note, row, id, version).changes === 1);
  }

  async settle(claim: Claim, change: Change): Promise<boolean> {
    const { row, id, version } = claim as RowClaim;
    const done = await this.#write(() => {
      const { changes } = this.#sql.settle.run(...valuesOf(change), row, id, version);
      if (changes === 1) this.#counts.move('sending', change.state);
      return changes === 1;
    });
    if (change.dueAt !== undefined) this.#tell();
    return done;
  }

  async renew(claims: readonly Claim[], leaseMs: number): Promise<readonly Claim[]> {
    return await this.#write(() => {
      const until = this.now() + leaseMs;
      return claims.filter((claim) => {
        const { row, id, version } = claim as RowClaim;
        return this.#sql.renew.run(until, row, id, version).changes !== 1;
      });
    });
  }

  async read(id: string): Promise<Entry | undefined> {
    const [row] = await this.#reading(() => this.#sql.read.all(id));
    return row && entryOf(row);
  }

  async change({ id, version, state, lease }: Entry, change: Change): Promise<boolean> {
    const mark = lease?.mark ?? null;
    const done = await this.#write(() => {
      const { changes } = this.#sql.change.run(...valuesOf(change), id, version, mark);
      if (changes === 1) this.#counts.move(state, change.state);
      return changes === 1;
    });
    if (change.dueAt !== undefined) this.#tell();
    return done;
  }

  async list({ states = [], key, messageId, after, limit }: EntryQuery): Promise<readonly Entry[]> {
    if (messageId !== undefined) await this.#indexMessageIds();
    const sql = listSql(states, key !== undefined, messageId !== undefined);
    const optional = [key, messageId].filter((value) => value !== undefined);
    return await this.#reading(() => {
      const statement = this.#lists.get(sql) ?? this.#driver.prepare(sql);
      this.#lists.set(sql, statement);
      return statement.all(after ?? '', ...states, ...optional, limit).map(entryOf);
    });
  }

  // An index that every message pays for and only bounces need is made when the first is looked up.
  async #indexMessageIds(): Promise<void> {
    if (this.#hasMessageIdIndex) return;
    await this.#write(() => {
      this.#driver.exec('CREATE INDEX IF NOT EXISTS message_message_id ON message (message_id)');
    });
    this.#hasMessageIdIndex = true;
  }

  async count(): Promise<StoreCounts> {
    return await this.#reading(() => {
      const byState = this.#counts.read();
      const first = this.#first(this.#sql.firstReady);
      const isDue = first !== undefined && first <= this.now();
      return { byState, oldestDueAt: isDue ? first : undefined };
    });
  }

  async nextDueAt(): Promise<number | undefined> {
    return await this.#reading(() => this.#first(this.#sql.firstDue));
  }

  #first(query: Statement): number | undefined {
    let first: number | undefined;
    for (const priority of this.#priorities()) {
      const [row] = query.all(priority);
      if (!row) continue;
      const dueAt = Number(row[0]);
      first = first === undefined ? dueAt : Math.min(first, dueAt);
    }
    return first;
  }

  async *content(id: string): AsyncGenerator<Uint8Array, void, undefined> {
    const [row] = await this.#reading(() => this.#sql.contentOf.all(id));
    if (!row) return;
    const first = Number(row[0]) * PIECES_PER_CONTENT;
    for (let piece = first; piece < first + Number(row[1]); piece += 1) {
      const [found] = await this.#reading(() => this.#sql.piece.all(piece));
      const bytes = found?.[0];
      if (!(bytes instanceof Uint8Array)) return;
      yield bytes;
    }
  }

  async prune({ states, settledBefore, limit }: PruneRequest): Promise<number> {
    return await this.#write(() => {
      for (const [id] of this.#sql.staleArrivals.all(this.now() - FORGOTTEN_MS)) {
        this.#removeArrival(Number(id));
      }
      let removed = 0;
      for (const state of states) {
        // Nothing is settled before it is there: later ids need not be looked at.
        const last = idBefore(settledBefore);
        for (const row of this.#sql.prunable.all(state, last, settledBefore, limit - removed)) {
          this.#sql.remove.run(Number(row[0]));
          this.#removeContent(Number(row[1]));
          this.#counts.move(state, undefined);
          removed += 1;
        }
      }
      return removed;
    });
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#looking ??= setInterval(() => this.#look(), LOOK_MS);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#looking);
      this.#looking = undefined;
    };
  }

  async close(): Promise<void> {
    clearInterval(this.#looking);
    this.#listeners.clear();
    await this.#commits.idle();
    try {
      // One file is left, not two.
      this.#driver.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
    } catch {
      // Others use it, or the disk fails: what is in the log is as safe there.
    }
    this.#driver.close();
  }

  // SQLite's number changes when another connection has committed.
  #look(): void {
    try {
      const version = Number(this.#sql.dataVersion.all()[0]?.[0]);
      if (version === this.#dataVersion) return;
      this.#dataVersion = version;
    } catch {
      // Whoever asks for work hears of it.
    }
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #removeArrival(arrival: number): void {
    this.#sql.endArrival.run(arrival);
    this.#removeContent(-arrival);
  }

  #removeContent(content: number): void {
    const first = content * PIECES_PER_CONTENT;
    this.#sql.removePieces.run(first, first + PIECES_PER_CONTENT);
  }

  async #write<T>(work: () => T, bytes = 0): Promise<T> {
    try {
      return await this.#commits.run(work, bytes);
    } catch (error) {
      throw storeError(error, this.#home.path);
    }
  }

  // After a crash the first to come recovers the log, and others have to wait for that.
  async #reading<T>(work: () => T): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return work();
      } catch (error) {
        if (!isBusy(error) || tries >= READ_TRIES) throw storeError(error, this.#home.path);
      }
      await new Promise((resolve) => setTimeout(resolve, READ_PAUSE_MS));
    }
  }
}

function isSmall(chunks: NewContent['chunks']): chunks is readonly Uint8Array[] {
  return !(Symbol.asyncIterator in chunks) && bytesOf(chunks) <= SMALL_BYTES;
}

function bytesOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

function valuesOf({ state, dueAt, settledAt, record }: Change): SqlValue[] {
  return [state, dueAt ?? null, settledAt ?? null, record ?? null];
}
